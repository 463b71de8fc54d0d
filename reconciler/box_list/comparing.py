"""Boxes of a list compared with each other: what has to be one of a kind, and names that people confuse."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Final

from ..inventory.lookalikes import looks
from ..model.names import group_name, shown
from .boxes import ListedBox
from .flaw import ListFlaw

_KINDS: Final[Sequence[tuple[str, Callable[[ListedBox], Hashable | None], Callable[[ListedBox], str]]]] = (
    ("name", lambda each: each.name.casefold(), lambda each: each.name),
    ("serial", lambda each: each.serial, lambda each: each.serial or ""),
    ("address", lambda each: (each.address, each.port), lambda each: each.address),
)
"""What a box has for itself, how it is compared, and how it is told."""


def compared(boxes: Sequence[ListedBox]) -> Iterator[ListFlaw]:
    """Yield what two boxes of a list must not both have."""
    for noun, key, value in _KINDS:
        first: dict[Hashable, ListedBox] = {}
        for each in boxes:
            if (mine := key(each)) is None:
                continue
            other = first.setdefault(mine, each)
            if other is not each:
                yield ListFlaw(each.line, f"{noun} {shown(value(each))} is that of line {other.line}, too: correct one")
    yield from confused([(each.line, each.customer, each.store) for each in boxes])


def confused(places: Iterable[tuple[int | None, str, str | None]]) -> Iterator[ListFlaw]:
    """Yield customers, and stores of one, that are written in two ways, or come to one group.

    Args:
        places: line, customer and store; without a line they stand in the inventory already.
    """
    known = sorted(places, key=lambda each: each[0] or 0)
    first: dict[tuple[str, str, str], tuple[int | None, str]] = {}
    told: set[tuple[str, str]] = set()
    for line, customer, store in known:
        names = [("customer", "", customer), *([("store", customer, store)] if store is not None else [])]
        for noun, whose, name in names:
            for key in ((noun, whose, looks(name)), (noun, whose, group_name(noun, name).casefold())):
                before, other = first.setdefault(key, (line, name))
                if other != name and line is not None and (noun, name) not in told:
                    told.add((noun, name))
                    where = "of the inventory" if before is None else f"of line {before}"
                    text = f"{noun} {shown(name)} and {shown(other)} {where} look alike or come to one group"
                    yield ListFlaw(line, f"{text}: write them the same way, or rename one")
