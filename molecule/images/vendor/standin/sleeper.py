"""The main thread as the vendor's program has it: it sleeps a minute at a time, and it alone runs signal handlers.

The kernel gives a signal to any thread that does not block it. Python notes it there, and nothing comes of it before
the main thread wakes: a signal that the main thread did not get itself is late by up to a minute.

Two signals are for tests only: SIGUSR1 fetches a certificate now, SIGUSR2 saves the configuration now.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from types import FrameType

SECONDS = 60.0
"""For which it sleeps at a time."""


class _WokenError(Exception):
    """Raised by a handler into the sleep of the main thread."""


class Sleeper:
    """Catches signals from the moment it is made.

    The first of HUP, TERM and INT decides what becomes of the process: a TERM that comes with a HUP, or while the
    process is about to restart itself, is lost.
    """

    def __init__(self, renew: Callable[[], None], save: Callable[[], None]) -> None:
        self._number = 0
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._decide)
        signal.signal(signal.SIGUSR1, lambda _number, _frame: renew())
        signal.signal(signal.SIGUSR2, lambda _number, _frame: save())

    def sleep(self) -> int:
        """Sleep until a signal ends or restarts the process, and return which."""
        try:
            while not self._number:
                time.sleep(SECONDS)
        except _WokenError:
            pass
        return self._number

    def _decide(self, number: int, _frame: FrameType | None) -> None:
        if not self._number:
            self._number = number
            raise _WokenError
