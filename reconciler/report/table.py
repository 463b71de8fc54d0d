"""Boxes as a table, one line each, below the name of the store in which somebody would have to look for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ..printable import printable
from ..results.fleet import BoxReport, BoxState
from . import facts, words
from .columns import GAP, Column, fitting, print_row, print_titles
from .printing import print_hanging
from .stores import by_store

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

STYLES: Final = {
    BoxState.IN_SYNC: "green",
    BoxState.IN_SYNC_AS_SEEN: "green",
    BoxState.DIFFERS: "yellow",
    BoxState.CHANGED: "cyan",
    BoxState.FAILED: "bold red",
    BoxState.UNSUPPORTED: "bold red",
    BoxState.UNREACHABLE: "magenta",
    BoxState.DEFERRED: "bold magenta",
    BoxState.INVALID: "red",
    BoxState.NOT_ATTEMPTED: "dim",
    BoxState.BUSY: "blue",
    BoxState.NOT_MANAGED: "dim",
}
_SOON, _URGENT = 10, 5
"""Days before the end of a certificate: a box renews itself at 10; at 5 something is wrong with it."""


def print_tables(console: Console, boxes: Sequence[BoxReport]) -> None:
    """Print one table for each store, all with the same columns."""
    columns, widths = fitting(_COLUMNS, boxes, console.width)
    for number, ((customer, store), group) in enumerate(by_store(boxes)):
        console.print()
        print_hanging(console, heading(customer, store, group), following=GAP)
        if number == 0:
            print_titles(console, columns, widths)
        for box in group:
            print_row(console, columns, box, widths)


def heading(customer: str | None, store: str | None, boxes: Sequence[BoxReport]) -> Text:
    """Return the name of a store and how its boxes are."""
    from rich.text import Text

    text = Text(words.place(customer, store), style="bold")
    text.append("  ")
    text.append_text(states(boxes))
    return text


def states(boxes: Sequence[BoxReport]) -> Text:
    """Return how many boxes are in which state."""
    from rich.text import Text

    parts = (Text(how_many, STYLES[state]) for state, how_many in words.summary(boxes))
    return Text(", ", style="not bold").join(parts)


def _urgency(box: BoxReport) -> str:
    leaf, left = facts.certificate(box), facts.days_left(box)
    if facts.pair_problem(box) is not None or (leaf is not None and leaf.temporary):
        return "red"
    if left is None:
        return ""
    return "red" if left < _URGENT else "yellow" if left < _SOON else ""


_COLUMNS: Final[tuple[Column[BoxReport], ...]] = (
    Column("box", lambda box: printable(box.name)),
    Column("state", lambda box: words.state(box.state), lambda box: STYLES[box.state]),
    Column("address", lambda box: facts.address(box) or words.UNKNOWN, rank=2),
    Column("certificate", words.certificate, _urgency, rank=1),
    Column("image/branch", words.software, rank=3),
    Column("what", words.happened),
)
