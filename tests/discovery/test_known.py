"""Which boxes the inventory has: an identifier names an entry, an address alone names nobody to another customer."""

from __future__ import annotations

import pytest

from reconciler.discovery.found import DiscoveredBox, Identifier, IdentifierKind, SaidByBox
from reconciler.discovery.known import InInventory, KnownBoxes, KnownEntry, Relation

SERIAL, OTHER = "10000000abcdef01", "10000000abcdef02"
MAC = "b8:27:eb:01:02:03"


def box(value: str | None = None, address: str = "10.0.0.20") -> DiscoveredBox:
    kind = IdentifierKind.MAC if value and ":" in value else IdentifierKind.SERIAL
    return DiscoveredBox(
        address=address,
        said=SaidByBox(generation="19.0", identifier=Identifier(kind, value) if value else None),
    )


def entry(
    name: str, customer: str | None = "bakery", serial: str | None = None, address: str = "10.0.0.20"
) -> KnownEntry:
    return KnownEntry(name=name, customer=customer, serial=serial, address=address)


ONE = (entry("till-1"),)
SHOPS = (entry("bakery-1"), entry("cafe-1", "cafe", OTHER, "10.0.0.9"))
CASES: dict[str, tuple[DiscoveredBox, tuple[KnownEntry, ...], InInventory]] = {
    "nothing is known": (box(SERIAL), (), InInventory(Relation.NEW)),
    "its serial number": (box(SERIAL), (entry("till-1", serial=SERIAL),), InInventory(Relation.KNOWN, "till-1")),
    "the same in capitals": (
        box(SERIAL.upper()),
        (entry("till-1", serial=SERIAL),),
        InInventory(Relation.KNOWN, "till-1"),
    ),
    "its MAC address in another spelling": (
        box(MAC),
        (entry("till-1", serial="B8-27-EB-01-02-03"),),
        InInventory(Relation.KNOWN, "till-1"),
    ),
    "its serial number at another address": (
        box(SERIAL),
        (entry("till-1", serial=SERIAL, address="10.0.0.99"),),
        InInventory(Relation.MOVED, "till-1"),
    ),
    "its serial number, and another's address": (
        box(SERIAL),
        (entry("till-2"), entry("till-1", serial=SERIAL, address="10.0.0.99")),
        InInventory(Relation.MOVED, "till-1"),
    ),
    "its address, in an inventory of one customer": (box(SERIAL), ONE, InInventory(Relation.KNOWN, "till-1")),
    "its address, and it says nothing of itself": (box(), ONE, InInventory(Relation.KNOWN, "till-1")),
    "its address, and another serial number there": (
        box(SERIAL),
        (entry("till-1", serial=OTHER),),
        InInventory(Relation.EXCHANGED, "till-1"),
    ),
    "its address, and a serial number against a MAC address": (
        box(MAC),
        (entry("till-1", serial=SERIAL),),
        InInventory(Relation.KNOWN, "till-1"),
    ),
    "its address, in an inventory of two customers": (box(SERIAL), SHOPS, InInventory(Relation.ADDRESS_KNOWN)),
    "another's address there, with another serial number": (
        box(SERIAL, "10.0.0.9"),
        SHOPS,
        InInventory(Relation.ADDRESS_KNOWN),
    ),
    "its serial number, in an inventory of two customers": (
        box(OTHER, "10.0.0.9"),
        SHOPS,
        InInventory(Relation.KNOWN, "cafe-1"),
    ),
    "another address": (box(SERIAL, "10.0.0.50"), ONE, InInventory(Relation.NEW)),
}


@pytest.mark.parametrize("case", CASES)
def test_a_box_is_recognised(case: str) -> None:
    found, entries, expected = CASES[case]
    assert KnownBoxes(entries).of(found) == expected


def test_a_serial_number_outside_the_limit_is_told_and_names_nobody() -> None:
    known = KnownBoxes(ONE, frozenset({SERIAL}))
    assert known.of(box(SERIAL, "10.0.0.50")) == InInventory(Relation.OUTSIDE)
    assert known.of(box(OTHER, "10.0.0.50")) == InInventory(Relation.NEW)
