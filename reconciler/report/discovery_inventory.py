"""Boxes that a search found as an Ansible inventory, for a person to review and save.

What a box said stands in comments, on one line; a value is only what has the form of an identifier, and is quoted. So
nothing of it becomes a key, a template or a variable of Ansible's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..codes.writing.wording import moment
from ..discovery.found import DiscoveredBox, IdentifierKind, Search, SearchedPorts
from ..discovery.known import InInventory, Relation
from ..printable import printable
from . import discovery_text
from .discovery_text import FoundRow, said

GROUP: Final = "discovered"
_LISTED: Final = (Relation.NEW, Relation.ADDRESS_KNOWN)
"""The others are in the inventory already, or must not be."""


def render(search: Search, known: Mapping[str, InInventory] | None, networks: Sequence[str]) -> str:
    """Return the inventory; see `discovery_json.render`."""
    return "".join(f"{line}\n" for line in _lines(discovery_text.found_rows(search, known), search, networks))


def host_name(address: str) -> str:
    """Return what a box is called until a person gives it a better name."""
    return f"box-{address.replace('.', '-')}"


def _lines(rows: Sequence[FoundRow], search: Search, networks: Sequence[str]) -> Iterator[str]:
    yield "---"
    yield f"# iot-https discover {' '.join(networks)}, {moment(search.began)}: {len(search.boxes)} found."
    if search.ended_early is not None:
        yield f"# {printable(search.ended_early)}: {search.left_out} addresses were not looked at."
    yield "# Review it, give the boxes names and customers, and save it in your inventory. What a box says of itself"
    yield "# stands in comments; it may be wrong."
    fresh = [row for row in rows if row.inventory is None or row.inventory.relation in _LISTED]
    for row in rows:
        if row not in fresh and row.inventory is not None:
            yield f"# {row.box.address}: {_relation(row.inventory)}"
    yield f"{GROUP}:"
    if not fresh:
        yield "  hosts: {}"
        return
    yield "  hosts:"
    for row in fresh:
        yield from _host(row, search.ports)


def _relation(known: InInventory) -> str:
    return discovery_text.RELATIONS[known.relation].format(name=printable(known.name or ""))


def _host(row: FoundRow, ports: SearchedPorts) -> Iterator[str]:
    box = row.box
    yield f"    {host_name(box.address)}:"
    yield f"      # {', '.join(_seen(row))}"
    if box.host_key is not None:
        yield f"      # SSH host key: {said(box.host_key, 120)}"
    yield f"      ansible_host: {box.address}"
    yield from (f"      {name}: {port}" for name, port in _ports(box, ports))
    if box.wants_homepage:
        yield "      iot_https_connection: homepage"
    if row.twins:
        yield f"      # no iot_https_serial: {', '.join(row.twins)} says the same, and one box has one entry"
    elif (serial := _serial(box)) is not None:
        yield f"      iot_https_serial: {json.dumps(serial)}"


def _ports(box: DiscoveredBox, ports: SearchedPorts) -> Iterator[tuple[str, int]]:
    """Yield where a box is reached otherwise than usual; behind nginx alone, its homepage is on the port of nginx."""
    usual = SearchedPorts()
    if ports.ssh != usual.ssh and not box.wants_homepage:
        yield "ansible_port", ports.ssh
    if box.port is not None and box.port != usual.homepage:
        yield "iot_https_homepage_port", box.port
    if ports.https != usual.https:
        yield "iot_https_https_port", ports.https


def _seen(row: FoundRow) -> Iterator[str]:
    box = row.box
    if box.said is not None:
        yield box.said.generation
        if box.said.image:
            yield f"image {said(box.said.image)}"
    yield f"certificate {discovery_text.certificate(row)}"
    yield f"linked: {discovery_text.linked(box)}"
    yield f"SSH {box.ssh.value}"
    yield from discovery_text.notes(row)
    yield from discovery_text.about_certificate(box)


def _serial(box: DiscoveredBox) -> str | None:
    """Return what the box is told from others by over its connection: over SSH that is the serial number only."""
    identifier = box.identifier
    if identifier is None or (identifier.kind is not IdentifierKind.SERIAL and not box.wants_homepage):
        return None
    return None if identifier.kind is IdentifierKind.OTHER else identifier.value
