"""A place in a queue that nobody can keep: who is slow, or pretends to be, holds up others for a while only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

PATIENCE: Final = 90.0
"""Seconds that others wait for a box: one that answers has asked the authority by then (10 s for the connection, 30 s
for the look, 30 s for the question)."""


@asynccontextmanager
async def held(place: asyncio.Lock | asyncio.Semaphore, seconds: float) -> AsyncIterator[None]:
    """Hold a place while this is open, at most so many seconds; what is done inside goes on without it then."""
    await place.acquire()
    is_held = True

    def release() -> None:
        nonlocal is_held
        if is_held:
            is_held = False
            place.release()

    timer = asyncio.get_running_loop().call_later(seconds, release)
    try:
        yield
    finally:
        timer.cancel()
        release()
