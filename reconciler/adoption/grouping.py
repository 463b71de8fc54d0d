"""Which boxes are whose: a pure decision from what they have, what is declared, and what a person has named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .customers import KnownCustomer, OwnedBoxes
from .doubts import led, listed, strangers
from .found import BoxDatabase, FoundBox, LeftOutBox
from .naming import customer_group, proposal


class AdoptionWay(StrEnum):
    """How boxes come to a customer.

    `settled`: they are the customer's, and have what is declared. `first`: they are the customer's, for whom nothing is
    declared yet. `joining`: a person named the customer. `new`: so is the customer.
    """

    SETTLED = "settled"
    FIRST = "first"
    JOINING = "joining"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Adoption:
    """Boxes of one customer that have one database."""

    customer: str
    way: AdoptionWay
    database: BoxDatabase
    boxes: tuple[FoundBox, ...]


@dataclass(frozen=True, slots=True)
class UnnamedDatabase:
    """A database of which nobody has said whose it is. `proposal`: what the customer may be called."""

    database: BoxDatabase
    boxes: tuple[FoundBox, ...]
    proposal: str


@dataclass(frozen=True, slots=True)
class AdoptionPlan:
    """What becomes of boxes: declared, left out with the reason, or waiting for a name."""

    adoptions: tuple[Adoption, ...]
    left_out: tuple[LeftOutBox, ...]
    unnamed: tuple[UnnamedDatabase, ...]


def decide(
    boxes: Sequence[FoundBox], known: OwnedBoxes, into: str | None = None, named: Mapping[str, str] | None = None
) -> AdoptionPlan:
    """Decide for boxes that were found.

    Args:
        into: the customer that boxes may join which are nobody's.
        named: new customers by the host of their database, or by a box that has it; `""` for the only one there is.
    """
    left: list[LeftOutBox] = []
    apart = _without(strangers(boxes, known.serials), boxes, left)
    mine = [each for each in apart if each.customer is not None]
    nobodys = [each for each in apart if each.customer is None]
    adoptions = list(_of_customers(mine, known, left))
    new = []
    for each in nobodys:
        owner = _owner(each.database, known.customers.values())
        if owner is None and into is None:
            new.append(each)
        elif into is not None and owner is not None and owner.name == into:
            adoptions.append(Adoption(into, AdoptionWay.JOINING, each.database, (each,)))
        else:
            left.append(LeftOutBox(each.name, _unknown(each.database, owner, known, into)))
    unnamed: list[UnnamedDatabase] = []
    for its in led(_without(_in_part(new, known), new, left), left, named or {}):
        database = its[0].database
        name = _name(its, named or {})
        if name is None:
            taken = [*known.customers, *(each.customer for each in adoptions), *(each.proposal for each in unnamed)]
            unnamed.append(UnnamedDatabase(database, its, proposal(database.host, taken)))
        else:
            adoptions.append(Adoption(name, AdoptionWay.NEW, database, its))
    return AdoptionPlan(_merged(_told_apart(adoptions, left)), tuple(left), tuple(unnamed))


def _told_apart(adoptions: Sequence[Adoption], left: list[LeftOutBox]) -> list[Adoption]:
    """Return those of which no other new database has got the same customer."""
    hosts: dict[str, list[str]] = {}
    for each in adoptions:
        if each.way is AdoptionWay.NEW:
            hosts.setdefault(customer_group(each.customer).casefold(), []).append(each.database.host)
    fine = []
    for each in adoptions:
        twice = hosts.get(customer_group(each.customer).casefold(), ())
        if each.way is AdoptionWay.NEW and len(twice) > 1:
            why = f"{each.customer} was named for {len(twice)} databases, {listed(twice)}: name each by its own"
            left += [LeftOutBox(box.name, why) for box in each.boxes]
        else:
            fine.append(each)
    return fine


def _without(found: Iterable[LeftOutBox], boxes: Sequence[FoundBox], left: list[LeftOutBox]) -> list[FoundBox]:
    """Note what is left out, each box once, and return the others."""
    names: dict[str, LeftOutBox] = {}
    for each in found:
        names.setdefault(each.name, each)
    left += names.values()
    return [each for each in boxes if each.name not in names]


def _of_customers(boxes: Sequence[FoundBox], known: OwnedBoxes, left: list[LeftOutBox]) -> Iterator[Adoption]:
    """Decide for boxes of which the inventory says whose they are."""
    for name in dict.fromkeys(each.customer for each in boxes):
        customer = known.customers.get(name or "", KnownCustomer(name or ""))
        its = [each for each in boxes if each.customer == name]
        if customer.databases or customer.unread:
            yield from _compared(customer, its, left)
        else:
            yield from _first(customer.name, its, known, left)


def _compared(customer: KnownCustomer, boxes: Sequence[FoundBox], left: list[LeftOutBox]) -> Iterator[Adoption]:
    for each in boxes:
        if each.database.marks in customer.databases:
            yield Adoption(customer.name, AdoptionWay.SETTLED, each.database, (each,))
        elif customer.unread:
            left.append(LeftOutBox(each.name, f"{_cannot(customer)}, so the box cannot be compared with it"))
        else:
            what = _differing(each.database, customer)
            left.append(LeftOutBox(each.name, f"it has another {what} than is declared for {customer.name}"))


def _first(name: str, boxes: Sequence[FoundBox], known: OwnedBoxes, left: list[LeftOutBox]) -> Iterator[Adoption]:
    """Decide for a customer of whom nothing is declared: its boxes must have one database, and nobody else's."""
    databases = led(_without(_in_part(boxes, known), boxes, left), left)
    if len(databases) > 1:
        told = "; ".join(f"{each[0].database.host} ({listed(box.name for box in each)})" for each in databases)
        why = f"boxes of {name} have {len(databases)} databases, {told}: give each database a customer of its own"
        left += [LeftOutBox(box.name, why) for each in databases for box in each]
    elif databases:
        yield Adoption(name, AdoptionWay.FIRST, databases[0][0].database, databases[0])


def _in_part(boxes: Sequence[FoundBox], known: OwnedBoxes) -> Iterator[LeftOutBox]:
    """Yield boxes whose database cannot be a new one, since its UUID or contract is somebody's."""
    for each in boxes:
        owner = _owner(each.database, known.customers.values(), in_part=True)
        if owner is not None:
            yield LeftOutBox(each.name, _unknown(each.database, owner, known, None))


def _owner(database: BoxDatabase, customers: Iterable[KnownCustomer], *, in_part: bool = False) -> KnownCustomer | None:
    """Return whose a database is by what is declared; in part, by UUID or contract alone."""
    for each in customers:
        if database.marks in each.databases:
            return each
        if in_part and any(_meet(database, pair) for pair in each.databases):
            return each
    return None


def _meet(database: BoxDatabase, pair: tuple[str | None, str | None]) -> bool:
    return any(mine == theirs for mine, theirs in zip(database.marks, pair, strict=True))


def _unknown(database: BoxDatabase, owner: KnownCustomer | None, known: OwnedBoxes, into: str | None) -> str:
    """Say why a box joins nobody."""
    if owner is not None and database.marks in owner.databases:
        other = f", not of {into}" if into is not None else ""
        return f"it has the database of {owner.name}{other}: if it is one of theirs, --into {owner.name} adds it"
    if owner is not None:
        return f"it has another {_differing(database, owner)} than {owner.name}, and the rest is the same: unknown"
    meant = known.customers.get(into or "")
    if meant is None or not meant.databases:
        reason = _cannot(meant) if meant is not None and meant.unread else f"none is declared for {into}"
        return f"unknown: its database cannot be compared, since {reason}"
    return f"unknown: it has another {_differing(database, meant)} than is declared for {into}"


def _cannot(customer: KnownCustomer) -> str:
    return f"what is declared for {customer.name} cannot be decrypted here"


def _differing(database: BoxDatabase, customer: KnownCustomer) -> str:
    for pair in customer.databases:
        if database.uuid_mark == pair[0]:
            return "enterprise code"
        if database.contract_mark == pair[1]:
            return "database UUID"
    return "database UUID and enterprise code"


def _name(boxes: Sequence[FoundBox], named: Mapping[str, str]) -> str | None:
    """Return what a person has called the customer of a database."""
    ways = (*(each.name for each in boxes), boxes[0].database.host, "")
    return next((named[way] for way in ways if way in named), None)


def _merged(adoptions: Sequence[Adoption]) -> tuple[Adoption, ...]:
    """Return boxes of one customer that come in one way together."""
    found: dict[tuple[str, AdoptionWay, tuple[str, str]], Adoption] = {}
    for each in adoptions:
        key = (each.customer, each.way, each.database.marks)
        before = found.get(key)
        boxes = (*before.boxes, *each.boxes) if before else each.boxes
        found[key] = Adoption(each.customer, each.way, each.database, boxes)
    return tuple(found.values())
