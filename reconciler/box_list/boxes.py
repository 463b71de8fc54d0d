"""The boxes of a list, each judged by itself: a cell is a name, an address or a number, and nothing else."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..model.fields import BadField, read
from ..model.names import box_problem, host_problem, is_word_of_ansible, means_here, shown
from ..model.target import ConnectionKind
from ..model.variables import VARIABLES
from .columns import NEEDED, Header
from .flaw import ListFlaw
from .table import ListRow

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""With what a spreadsheet takes a cell for a formula, in every list that is made of this one, too."""
_TEMPLATE: Final = ("{{", "{%", "{#")
_NUMBERS: Final = re.compile(r"([\d.]+|(.*\.)?0x[0-9a-f]*)\.?", re.IGNORECASE)
"""What programs take for an address, those in hexadecimal digits included."""
_HIGHEST_PORT: Final = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedBox:
    """A box of a list. `line` is where its row begins."""

    line: int
    name: str
    customer: str
    address: str
    store: str | None = None
    serial: str | None = None
    connection: str | None = None
    port: int | None = None

    @property
    def variables(self) -> dict[str, str | int]:
        """Return what is declared of it."""
        is_ssh = self.connection in (None, ConnectionKind.SSH)
        found = {
            "ansible_host": self.address,
            "ansible_port" if is_ssh else "iot_https_homepage_port": self.port,
            "iot_https_customer": self.customer,
            "iot_https_store": self.store,
            "iot_https_serial": self.serial,
            "iot_https_connection": self.connection,
        }
        return {name: value for name, value in found.items() if value is not None}


def box_of(row: ListRow, header: Header) -> tuple[ListedBox | None, list[ListFlaw]]:
    """Return the box of a row, and all that is wrong with it."""
    cells = {column: row.cells[at].strip() for column, at in header.places.items() if at < len(row.cells)}
    needed = [each for each in NEEDED if each in header.places]
    flaws = [ListFlaw(row.line, f"{each} is empty: fill it in") for each in needed if not cells.get(each)]
    for column, text in cells.items():
        if text and (problem := _problem(column, text)) is not None:
            flaws.append(ListFlaw(row.line, problem))
    beyond = [each for each in row.cells[header.width :] if each.strip()]
    if beyond:
        flaws.append(ListFlaw(row.line, f"has {len(row.cells)} cells, the header has {header.width}: quote a cell"))
    if flaws or needed != list(NEEDED):
        return None, flaws
    return _box(row.line, {column: text for column, text in cells.items() if text}), []


def _box(line: int, cells: Mapping[str, str]) -> ListedBox:
    connection, port = cells.get("connection"), cells.get("port")
    return ListedBox(
        line=line,
        name=cells["name"],
        customer=cells["customer"],
        address=cells["address"],
        store=cells.get("store"),
        serial=cells.get("serial"),
        connection=None if connection is None else connection.lower(),
        port=None if port is None else int(port),
    )


def _problem(column: str, text: str) -> str | None:
    if text.startswith(_FORMULA):
        return f"{column} begins with {text[0]}, which a spreadsheet takes for a formula: correct it"
    if any(each in text for each in _TEMPLATE):
        return f"{column} holds a template, which no list does: correct it"
    told = _CHECKS[column](text)
    return None if told is None else f"{column} {told}"


def _of_variable(name: str, change: Callable[[str], str] = str) -> Callable[[str], str | None]:
    def problem(text: str) -> str | None:
        try:
            read(VARIABLES[name], change(text))
        except BadField as refusal:
            return str(refusal)
        return None

    return problem


def _name(text: str) -> str | None:
    if (told := box_problem(text)) is not None:
        return f"{shown(text)} cannot be used: {told}"
    return f"{shown(text)} is a word of Ansible: rename the box" if is_word_of_ansible(text) else None


def _address(text: str) -> str | None:
    if (told := host_problem(text)) is not None:
        return f"{shown(text)} {told}"
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        if _NUMBERS.fullmatch(text) is not None:
            return f"{shown(text)} is no IP address: correct it"
        return f"{shown(text)} is the control machine, which no list names: correct it" if means_here(text) else None
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_loopback:
        return f"{text} is the control machine, which no list names: correct it"
    return f"{text} is not the address of a box: correct it" if address.is_unspecified or address.is_multicast else None


def _connection(text: str) -> str | None:
    if text.lower() == ConnectionKind.LOCAL:
        return "local is the control machine, which no list names: leave it empty"
    return _of_variable("iot_https_connection", str.lower)(text)


def _port(text: str) -> str | None:
    is_port = re.fullmatch(r"[0-9]{1,5}", text) is not None and 1 <= int(text) <= _HIGHEST_PORT
    return None if is_port else f"{shown(text)} is no port: write a number from 1 to {_HIGHEST_PORT}"


_CHECKS: Final[Mapping[str, Callable[[str], str | None]]] = {
    "customer": _of_variable("iot_https_customer"),
    "store": _of_variable("iot_https_store"),
    "name": _name,
    "address": _address,
    "serial": _of_variable("iot_https_serial"),
    "connection": _connection,
    "port": _port,
}


def boxes_of(rows: Sequence[ListRow], header: Header) -> tuple[list[ListedBox], list[ListFlaw]]:
    """Return the boxes of rows that can be used, and what is wrong with the others."""
    boxes: list[ListedBox] = []
    flaws: list[ListFlaw] = []
    for row in rows:
        box, told = box_of(row, header)
        boxes += [box] if box is not None else []
        flaws += told
    return boxes, flaws
