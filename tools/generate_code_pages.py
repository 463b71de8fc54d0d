"""Write docs/codes, a page for each finding code, from the catalogue, so that a code is explained once.

`generate_code_pages.py` writes the pages, `generate_code_pages.py --check` only says whether they are up to date.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from reconciler.codes import CATALOGUE, Code  # noqa: E402 - found above
from reconciler.model.step_name import StepName  # noqa: E402
from reconciler.report import code_page  # noqa: E402
from reconciler.report.code_page import Section  # noqa: E402

FOLDER = ROOT / "docs/codes"
WIDTH = 120


def pages() -> dict[str, str]:
    """Return the text of every page by its file name."""
    return {"README.md": _index(), **{f"{code.name}.md": _page(code) for code in CATALOGUE.values()}}


def _page(code: Code) -> str:
    head = [f"# {code.name}", f"{code.title}.", "\n".join(_facts(code))]
    return "\n\n".join([*head, *(each for part in code_page.parts(code) for each in _part(part, "##"))]) + "\n"


def _facts(code: Code) -> Iterator[str]:
    old, new = code_page.vendor_pages(code).values()
    yield "| | |"
    yield "| --- | --- |"
    yield f"| severity | {code.severity.value} |"
    yield f"| who has to act | `{code.finding_class.value}`, where the report does not know better |"
    yield f"| step of [`diagnose`](../diagnose.md) | `{code.step.value}` |"
    yield f"| code | {code_page.whose(code)} |"
    yield f"| Odoo's documentation | [up to 18.0]({old}), [19.0 and later]({new}) |"


def _part(part: Section, level: str) -> Iterator[str]:
    yield f"{level} {part.title}"
    yield from map(_wrapped, part.texts)
    for where, line in part.recipes:
        yield f"{where}:"
        yield f"```\n{line}\n```"
    if part.rows:
        head, *rows = part.rows
        yield "\n".join(map(_row, (head, ("---",) * len(head), *rows)))
    for each in part.parts:
        yield from _part(each, f"{level}#")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _index() -> str:
    lines = [
        "# Codes",
        "",
        "Every code that a report may name, by the step of [`iot-https diagnose`](../diagnose.md) that it breaks,",
        "in the order in which they are to be mended. `iot-https explain CODE` prints such a page. They are written by",
        "`tools/generate_code_pages.py` from the catalogue.",
    ]
    for step in StepName:
        lines += ["", f"## {step.value}", "", "| code | what it is | who mends it |", "| --- | --- | --- |"]
        for code in CATALOGUE.values():
            if code.step is step:
                who = "reconcile" if code.repairable else "a person"
                lines.append(f"| [`{code.name}`]({code.name}.md) | {code.title} | {who} |")
    return "\n".join(lines) + "\n"


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, WIDTH, break_on_hyphens=False, break_long_words=False))


def outdated() -> list[str]:
    """Return the names of pages that are missing, otherwise than they should be, or of no code any more."""
    wanted = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them."""
    if arguments == ["--check"]:
        for name in outdated():
            print(f"docs/codes/{name} is out of date: run {Path(__file__).name}", file=sys.stderr)
        return int(bool(outdated()))
    FOLDER.mkdir(exist_ok=True)
    for name in set(outdated()) - pages().keys():
        (FOLDER / name).unlink()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
