"""The default route, from the kernel's table of IPv4 routes (`/proc/net/route`, proc(5))."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .system import Files

_TABLE: Final = "/proc/net/route"
_LIMIT: Final = 1 << 16
_EVERYWHERE: Final = "00000000"


@dataclass(frozen=True, slots=True, order=True)
class Route:
    """A way out. Of several the kernel takes the one with the smallest metric."""

    metric: int
    interface: str
    gateway: str


def default_route(files: Files) -> Route | None:
    """Return the default route, None where there is none.

    Raises:
        OSError: the table cannot be read.
    """
    return min(parse(files.read(_TABLE, _LIMIT)), default=None)


def gateway(files: Files) -> str | None:
    """Return the IPv4 address of the router, None where there is none or nobody can tell."""
    try:
        route = default_route(files)
    except OSError:
        return None
    return route.gateway if route is not None else None


def parse(table: bytes) -> Iterator[Route]:
    """Yield each default route; what is no line of such a table is passed over."""
    for line in table.decode("ascii", errors="replace").splitlines()[1:]:
        fields = line.split()
        if fields[1:2] != [_EVERYWHERE]:
            continue
        try:
            raw = struct.pack("<I", int(fields[2], 16))
            yield Route(int(fields[6]), fields[0], ".".join(map(str, raw)))
        except (ValueError, IndexError, struct.error):
            continue
