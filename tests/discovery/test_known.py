"""Which boxes the inventory has: an identifier names an entry, an address alone names nobody to another customer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest

from reconciler.discovery.found import DiscoveredBox, Identifier, IdentifierKind, SaidByBox
from reconciler.discovery.host_key import known
from reconciler.discovery.known import ComparedInventory, InInventory, KnownEntry, Relation
from reconciler.model.target import Ssh

SERIAL, OTHER = "10000000abcdef01", "10000000abcdef02"
KEY = "SHA256:5F2b0l1cW3cYcG7m2m5l1u2vH0rS0m4n1Qk0a7y7b3E"
MAC = "b8:27:eb:01:02:03"


def box(value: str | None = None, address: str = "10.0.0.20", key: str | None = None) -> DiscoveredBox:
    kind = IdentifierKind.MAC if value and ":" in value else IdentifierKind.SERIAL
    return DiscoveredBox(
        address=address,
        host_key=key and f"ssh-ed25519 {key}",
        said=SaidByBox(generation="19.0", identifier=Identifier(kind, value) if value else None),
    )


def entry(
    name: str,
    customer: str | None = "bakery",
    serial: str | None = None,
    address: str = "10.0.0.20",
    keys: tuple[str, ...] = (),
) -> KnownEntry:
    return KnownEntry(name=name, customer=customer, serial=serial, address=address, host_keys=frozenset(keys))


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
    "its host key, in an inventory of two customers": (
        box(key=KEY),
        (entry("bakery-1", keys=(KEY,)), entry("cafe-1", "cafe", OTHER, "10.0.0.9")),
        InInventory(Relation.KNOWN, "bakery-1"),
    ),
    "its host key at another address": (
        box(key=KEY),
        (entry("till-1", keys=(KEY,), address="10.0.0.99"),),
        InInventory(Relation.MOVED, "till-1"),
    ),
    "its host key, and the serial number of another": (
        box(OTHER, key=KEY),
        (entry("till-1", keys=(KEY,)), entry("till-2", serial=OTHER, address="10.0.0.21")),
        InInventory(Relation.KNOWN, "till-1"),
    ),
    "its serial number, and a new host key: it was flashed": (
        box(SERIAL, key="SHA256:new"),
        (entry("till-1", serial=SERIAL, keys=(KEY,)),),
        InInventory(Relation.KNOWN, "till-1"),
    ),
    "its address, and another host key": (
        box(MAC, key="SHA256:new"),
        (entry("till-1", serial=SERIAL, keys=(KEY,)),),
        InInventory(Relation.EXCHANGED, "till-1"),
    ),
    "its address, where no host key is known": (box(key=KEY), ONE, InInventory(Relation.KNOWN, "till-1")),
    "another address": (box(SERIAL, "10.0.0.50"), ONE, InInventory(Relation.NEW)),
}


@pytest.mark.parametrize("case", CASES)
def test_a_box_is_recognised(case: str) -> None:
    found, entries, expected = CASES[case]
    assert ComparedInventory(entries).of(found) == expected


def test_a_serial_number_outside_the_limit_is_told_and_names_nobody() -> None:
    boxes = ComparedInventory(ONE, frozenset({SERIAL}))
    assert boxes.of(box(SERIAL, "10.0.0.50")) == InInventory(Relation.OUTSIDE)
    assert boxes.of(box(OTHER, "10.0.0.50")) == InInventory(Relation.NEW)


def test_known_host_keys_are_those_of_the_name(tmp_path: Path) -> None:
    key, other = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    lines = [f"{name} {each.export_public_key().decode()}" for name, each in (("till-1", key), ("till-2", other))]
    file = tmp_path / "known_hosts"
    file.write_text("".join((*lines, "@revoked till-1 ssh-ed25519 AAAA\n", "till-1 ssh-rsa broken=key\n")))
    ssh = Ssh(host="10.0.0.20", host_key_alias="till-1", config_files=(), known_hosts=(str(file),))
    assert known(ssh) == {key.get_fingerprint()}
    assert known(replace(ssh, host_key_alias="till-3")) == set()
