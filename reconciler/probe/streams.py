"""TCP connections from where the box is seen: from this machine, or from a jump host through its SSH connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
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


async def direct_dial(host: str, port: int) -> tuple[ByteReader, ByteWriter]:
    """Connect from this machine."""
    return await asyncio.open_connection(host, port)


@asynccontextmanager
async def connected(dial: Dial, host: str, port: int) -> AsyncIterator[tuple[ByteReader, ByteWriter]]:
    """Connect and close again, whatever happens in between."""
    reader, writer = await dial(host, port)
    try:
        yield reader, writer
    finally:
        writer.close()


def reason(error: Exception) -> str:
    """Say in a few words why a connection did not come about or broke."""
    if isinstance(error, TimeoutError):
        return "timed out"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
