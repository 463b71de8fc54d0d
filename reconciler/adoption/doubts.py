"""Boxes that contradict the inventory or each other: which of them are believed, for a person to confirm.

One box with an old contract, or one that lies, must not keep its whole shop from being adopted, and must not become
what the shop should be either. Of boxes that contradict each other more than half are believed, or those that a person
names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from ..model.digests import plain_serial
from .found import FoundBox, LeftOutBox

_MOST_NAMED: Final = 4
_Database = tuple[tuple[str, str], str]
"""What boxes of one database have in common: its marks, and its address."""


def strangers(boxes: Sequence[FoundBox], serials: Mapping[str, str]) -> Iterator[LeftOutBox]:
    """Yield the boxes that are another one by their serial number, or are two entries of one box.

    Args:
        serials: box by serial number, as the inventory has them.
    """
    holders: dict[str, list[str]] = {}
    for each in boxes:
        if each.serial is not None:
            holders.setdefault(plain_serial(each.serial), []).append(each.name)
    for each in boxes:
        serial = plain_serial(each.serial) if each.serial is not None else ""
        others = [name for name in holders.get(serial, ()) if name != each.name]
        owner = serials.get(serial)
        if owner is not None and owner != each.name:
            yield LeftOutBox(each.name, f"it shows the serial number of {owner}: correct the address of one of them")
        elif others:
            yield LeftOutBox(each.name, f"it shows the same serial number as {listed(others)}: one box has two entries")


def led(boxes: Sequence[FoundBox], left: list[LeftOutBox], named: Collection[str] = ()) -> list[tuple[FoundBox, ...]]:
    """Return the boxes of each database, without those that say otherwise than most of its boxes.

    Args:
        left: takes what is left out.
        named: boxes of which a person has said that they are right.
    """
    groups: dict[_Database, list[FoundBox]] = {}
    for each in boxes:
        groups.setdefault((each.database.marks, each.database.server), []).append(each)
    sharing: dict[tuple[int, str], list[_Database]] = {}
    for key in groups:
        for place, mark in enumerate(key[0]):
            sharing.setdefault((place, mark), []).append(key)
    rivals = {
        key: [each for each in dict.fromkeys(sharing[0, key[0][0]] + sharing[1, key[0][1]]) if each != key]
        for key in groups
    }
    meant = {key for key, its in groups.items() if any(each.name in named for each in its)}
    believed = {key for key in groups if _is_believed(key, groups, rivals[key], meant)}
    for key in (each for each in groups if each not in believed):
        others = [each for each in rivals[key] if each in believed] or rivals[key]
        left += _left_out(
            groups[key], [box for each in others for box in groups[each]], is_open=believed.isdisjoint(others)
        )
    return [tuple(its) for key, its in groups.items() if key in believed]


def listed(names: Iterable[str]) -> str:
    """Name a few, and say how many more there are."""
    known = list(names)
    more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
    return f"{', '.join(known[:_MOST_NAMED])}{more}"


def _is_believed(
    key: _Database,
    groups: Mapping[_Database, Sequence[FoundBox]],
    rivals: Sequence[_Database],
    meant: Collection[_Database],
) -> bool:
    """Tell whether boxes are right against those that contradict them."""
    if any(each in meant for each in rivals):
        return False
    return key in meant or not rivals or len(groups[key]) > sum(len(groups[each]) for each in rivals)


def _left_out(boxes: Sequence[FoundBox], others: Sequence[FoundBox], *, is_open: bool) -> Iterator[LeftOutBox]:
    way = ": --new-customer NAME=BOX says which of them is right" if is_open else ""
    for box in boxes:
        yield LeftOutBox(
            box.name, f"it has {_difference(box, others)} than {listed(each.name for each in others)}{way}"
        )


def _difference(box: FoundBox, others: Sequence[FoundBox]) -> str:
    mine, theirs = box.database, others[0].database
    if mine.marks == theirs.marks:
        return f"another address of the same database ({mine.host})"
    if mine.uuid_mark == theirs.uuid_mark:
        return "the same database UUID and another enterprise code"
    if mine.contract_mark == theirs.contract_mark:
        return "the same enterprise code and another database UUID"
    return "another database UUID and enterprise code"
