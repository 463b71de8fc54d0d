"""Where on this machine a fleet can be served: on the first addresses and ports at which nobody listens."""

from __future__ import annotations

import errno
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

from .fleet import address
from .scenario import BadScenario

TRIES: Final = 8
_NETWORK: Final = 256
_PORTS: Final = 100
"""Ports after the wanted one that are tried."""


class InUse(BadScenario):
    """Something listens on all addresses. `port`: on this one."""

    def __init__(self, port: int, why: str) -> None:
        super().__init__(why)
        self.port = port


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fleet is served.

    Args:
        first: address of the first box.
        ports: of each box, in the order in which they were asked for.
        notes: what is elsewhere than it was asked for, and why.
    """

    first: IPv4Address
    ports: tuple[int, ...]
    notes: tuple[str, ...] = ()


def free_place(first: IPv4Address, boxes: int, ports: Sequence[int]) -> Place:
    """Return where a fleet can be served: on other networks, and on other ports where that does not help.

    Raises:
        BadScenario: nowhere.
    """
    wanted, notes = tuple(ports), tuple[str, ...]()
    for _ in wanted:
        try:
            begins, taken = first_free(first, boxes, wanted)
        except InUse as error:
            other = _other_port(first, boxes, error.port, wanted)
            wanted = tuple(other if port == error.port else port for port in wanted)
            note = f"port {error.port} is in use on all addresses, as by a program that listens on 0.0.0.0"
            notes = (*notes, f"{note}: the boxes have {other} in its place this time.")
            continue
        elsewhere = (f"{taken} is in use: the boxes are elsewhere this time.",) if taken is not None else ()
        return Place(begins, wanted, (*notes, *elsewhere))
    return Place(first_free(first, boxes, wanted)[0], wanted, notes)


def _other_port(first: IPv4Address, boxes: int, port: int, wanted: Sequence[int]) -> int:
    for other in range(port + 1, port + 1 + _PORTS):
        if other not in wanted and in_use(first, boxes, (other,)) is None:
            return other
    raise InUse(port, f"{first}:{port} is in use, and so are {_PORTS} ports after it: end what listens there")


def first_free(first: IPv4Address, boxes: int, ports: Sequence[int]) -> tuple[IPv4Address, str | None]:
    """Return where a fleet can begin, and which address was in use where it is not the first.

    Args:
        first: where it begins if it can.
        boxes: how many of them there are, each on an address of its own.
        ports: of each box.

    Raises:
        BadScenario: something listens everywhere, as it does that listens on all addresses.
    """
    step = (int(IPv4Address(address(boxes - 1, first))) // _NETWORK - int(first) // _NETWORK + 1) * _NETWORK
    begun, taken = first, None
    for _ in range(TRIES):
        found = in_use(begun, boxes, ports)
        if found is None:
            return begun, taken
        taken, begun = taken or found, begun + step
    where = taken or str(first)
    why = f"{where} is in use, and so it is on {TRIES - 1} networks after it: end what listens there"
    raise InUse(int(where.rpartition(":")[2]), why)


def in_use(first: IPv4Address, boxes: int, ports: Sequence[int]) -> str | None:
    """Return the first address and port of a fleet at which somebody listens."""
    places = ((address(number, first), port) for number in range(boxes) for port in ports)
    return next((f"{host}:{port}" for host, port in places if _is_taken(host, port)), None)


def _is_taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            raise BadScenario(f"{host}:{port}: {error.strerror}; the boxes cannot be served there") from None
    return False
