"""Which found boxes the inventory has already; pure.

Private addresses are the same in many shops, so an address alone names nobody where the entries that are compared
belong to several customers: the report of one shop would name a box of another, and wrongly. An identifier does name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ..model.digests import plain_serial
from .found import DiscoveredBox, Identifier


class Relation(StrEnum):
    """How a found box stands to the inventory."""

    NEW = "new"
    KNOWN = "known"
    MOVED = "moved"
    ADDRESS_KNOWN = "address_known"
    EXCHANGED = "exchanged"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class InInventory:
    """Relation and, where it may be told, the name of the entry."""

    relation: Relation
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """What an entry of the inventory says of its box.

    Args:
        address: where it is reached, `None` where that is not known.
    """

    name: str
    address: str | None = None
    serial: str | None = None
    customer: str | None = None


@dataclass(frozen=True, slots=True)
class KnownBoxes:
    """The inventory, or the part of it that is compared.

    Args:
        entries: within the limit.
        serials: of every entry, also of those outside the limit, which are not named.
    """

    entries: tuple[KnownEntry, ...]
    serials: frozenset[str] = field(default_factory=frozenset)

    def of(self, box: DiscoveredBox) -> InInventory:
        """Return how a box stands to it."""
        identifier = box.identifier
        if identifier is not None and (found := self._by_identifier(identifier, box.address)) is not None:
            return found
        there = [each for each in self.entries if each.address == box.address]
        matching = [each for each in there if not _contradicts(each, identifier)]
        if not there or not self._may_be_named:
            return InInventory(Relation.ADDRESS_KNOWN if there else Relation.NEW)
        if matching:
            return InInventory(Relation.KNOWN, matching[0].name)
        return InInventory(Relation.EXCHANGED, there[0].name)

    def _by_identifier(self, identifier: Identifier, address: str) -> InInventory | None:
        same = [each for each in self.entries if each.serial and _is(each.serial, identifier)]
        if same:
            here = next((each for each in same if each.address == address), same[0])
            moved = here.address is not None and here.address != address
            return InInventory(Relation.MOVED if moved else Relation.KNOWN, here.name)
        if any(_is(each, identifier) for each in self.serials):
            return InInventory(Relation.OUTSIDE)
        return None

    @property
    def _may_be_named(self) -> bool:
        """Whether all entries are of one customer, so that none is named to another."""
        return len({each.customer for each in self.entries}) <= 1


def plain(value: str) -> str:
    """Return an identifier as it is compared."""
    return plain_serial(value).replace("-", "").replace(":", "")


def _is(serial: str, identifier: Identifier) -> bool:
    return plain(serial) == plain(identifier.value)


def _contradicts(entry: KnownEntry, identifier: Identifier | None) -> bool:
    """Tell whether two identifiers of the same kind differ; a MAC address says nothing against a serial number."""
    if entry.serial is None or identifier is None:
        return False
    return len(plain(entry.serial)) == len(plain(identifier.value)) and not _is(entry.serial, identifier)
