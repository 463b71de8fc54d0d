"""Write docs/codes, a page for each finding code, from the catalogue, so that a code is explained once.

`generate_code_pages.py` writes the pages, `generate_code_pages.py --check` only says whether they are up to date.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from reconciler.codes import CATALOGUE, Code, CodeName  # noqa: E402 - found above
from reconciler.codes.entry import VariantEntry  # noqa: E402
from reconciler.codes.phrases.resolver_writers import WRITERS  # noqa: E402
from reconciler.codes.writing.sentences import generic  # noqa: E402
from reconciler.codes.writing.words import RESOLVER_OWNER  # noqa: E402
from reconciler.diagnosis.product_page import page_of  # noqa: E402
from reconciler.model.step_name import StepName  # noqa: E402

FOLDER = ROOT / "docs/codes"
WIDTH = 120


def pages() -> dict[str, str]:
    """Return the text of every page by its file name."""
    return {"README.md": _index(), **{f"{code.name}.md": _page(code) for code in CATALOGUE.values()}}


def by_software(code: Code) -> str:
    """Return what the program does."""
    if not code.repairable:
        return "It changes nothing here: it finds the cause and explains it."
    return f"`iot-https reconcile` mends it, unless the report calls it blocked. {code.software}"


def _page(code: Code) -> str:
    parts = [
        f"# {code.name}",
        f"{code.title}.",
        "\n".join(_facts(code)),
        "## Cause",
        _wrapped(code.cause),
        "## Evidence",
        _wrapped(f"The report shows {code.shows}."),
        "## What iot-https does",
        _wrapped(by_software(code)),
        "## What a person does",
        _wrapped(generic(code.remedy) or "Nothing, unless the repair fails."),
        *((_wrapped(f"In a play: {generic(code.in_a_play)}"),) if code.in_a_play else ()),
        *_recipes(code),
        *_writers(code),
        *_variants(code),
    ]
    return "\n\n".join(parts) + "\n"


def _facts(code: Code) -> Iterator[str]:
    yield "| | |"
    yield "| --- | --- |"
    yield f"| severity | {code.severity.value} |"
    yield f"| who has to act | `{code.finding_class.value}`, where the report does not know better |"
    yield f"| step of [`diagnose`](../diagnose.md) | `{code.step.value}` |"
    whose = "one of the six on Odoo's page" if code.anchor else "ours; not to be quoted to Odoo"
    yield f"| code | {whose} |"
    old, new = (page_of(code.step, code.name, version) for version in ("18.0", "19.0"))
    yield f"| Odoo's documentation | [up to 18.0]({old}), [19.0 and later]({new}) |"


def _recipes(code: Code) -> Iterator[str]:
    for where, line in code.recipes:
        yield f"{where}:"
        yield f"```\n{line}\n```"


def _writers(code: Code) -> Iterator[str]:
    """List who else may write the box's DNS servers, where each is told them, and how it is recognised."""
    if code.name is not CodeName.RESOLVER_OWNER_UNSUPPORTED:
        return
    yield "## Who writes the file"
    rows = ["| program | recognised by | where it is told the DNS servers |", "| --- | --- | --- |"]
    for each in WRITERS:
        signs = [f"`{mark}` in a comment" for mark in each.marks]
        signs += [f"a link to `{start}`" for start in each.links] + [f"`{path}`" for path in each.left]
        signs += [f"root's process `{name}`" for name in each.runs]
        rows.append(
            f"| {RESOLVER_OWNER[each.owner]} | {', '.join(signs) or 'any other such comment'} | {each.remedy} |"
        )
    yield "\n".join(rows)


def _variants(code: Code) -> Iterator[str]:
    """Yield what a report says instead where more is known than the code alone says."""
    told = {known.when or _named(variant): known for variant, known in code.variants.items() if _tells(known)}
    if told:
        yield "## Where more is known"
    for when, known in told.items():
        yield f"### {when}"
        texts = (known.title and f"{known.title}.", known.cause, known.software, known.remedy and generic(known.remedy))
        yield _wrapped(" ".join(text for text in texts if text))


def _tells(known: VariantEntry) -> bool:
    return bool(known.when or known.remedy)


def _named(variant: str) -> str:
    return variant.replace("_", " ").capitalize()


def _index() -> str:
    lines = [
        "# Codes",
        "",
        "Every code that a report may name, by the step of [`iot-https diagnose`](../diagnose.md) that it breaks,",
        "in the order in which they are to be mended. The pages are written by `tools/generate_code_pages.py` from the",
        "catalogue.",
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
