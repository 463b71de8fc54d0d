"""On which addresses of the box a port is open, from the kernel's tables."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Final

from .reading import exists
from .system import Files

_TABLES: Final = ("/proc/net/tcp", "/proc/net/tcp6")
_LIMIT: Final = 1 << 20
_LISTEN: Final = "0A"
_MOST: Final = 8


def listening(files: Files, port: int) -> tuple[str, ...] | None:
    """Return the addresses on which a TCP port is open, None where the kernel's table cannot be read."""
    try:
        tables = [files.read(path, _LIMIT) for path in _TABLES if path == _TABLES[0] or exists(files, path)]
        found = (address for table in tables for address, each in parse(table) if each == port)
        return tuple(dict.fromkeys(found))[:_MOST]
    except (OSError, ValueError):
        return None


def parse(table: bytes) -> Iterator[tuple[str, int]]:
    """Yield address and port of each listening socket of a `/proc/net/tcp` (proc(5)).

    Raises:
        ValueError: that is no such table.
    """
    for line in table.decode("ascii", errors="replace").splitlines()[1:]:
        fields = line.split()
        if len(fields) > 3 and fields[3] == _LISTEN:  # noqa: PLR2004 - number, own address, other address, state
            address, _, port = fields[1].partition(":")
            yield _address(address), int(port, 16)


def _address(text: str) -> str:
    """Return an address from words of 32 bits in the byte order of the machine; every box is little-endian."""
    raw = bytes.fromhex(text)
    words = (raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    return str(ipaddress.ip_address(b"".join(words)))
