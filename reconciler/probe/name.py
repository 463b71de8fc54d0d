"""Look up the box's public name as its clients would."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

Resolve = Callable[[str], Awaitable[tuple[str, ...]]]
"""Returns the IPv4 addresses of a name; OSError when there is none or nobody answers."""


async def resolve(name: str) -> tuple[str, ...]:
    """Ask this machine's own resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(name, None, family=socket.AF_INET, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


async def addresses(resolve: Resolve | None, name: str, seconds: float) -> tuple[str, ...] | None:
    """Return what the name leads to, nothing when it leads nowhere or cannot exist; `None` where nobody is asked."""
    if resolve is None:
        return None
    try:
        async with asyncio.timeout(seconds):
            return await resolve(name)
    except (OSError, ValueError):  # ValueError: an empty or too long label, a null byte
        return ()
