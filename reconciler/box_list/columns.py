"""The columns of a list: which they are, by which names, and what is said of all others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..model.names import shown
from ..model.near import nearest, question
from .flaw import ListFlaw
from .table import ListRow

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "customer": ("client",),
    "store": ("site", "shop"),
    "name": ("box", "host", "hostname"),
    "address": ("ip", "ip_address", "ansible_host"),
    "serial": ("serial_number",),
    "connection": (),
    "port": (),
}
"""Each column, and by what else it may be called."""
NEEDED: Final = ("customer", "name", "address")
_OF_OTHERS: Final = ("ansible_", "iot_https_")
_CLOSE: Final = 0.75


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a list.

    Args:
        places: which cell of a row each has, those left out that are not there.
        ignored: what the columns are called that are of no use.
        width: how many columns there are.
    """

    places: Mapping[str, int]
    ignored: tuple[str, ...]
    width: int


def header_of(row: ListRow) -> tuple[Header, list[ListFlaw]]:
    """Return the columns that a header names, and what is wrong with it."""
    known = {each: column for column, others in COLUMNS.items() for each in (column, *others)}
    places: dict[str, int] = {}
    ignored: list[str] = []
    flaws: list[ListFlaw] = []
    for at, cell in enumerate(row.cells):
        written = _plain(cell)
        column = known.get(written)
        if column is None:
            flaws += _refused(row.line, written)
            ignored += [shown(cell.strip())] if written else []
        elif column in places:
            flaws.append(ListFlaw(row.line, f"the column {column} is there twice: remove one, or rename it"))
        else:
            places[column] = at
    lacking = [each for each in NEEDED if each not in places]
    if lacking:
        there = ", ".join(shown(cell.strip()) for cell in row.cells if cell.strip())
        which = f"column {lacking[0]} is" if len(lacking) == 1 else f"columns {' and '.join(lacking)} are"
        flaws.append(ListFlaw(row.line, f"the {which} missing, there are: {there}"))
    return Header(places, tuple(ignored), len(row.cells)), flaws


def _plain(cell: str) -> str:
    return re.sub(r"[\s_-]+", "_", cell.strip().casefold()).strip("_")


def _refused(line: int, written: str) -> list[ListFlaw]:
    """Refuse a column that is meant to be one of these, and one that would set variables."""
    if written.startswith(_OF_OTHERS):
        what = f"the column {shown(written)} would set a variable, which no list does"
        return [ListFlaw(line, f"{what}: remove it, and set it in the inventory")]
    near = nearest(written, COLUMNS, cutoff=_CLOSE)
    return [ListFlaw(line, f"the column {shown(written)} is not known: {question(near)}")] if near else []
