"""Write docs/repairs.md from the catalogue of repairs, so that what a run may do to a box is said once.

`generate_repair_page.py` writes the page, `generate_repair_page.py --check` only says whether it is up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from reconciler.codes.repairs import REPAIRS  # noqa: E402 - found above
from reconciler.model.repair import RepairKind  # noqa: E402

PAGE = ROOT / "docs/repairs.md"
HEAD = """\
# Repairs

Every way in which `iot-https reconcile` and the role may change a box, in the order in which they are done. A run does
those that the findings ask for and no others. `tools/generate_repair_page.py` writes this page from the catalogue.

Odoo is *held*, by a signal and for a moment, while files are exchanged that it writes, too. What needs space is not
tried while the disk is full (`IOT_HTTPS_DISK_FULL`). [How a box is mended](box.md#the-order-of-a-repair) tells more.
"""


def page() -> str:
    """Return the text of the page."""
    return HEAD + "\n" + "\n".join(_rows()) + "\n"


def _rows() -> Iterator[str]:
    yield "| | `kind` in [JSON](json.md) | what it does | holds Odoo | needs space | restarts Odoo | tills notice |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for place, kind in enumerate(RepairKind, 1):
        entry = REPAIRS[kind]
        answers = map(_yes, (entry.holds_odoo, entry.needs_space, entry.restarts_odoo))
        yield f"| {place} | `{kind.value}` | {entry.does} | {' | '.join(answers)} | {entry.tills} |"


def _yes(answer: bool) -> str:  # noqa: FBT001 - one of a table
    return "yes" if answer else "no"


def main(arguments: list[str]) -> int:
    """Write the page, or compare it."""
    if arguments == ["--check"]:
        outdated = not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page()
        if outdated:
            print(f"docs/{PAGE.name} is out of date: run {Path(__file__).name}", file=sys.stderr)
        return int(outdated)
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
