"""Where on this machine a fleet can be served: on the first addresses at which nobody listens."""

from __future__ import annotations

import errno
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address
from typing import Final

from .fleet import address
from .scenario import BadScenario

TRIES: Final = 8
_NETWORK: Final = 256


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
    raise BadScenario(f"{taken} is in use, and so it is on {TRIES - 1} networks after it: end what listens there")


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
