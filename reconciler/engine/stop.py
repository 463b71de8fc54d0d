"""How a run is told to end: the first time nothing new is begun, the second time nothing is waited for.

What a box has begun it finishes or undoes alone, so neither leaves a box half done.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager


class Stop:
    """Two flags. Signals set the one and then the other; the end of the time for the run sets the first only."""

    def __init__(self) -> None:
        self._begin_nothing = asyncio.Event()
        self._wait_for_nothing = asyncio.Event()
        self._has_been_asked = False
        self.reason = ""

    @property
    def begin_nothing(self) -> bool:
        """Whether no further box may be begun."""
        return self._begin_nothing.is_set()

    def ask(self, reason: str) -> None:
        """End in good order, as a person or systemd wants; asked again, end at once."""
        if self._has_been_asked:
            self._wait_for_nothing.set()
        self._has_been_asked = True
        self.run_out(reason)

    def run_out(self, reason: str) -> None:
        """End in good order, since the time is over; boxes that are being worked on are always waited for."""
        if not self.begin_nothing:
            self.reason = reason
            self._begin_nothing.set()

    async def until_asked(self) -> None:
        """Wait until nothing further may be begun."""
        await self._begin_nothing.wait()

    async def until_pressed(self) -> None:
        """Wait until nothing is waited for any more."""
        await self._wait_for_nothing.wait()


@contextmanager
def on_signals(stop: Stop) -> Iterator[None]:
    """Let SIGINT and SIGTERM ask for the end, while this is open; the running loop's own handlers come back after."""
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, stop.ask, f"interrupted by {number.name}")
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


@contextmanager
def after(stop: Stop, seconds: float | None, reason: str) -> Iterator[None]:
    """Say that the time is over when so many seconds have passed, while this is open; never for `None`."""
    if seconds is None:
        yield
        return
    timer = asyncio.get_running_loop().call_later(seconds, stop.run_out, reason)
    try:
        yield
    finally:
        timer.cancel()
