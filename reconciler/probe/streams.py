"""TCP connections from where the box is seen: from this machine, or from a jump host through its SSH connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ..net.dial import ByteReader, ByteWriter, Dial

__all__ = ["ByteReader", "ByteWriter", "Dial", "connected", "direct_dial", "reason"]


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
