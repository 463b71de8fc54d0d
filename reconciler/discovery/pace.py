"""How fast connections are made: so many a second at most, evenly, however many addresses are looked at together.

A shop's router has a table of connections, and a link that its tills need.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Pace:
    """A bucket that holds one token: whoever comes gets the next free moment, in the order in which they came.

    Args:
        per_second: connections in each second.
        monotonic: seconds that never go back.
        sleep: waits in a task.
        pause: waits in a thread.
    """

    per_second: float
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    pause: Callable[[float], None] = time.sleep
    _next: float = field(default=float("-inf"), init=False)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock, init=False)

    async def turn(self) -> None:
        """Wait until the next connection may be made."""
        if (wait := self._reserved()) > 0:
            await self.sleep(wait)

    def turn_in_thread(self) -> None:
        """Do the same where a thread makes the connection."""
        if (wait := self._reserved()) > 0:
            self.pause(wait)

    def _reserved(self) -> float:
        """Take the next free moment, and return in how many seconds it is."""
        with self._one_at_a_time:
            now = self.monotonic()
            mine = max(now, self._next)
            self._next = mine + 1.0 / self.per_second
            return mine - now
