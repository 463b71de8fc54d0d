"""Which found boxes the inventory has already; pure.

Private addresses are the same in many shops, so an address alone names nobody where the entries that are compared
belong to several customers: the report of one shop would name a box of another, and wrongly. A host key names, since
nobody else can show it, and so does an identifier.
"""

from __future__ import annotations

from collections.abc import Sequence
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
        host_keys: fingerprints that are known for it.
    """

    name: str
    address: str | None = None
    serial: str | None = None
    customer: str | None = None
    host_keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ComparedInventory:
    """The inventory, or the part of it that is compared.

    Args:
        entries: within the limit.
        serials: of every entry, also of those outside the limit, which are not named.
    """

    entries: tuple[KnownEntry, ...]
    serials: frozenset[str] = field(default_factory=frozenset)

    def of(self, box: DiscoveredBox) -> InInventory:
        """Return how a box stands to it."""
        identifier, key = box.identifier, _fingerprint(box)
        proved = [each for each in self.entries if key in each.host_keys]
        same = proved or [each for each in self.entries if _is(each.serial, identifier)]
        if same:
            return _named(same, box.address)
        if any(_is(each, identifier) for each in self.serials):
            return InInventory(Relation.OUTSIDE)
        there = [each for each in self.entries if each.address == box.address]
        if not there or not self._may_be_named:
            return InInventory(Relation.ADDRESS_KNOWN if there else Relation.NEW)
        matching = next((each for each in there if not _contradicts(each, identifier, key)), None)
        if matching is None:
            return InInventory(Relation.EXCHANGED, there[0].name)
        return InInventory(Relation.KNOWN, matching.name)

    @property
    def _may_be_named(self) -> bool:
        """Whether all entries are of one customer, so that none is named to another."""
        return len({each.customer for each in self.entries}) <= 1


def plain(value: str) -> str:
    """Return an identifier as it is compared."""
    return plain_serial(value).replace("-", "").replace(":", "")


def _named(same: Sequence[KnownEntry], address: str) -> InInventory:
    here = next((each for each in same if each.address == address), same[0])
    moved = here.address is not None and here.address != address
    return InInventory(Relation.MOVED if moved else Relation.KNOWN, here.name)


def _fingerprint(box: DiscoveredBox) -> str | None:
    return box.host_key.rpartition(" ")[2] if box.host_key else None


def _is(serial: str | None, identifier: Identifier | None) -> bool:
    return serial is not None and identifier is not None and plain(serial) == plain(identifier.value)


def _contradicts(entry: KnownEntry, identifier: Identifier | None, key: str | None) -> bool:
    """Tell whether a box at the address of an entry is another one: another host key, or another serial number.

    Identifiers of two kinds say nothing: a box has a MAC address and a serial number.
    """
    if key is not None and entry.host_keys:
        return True  # it was not among those that are known
    if entry.serial is None or identifier is None:
        return False
    return len(plain(entry.serial)) == len(plain(identifier.value))
