"""What becomes of a signal to the vendor's program: its main thread sleeps a minute at a time and alone runs handlers.

The kernel gives a signal to the main thread, unless that one is stopped or was woken just now: then another thread
takes it, Python notes it, and it is obeyed when the sleep ends or another signal ends it. Of several that are noted the
lowest number comes first, HUP before TERM, and the program restarts itself without a look at the others. The real
kernel loses some of these; here all are lost.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass, field

from .clock import Clock, DueEvent

SLEEP_SECONDS = 60.0
THREADS_SECONDS = 0.05
"""After being continued, until no thread is told to be stopped any more."""
WAKING_SECONDS = 0.2
"""After being continued, until the main thread sleeps again and gets signals."""
_NEVER = float("-inf")
_KNOWN = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class Sleeper:
    """The threads of one process.

    Args:
        obey: does what a signal means; called with CONT after the process was continued, too.
        catches: its handlers are set.
        pending: waiting while the process is stopped.
        noted: taken by another thread than the main one.
    """

    clock: Clock
    obey: Callable[[int], None]
    stopped: bool = False
    catches: bool = False
    pending: list[int] = field(default_factory=list)
    noted: list[int] = field(default_factory=list)
    _continued_at: float = _NEVER
    _wakes: DueEvent | None = None

    def begin(self) -> None:
        """Start anew: no handler is set, nothing waits."""
        self.stopped = self.catches = False
        self.pending.clear()
        self._forget()
        self._continued_at = _NEVER

    def fall_asleep(self) -> None:
        """Set the handlers and sleep."""
        self.catches = True

    @property
    def loses_term(self) -> bool:
        """Say whether a TERM would come with a HUP that is obeyed first."""
        return signal.SIGHUP in self.noted or (self.catches and signal.SIGHUP in self.pending)

    def states(self) -> str:
        """Return the state letters of the threads, the main one first."""
        if self.stopped:
            return "T"
        return "STS" if self.clock.elapsed - self._continued_at < THREADS_SECONDS else "S"

    def receive(self, number: int) -> None:
        """Take a signal from the kernel."""
        if number == signal.SIGSTOP:
            self.stopped = True
        elif number == signal.SIGCONT:
            self._continue()
        elif number == signal.SIGKILL:
            self.obey(number)
        elif number in _KNOWN:
            self._deliver(number)
        elif number != 0:
            raise AssertionError(f"the simulated Odoo does not know signal {number}")

    def _deliver(self, number: int) -> None:
        if self.stopped:
            self.pending.append(number)
        elif not self.catches:
            self.obey(number)
        elif self.clock.elapsed - self._continued_at < WAKING_SECONDS:
            self._note(number)
        else:
            first = min(number, *self.noted) if self.noted else number
            self._forget()
            self.obey(first)

    def _continue(self) -> None:
        if self.stopped:
            self.stopped = False
            self._continued_at = self.clock.elapsed
            numbers, self.pending = self.pending, []
            for number in numbers:
                self._deliver(number)
        self.obey(signal.SIGCONT)

    def _note(self, number: int) -> None:
        self.noted.append(number)
        if self._wakes is None:
            self._wakes = self.clock.later(SLEEP_SECONDS, self._wake)

    def _wake(self) -> None:
        if self.stopped:
            self._wakes = self.clock.later(SLEEP_SECONDS, self._wake)
            return
        first = min(self.noted)
        self._forget()
        self.obey(first)

    def _forget(self) -> None:
        self.noted.clear()
        if self._wakes is not None:
            self.clock.cancel(self._wakes)
            self._wakes = None
