"""What `adopt` tells beside the diff: whose boxes are, what was left out and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from ..adoption.customers import OwnedBoxes
from ..adoption.found import LeftOutBox
from ..adoption.grouping import Adoption, AdoptionPlan, AdoptionWay
from ..printable import printable
from ..report import words
from .usage import say

_MOST_NAMED: Final = 6
_WAYS: Final[Mapping[AdoptionWay, str]] = MappingProxyType(
    {
        AdoptionWay.SETTLED: "{customer}: {boxes}, with the database that is declared",
        AdoptionWay.FIRST: "{customer}: {boxes}, database {host}",
        AdoptionWay.JOINING: "{customer}: {boxes} added, which have its database UUID and contract",
        AdoptionWay.NEW: "new customer {customer}: {boxes}, database {host}",
    }
)


def tell(
    shown: AdoptionPlan, plan: AdoptionPlan, known: OwnedBoxes, left: Sequence[LeftOutBox], kept: Sequence[str]
) -> None:
    """Say what becomes of boxes.

    Args:
        shown: with names that are proposed only.
        plan: with names that a person gave.
        known: whose boxes are in the inventory.
        left: of which nothing is taken.
        kept: what was declared otherwise.
    """
    named = {each.customer for each in plan.adoptions}
    for each in shown.adoptions:
        proposed = "" if each.customer in named else f" (a proposal: {_option(each.customer, each.boxes[0].name)})"
        say(f"{_line(each)}{_unseen(each, known)}{proposed}")
    for database in plan.unnamed if shown is plan else ():
        where = f"{printable(database.database.host)}: {listed(box.name for box in database.boxes)}"
        say(f"unknown database {where}: {_option(database.proposal, database.boxes[0].name)}")
    for box in left:
        say(f"{printable(box.name)}: left out: {printable(box.why)}")
    for line in kept:
        say(f"kept as declared: {printable(line)}")


def listed(names: Iterable[str]) -> str:
    """Name a few boxes, and say how many more there are."""
    known = list(map(printable, names))
    more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
    return f"{', '.join(known[:_MOST_NAMED])}{more}"


def _line(adoption: Adoption) -> str:
    boxes = f"{words.boxes(len(adoption.boxes))} ({listed(each.name for each in adoption.boxes)})"
    host = printable(adoption.database.host)
    return _WAYS[adoption.way].format(customer=printable(adoption.customer), boxes=boxes, host=host)


def _unseen(adoption: Adoption, known: OwnedBoxes) -> str:
    """Say which boxes get a database that they were not asked about."""
    if adoption.way is not AdoptionWay.FIRST:
        return ""
    seen = {each.name for each in adoption.boxes}
    others = [each for each in known.customers[adoption.customer].boxes if each not in seen]
    return f"; becomes that of {listed(others)}, too" if others else ""


def _option(name: str, box: str) -> str:
    return f"--new-customer {name}={box} names its customer"
