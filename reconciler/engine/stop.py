"""How a run is told to end: the first time nothing new is begun, the second time nothing is waited for.

What a box has begun it finishes or undoes alone, so neither leaves a box half done.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager


class Stop:
    """Two flags, set by signals or by the end of the time for the run."""

    def __init__(self) -> None:
        self._begin_nothing = asyncio.Event()
        self._wait_for_nothing = asyncio.Event()
        self.reason = ""

    @property
    def begin_nothing(self) -> bool:
        """Whether no further box may be begun."""
        return self._begin_nothing.is_set()

    @property
    def wait_for_nothing(self) -> bool:
        """Whether boxes that are being worked on are left to themselves."""
        return self._wait_for_nothing.is_set()

    def ask(self, reason: str) -> None:
        """End in good order; asked again, end at once."""
        if self.begin_nothing:
            self._wait_for_nothing.set()
        else:
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
def after(stop: Stop, seconds: float | None) -> Iterator[None]:
    """Ask for the end when so many seconds have passed, while this is open; never for `None`."""
    if seconds is None:
        yield
        return
    timer = asyncio.get_running_loop().call_later(seconds, stop.ask, f"the run's {seconds:.0f} s are over")
    try:
        yield
    finally:
        timer.cancel()
