"""Rows of a list, each with the line at which it begins; separated by what separates its header."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .flaw import ListFlaw

_DELIMITERS: Final = (",", ";", "\t")
_SEPARATOR: Final = "sep="
"""How a spreadsheet begins a file that says what separates its cells."""
MOST_ROWS: Final = 50_000


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row. `line` is where it begins."""

    line: int
    cells: tuple[str, ...]


def rows_of(text: str) -> tuple[list[ListRow], list[ListFlaw]]:
    """Return all rows that hold something, the header first, and what cannot be read as a row."""
    rows: list[ListRow] = []
    try:
        for row in _read(text):
            if any(cell.strip() for cell in row.cells):
                rows.append(row)
            if len(rows) > MOST_ROWS:
                return rows, [ListFlaw(row.line, f"has more than {MOST_ROWS} rows: import it in parts")]
    except _Unreadable as unreadable:
        return rows, [unreadable.flaw]
    return rows, []


class _Unreadable(Exception):
    def __init__(self, flaw: ListFlaw) -> None:
        super().__init__(flaw.text)
        self.flaw = flaw


def _read(text: str) -> Iterator[ListRow]:
    delimiter, skipped = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for _ in range(skipped):
        next(reader, None)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _Unreadable(_told(line, error)) from None
        yield ListRow(line, tuple(cells))


def _told(line: int, error: csv.Error) -> ListFlaw:
    message = str(error)
    if "unexpected end" in message:
        return ListFlaw(line, "a quote is opened in this row and never closed: close it, or write it twice")
    if "field larger" in message:
        return ListFlaw(line, "a cell is far too long: is a quote never closed before it?")
    return ListFlaw(line, "something stands behind a closing quote: write a quote within a cell twice")


def _delimiter(text: str) -> tuple[str, int]:
    """Return what separates cells, and how many lines stand before the header."""
    first = text.split("\n", 1)[0].rstrip("\r")
    if first[: len(_SEPARATOR)].lower() == _SEPARATOR and first[len(_SEPARATOR) :] in _DELIMITERS:
        return first[len(_SEPARATOR) :], 1
    header = next((line for line in text.splitlines() if line.strip()), "")
    outside = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=outside.count), 0
