"""From what a database says of its boxes to hosts of an inventory: pure, and everything that is foreign is judged here.

A value becomes a name, an address, a store or a serial number, or it is left out and said. Nothing of it chooses a
group, or a variable of Ansible's other than `ansible_host`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..model.fields import BadField, read
from ..model.names import LONGEST_LABEL, box_problem, is_word_of_ansible, shown
from ..model.target import ConnectionKind
from ..model.variables import VARIABLES
from .addresses import BadAddress, usable_address
from .reading import OdooBox, OdooContent
from .settings import HostNaming, OdooSettings, host_word

_MAC: Final = re.compile(r"([0-9a-f]{2}[:-]){5}[0-9a-f]{2}|[0-9a-f]{12}", re.IGNORECASE)
"""What boxes up to saas-18.3 call their identifier, and not what they have as a serial number."""
_WORD: Final = re.compile(r"[^\W_]+")
FACTS: Final = "odoo_box"
"""Variable with what Odoo says of a box beside, to be read by people and plays; nothing here goes by it."""
_FACTS: Final = ("name", "identifier", "version", "certificate_end", "company")


@dataclass(frozen=True, slots=True, kw_only=True)
class HostEntry:
    """One host for the inventory.

    Args:
        variables: those of its own, store included.
    """

    name: str
    store: str | None
    variables: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What is in Odoo, and cannot be a host.

    Args:
        name: what it is shown as: the name that it would have, or one with a colon, which no host from Odoo has.
        problem: one line with the way out.
    """

    name: str
    store: str | None
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OdooEntries:
    """What came of a database. `notes` are lines about what is not known; they stop nothing."""

    hosts: tuple[HostEntry, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]


def entries(settings: OdooSettings, content: OdooContent) -> OdooEntries:
    """Judge every box of a database."""
    named: dict[str, list[OdooBox]] = {}
    left_out: list[LeftOut] = []
    for box in content.boxes:
        name, problem = _host_name(settings, box)
        if problem is None:
            named.setdefault(name, []).append(box)
        else:
            left_out.append(_left_out(settings, box, problem))
    hosts: list[HostEntry] = []
    for name, boxes in named.items():
        if len(boxes) > 1:
            left_out.append(LeftOut(name=name, store=None, problem=_twice(settings, boxes)))
            continue
        try:
            hosts.append(_host(settings, name, boxes[0]))
        except BadAddress as refusal:
            left_out.append(_left_out(settings, boxes[0], f"its address in Odoo {refusal}: correct it there", name))
    return OdooEntries(hosts=tuple(hosts), left_out=tuple(left_out), notes=tuple(_notes(settings, content)))


def _host_name(settings: OdooSettings, box: OdooBox) -> tuple[str, str | None]:
    """Return what a box is called, and why it cannot be."""
    by_name = settings.host_name is HostNaming.NAME
    said = box.name if by_name else box.identifier
    what = "name" if by_name else "identifier"
    if not said or not said.strip():
        other = HostNaming.IDENTIFIER if by_name else HostNaming.NAME
        return "", f"it has no {what} in Odoo: give it one there, or set host_name: {other}"
    name = f"{settings.host_prefix}{host_word(said.strip())}" if said.isprintable() else said
    if (problem := box_problem(name)) is not None:
        return name, f"its {what} in Odoo cannot name a host, {problem.partition(': ')[0]}: correct it there"
    if is_word_of_ansible(name):
        return name, f"its {what} in Odoo is {shown(name)}, which is a word of Ansible: set host_prefix"
    return name, None


def _left_out(settings: OdooSettings, box: OdooBox, problem: str, name: str | None = None) -> LeftOut:
    called = name or f"{settings.host_prefix}odoo:{box.number}"
    return LeftOut(name=called, store=_store(settings, box), problem=f"box {box.number} in Odoo is left out: {problem}")


def _twice(settings: OdooSettings, boxes: list[OdooBox]) -> str:
    numbers = ", ".join(str(each.number) for each in boxes[:5]) + (" and more" if len(boxes) > 5 else "")  # noqa: PLR2004
    what = "name" if settings.host_name is HostNaming.NAME else "identifier"
    way = ", or set host_name: identifier" if settings.host_name is HostNaming.NAME else ""
    return f"boxes {numbers} in Odoo are left out, they have one {what}: give each its own there{way}"


def _host(settings: OdooSettings, name: str, box: OdooBox) -> HostEntry:
    if box.address is None:
        raise BadAddress("is empty")
    variables: dict[str, object] = {"ansible_host": usable_address(box.address, settings.networks)}
    store = _store(settings, box)
    if store is not None:
        variables["iot_https_store"] = store
    if (serial := _serial(settings, box)) is not None:
        variables["iot_https_serial"] = serial
    if settings.connection is not None:
        variables["iot_https_connection"] = settings.connection
    variables[FACTS] = {
        "id": box.number,
        **{name: _one_line(getattr(box, name)) for name in _FACTS},
    }
    return HostEntry(name=name, store=store, variables=variables)


def _one_line(value: str | None) -> str | None:
    return None if value is None else "".join(each if each.isprintable() else " " for each in value)


def _store(settings: OdooSettings, box: OdooBox) -> str | None:
    """Return the store of a box: what is set for its company, or the words of the company's name.

    Without what stands between words, no company can have a name that comes to the group of another customer's store.
    """
    if box.company is None:
        return None
    if box.company in settings.stores:
        return settings.stores[box.company]
    return " ".join(_WORD.findall(box.company))[:LONGEST_LABEL].strip() or None


def _serial(settings: OdooSettings, box: OdooBox) -> str | None:
    """Return the serial number that a box will show by its connection, if Odoo knows that one.

    Over SSH a box shows the number of its board; boxes up to saas-18.3 tell Odoo a MAC address instead.
    """
    if box.identifier is None:
        return None
    over_ssh = settings.connection in (None, ConnectionKind.SSH)
    if over_ssh and _MAC.fullmatch(box.identifier):
        return None
    try:
        return str(read(VARIABLES["iot_https_serial"], box.identifier))
    except BadField:
        return None


def _notes(settings: OdooSettings, content: OdooContent) -> Iterator[str]:
    if content.missing:
        yield f"Odoo has no field for {', '.join(content.missing)} of a box: name one with fields"
    if content.uuid is None:
        yield "the UUID of the database is not known, and is not compared"
    if content.contract is None:
        yield "the contract of the database is not known, and is not compared"
    yield from _merged(settings, content.boxes)


def _merged(settings: OdooSettings, boxes: Iterable[OdooBox]) -> Iterator[str]:
    """Say which companies come to one store, and which to none."""
    companies: dict[str | None, set[str]] = {}
    for box in boxes:
        if box.company is not None and box.company not in settings.stores:
            companies.setdefault(_store(settings, box), set()).add(box.company)
    for store, names in companies.items():
        if store is None:
            yield "a company has a name that no store can have: name its store with stores"
        elif len(names) > 1:
            yield f"{len(names)} companies come to one store, {store}: tell them apart with stores"
