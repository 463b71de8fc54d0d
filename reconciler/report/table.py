"""Boxes as a table, one line each, below the name of the store in which somebody would have to look for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..printable import printable
from ..results.fleet import BoxReport, BoxState
from . import facts, words
from .printing import print_hanging, print_line, wrapped
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
_GAP = 2
_LONGEST_NAME = 32
_LEAST_FOR_WORDS = 20
_SOON, _URGENT = 10, 5
"""Days before the end of a certificate: a box renews itself at 10; at 5 something is wrong with it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `cell`: the text of a box; `style`: its colour; `rank`: the highest goes first if room is scarce."""

    title: str
    cell: Callable[[BoxReport], str]
    style: Callable[[BoxReport], str] = lambda _: ""
    rank: int = 0


def print_tables(console: Console, boxes: Sequence[BoxReport]) -> None:
    """Print one table for each store, all with the same columns."""
    from rich.text import Text

    columns, widths = fitting(_COLUMNS, boxes, console.width)
    for number, ((customer, store), group) in enumerate(by_store(boxes)):
        console.print()
        print_hanging(console, heading(customer, store, group), following=_GAP)
        if number == 0:
            _print_row(console, [Text(each.title, style="dim") for each in columns], widths)
        for box in group:
            _print_row(console, [*_cells(columns, box)], widths)


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


def fitting(columns: Sequence[Column], boxes: Sequence[BoxReport], width: int) -> tuple[list[Column], list[int]]:
    """Return the columns for which there is room, and their widths; the last one takes what is left.

    Args:
        width: of the terminal, in cells.
    """
    from rich.cells import cell_len

    def natural(column: Column) -> int:
        return max(cell_len(text) for text in (column.title, *map(column.cell, boxes)))

    *fixed, last = columns
    name = fixed[0]
    wide = {id(column): natural(column) for column in fixed}
    wide[id(name)] = min(wide[id(name)], _LONGEST_NAME, width // 3)
    while len(fixed) > 1 and width - sum(wide[id(each)] + _GAP for each in fixed) < min(_LEAST_FOR_WORDS, width // 3):
        fixed.remove(max(fixed, key=lambda each: each.rank))
    left = width - sum(wide[id(each)] + _GAP for each in fixed)
    return [*fixed, last], [*(wide[id(each)] for each in fixed), max(left, 8)]


def _urgency(box: BoxReport) -> str:
    leaf, left = facts.certificate(box), facts.days_left(box)
    if facts.pair_problem(box) is not None or (leaf is not None and leaf.temporary):
        return "red"
    if left is None:
        return ""
    return "red" if left < _URGENT else "yellow" if left < _SOON else ""


_COLUMNS: Final = (
    Column("box", lambda box: printable(box.name)),
    Column("state", lambda box: words.state(box.state), lambda box: STYLES[box.state]),
    Column("address", lambda box: facts.address(box) or words.UNKNOWN, rank=2),
    Column("certificate", words.certificate, _urgency, rank=1),
    Column("image/branch", words.software, rank=3),
    Column("what", words.happened),
)


def _print_row(console: Console, cells: Sequence[Text], widths: Sequence[int]) -> None:
    """Print a row; a name that is too long for its column stands above the rest, whole.

    What follows the first column never is too long, but the last one, which goes on below itself.
    """
    from rich.text import Text

    name, *others, last = cells
    if name.cell_len > widths[0]:
        print_line(console, name)
        name = Text()
    row = Text()
    for cell, width in zip((name, *others), widths, strict=False):
        row.append_text(cell)
        row.append(" " * (width + _GAP - cell.cell_len))
    for line in wrapped(last, widths[-1]):
        row.append_text(line)
        print_line(console, row)
        row = Text(" " * (sum(widths[:-1]) + _GAP * len(others) + _GAP))


def _cells(columns: Sequence[Column], box: BoxReport) -> Iterator[Text]:
    from rich.text import Text

    for column in columns:
        yield Text(column.cell(box), style=column.style(box))
