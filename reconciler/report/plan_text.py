"""What is about to be done to which boxes, store by store: the question before a change, so tills come first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..printable import printable
from ..results.fleet import BoxReport
from ..results.result import Repair
from . import words
from .printing import print_hanging
from .stores import by_store

if TYPE_CHECKING:
    from rich.console import Console

_INDENT = 2


def print_plan(console: Console, boxes: Sequence[BoxReport]) -> None:
    """Print for each store how many boxes will have what done, and their names; then how many restarts in all."""
    from rich.text import Text

    to_change = [box for box in boxes if _plan(box)]
    for (customer, store), group in by_store(to_change):
        heading = f"{words.place(customer, store)}: {words.boxes(len(group))} to change; {_restarts(group)}"
        print_hanging(console, Text(heading, style="bold"), following=_INDENT)
        for what, names in _by_work(group):
            line = Text(f"{words.boxes(len(names))}: {what}")
            print_hanging(console, line, first=_INDENT, following=2 * _INDENT)
            listed = Text(", ".join(map(printable, names)))
            print_hanging(console, listed, first=2 * _INDENT, following=2 * _INDENT)
    stores = len({(box.customer, box.store) for box in to_change})
    total = f"{words.boxes(len(to_change))} in {words.counted(stores, 'store')} in total; {_restarts(to_change)}."
    print_hanging(console, Text(total, style="bold"), following=_INDENT)


def _plan(box: BoxReport) -> tuple[Repair, ...]:
    return box.result.plan if box.result else ()


def _by_work(boxes: Sequence[BoxReport]) -> list[tuple[str, list[str]]]:
    """Return the boxes that have the same work together, the most common work first."""
    names: dict[str, list[str]] = {}
    for box in boxes:
        names.setdefault(", ".join(repair.in_a_question for repair in _plan(box)), []).append(box.name)
    return sorted(names.items(), key=lambda item: -len(item[1]))


def _restarts(boxes: Sequence[BoxReport]) -> str:
    """Say on how many boxes Odoo restarts, and what this means for the shop."""
    restarts = [repair for box in boxes for repair in _plan(box) if repair.entry.restarts_odoo]
    perhaps = sum(repair.condition is not None for repair in restarts)
    sure = len(restarts) - perhaps
    if not restarts:
        return "no restart of Odoo"
    numbers = f"{sure} to {sure + perhaps}" if perhaps else f"{sure}"
    return f"Odoo restarts on {numbers} of them (tills offline for a few seconds)"
