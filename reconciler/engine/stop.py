"""How a run is told to end: the first time nothing new is begun, the second time nothing is waited for.

In the field's words a graceful shutdown, and an immediate one. What a box has begun it finishes or undoes alone, so
neither leaves a box half done.
"""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_MOST_AT_ONCE: Final = 64


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

    @property
    def waits_for_nothing(self) -> bool:
        """Whether boxes that are being worked on are left to themselves."""
        return self._wait_for_nothing.is_set()

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


_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def ends_a_run() -> tuple[signal.Signals, ...]:
    """Return the signals that ask for the end here: not those that whoever started this had ignored, as nohup does."""
    return tuple(number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN)


@contextmanager
def on_signals(stop: Stop) -> Iterator[None]:
    """Let signals ask for the end, while this is open; what they did before they do after, without a gap between."""
    loop = asyncio.get_running_loop()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(0)
        theirs.settimeout(0)
        numbers = ends_a_run()
        earlier = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        before = {number: signal.signal(number, _pass_over) for number in numbers}
        loop.add_reader(ours, _ask, stop, ours, numbers)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(earlier)
            loop.remove_reader(ours)


def _ask(stop: Stop, ours: socket.socket, numbers: tuple[signal.Signals, ...]) -> None:
    """Take the signals that came; the interpreter writes the number of each into the socket."""
    for number in ours.recv(_MOST_AT_ONCE):
        if number in numbers:
            stop.ask(f"interrupted by {signal.Signals(number).name}")


def _pass_over(_number: int, _frame: FrameType | None) -> None:
    """What is to be done is done by the loop, where nothing is in the middle of something."""


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
