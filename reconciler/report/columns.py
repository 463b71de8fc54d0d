"""A table for a person: the columns for which there is room, one line for each row, the last column going on below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from .printing import print_line, wrapped

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Row = TypeVar("Row")
GAP: Final = 2
_LONGEST_NAME: Final = 32
_LEAST_FOR_WORDS: Final = 20


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column. `cell`: the text of a row; `style`: its colour; `rank`: the highest goes first if room is scarce."""

    title: str
    cell: Callable[[Row], str]
    style: Callable[[Row], str] = lambda _: ""
    rank: int = 0


def fitting(columns: Sequence[Column[Row]], rows: Sequence[Row], width: int) -> tuple[list[Column[Row]], list[int]]:
    """Return the columns for which there is room, and their widths; the last one takes what is left.

    Args:
        width: of the terminal, in cells.
    """
    from rich.cells import cell_len

    def natural(column: Column[Row]) -> int:
        return max(cell_len(text) for text in (column.title, *map(column.cell, rows)))

    *fixed, last = columns
    name = fixed[0]
    wide = {id(column): natural(column) for column in fixed}
    wide[id(name)] = min(wide[id(name)], _LONGEST_NAME, width // 3)
    while len(fixed) > 1 and width - sum(wide[id(each)] + GAP for each in fixed) < min(_LEAST_FOR_WORDS, width // 3):
        fixed.remove(max(fixed, key=lambda each: each.rank))
    left = width - sum(wide[id(each)] + GAP for each in fixed)
    return [*fixed, last], [*(wide[id(each)] for each in fixed), max(left, 8)]


def print_titles(console: Console, columns: Sequence[Column[Row]], widths: Sequence[int]) -> None:
    """Print the titles of the columns."""
    from rich.text import Text

    _print_cells(console, [Text(each.title, style="dim") for each in columns], widths)


def print_row(console: Console, columns: Sequence[Column[Row]], row: Row, widths: Sequence[int]) -> None:
    """Print one row."""
    from rich.text import Text

    _print_cells(console, [Text(each.cell(row), style=each.style(row)) for each in columns], widths)


def _print_cells(console: Console, cells: Sequence[Text], widths: Sequence[int]) -> None:
    """Print cells; a name that is too long for its column stands above the rest, whole.

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
        row.append(" " * (width + GAP - cell.cell_len))
    for line in wrapped(last, widths[-1]):
        row.append_text(line)
        print_line(console, row)
        row = Text(" " * (sum(widths[:-1]) + GAP * len(others) + GAP))
