"""TCP connections from some place, as asyncio and asyncssh both make them: what a probe asks of whoever is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol


class ByteReader(Protocol):
    """The half that bytes come from; asyncio's and asyncssh's are both of this shape."""

    async def read(self, n: int) -> bytes:
        """Return up to `n` bytes, none at the end."""


class ByteWriter(Protocol):
    """The half that bytes go to."""

    def write(self, data: bytes) -> None:
        """Send."""

    async def drain(self) -> None:
        """Wait until it may be written to again."""

    def close(self) -> None:
        """End the connection."""


Dial = Callable[[str, int], Awaitable[tuple[ByteReader, ByteWriter]]]
"""Connects to a host and port; OSError when that fails."""
