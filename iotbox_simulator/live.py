"""A simulated box that others reach over the network, while the true time passes.

A box in memory has a clock of its own, which moves when somebody waits. Here it follows the true time: whoever comes
to the box lets it catch up first, and everything that was due on it meanwhile happens then. A wait on the box takes no
time here, so its clock may be some seconds ahead, which no check minds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Generic, Protocol, TypeVar

from reconciler.box.__main__ import answer

from .boxes.linux import SimulatedBox
from .homepage.host import Host


def _true_time() -> datetime:
    return datetime.now(UTC)


class VisitedMachine(Host, Protocol):
    """A machine whose homepage can be visited: a box or a Windows one."""


M = TypeVar("M", bound=VisitedMachine)


@dataclass(slots=True)
class LiveMachine(Generic[M]):
    """One machine under a name. Its methods may be called from any thread; it does one thing at a time.

    Args:
        true_time: what a correct clock shows.
    """

    name: str
    box: M
    true_time: Callable[[], datetime] = _true_time
    _watchers: list[Callable[[], None]] = field(default_factory=list)
    _turn: threading.RLock = field(default_factory=threading.RLock)

    @contextmanager
    def caught_up(self) -> Iterator[M]:
        """Lend the box, as it is now, to one caller."""
        with self._turn:
            clock = self.box.odoo.clock
            clock.advance((self.true_time() - clock.true_time()).total_seconds())
            try:
                yield self.box
            finally:
                for watch in tuple(self._watchers):
                    watch()

    def watch(self, watcher: Callable[[], None]) -> None:
        """Have something called at the end of each turn, in the thread that had it; it must be quick."""
        with self._turn:
            self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[], None]) -> None:
        """Have it called no more, if it was; when this returns, it is not running either."""
        with self._turn:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

    def next_event(self) -> float | None:
        """Return in how many seconds of true time something will happen by itself; None when nothing is due.

        Only for whoever has the turn.
        """
        clock = self.box.odoo.clock
        if not clock.agenda:
            return None
        due = clock.started_at + timedelta(seconds=min(event.due for event in clock.agenda))
        return (due - self.true_time()).total_seconds()


Program = Callable[[SimulatedBox], bytes]
"""What runs on a box, down to what it prints."""


@dataclass(slots=True)
class LiveBox(LiveMachine[SimulatedBox]):
    """A box that also runs the box program."""

    def run_program(self, request: bytes) -> bytes:
        """Run the box program on it as root; take its request and return its framed reply."""
        return self.run(lambda box: answer(request, box))

    def run(self, program: Program) -> bytes:
        """Run a program of ours on it as root, as a process that has ended when this returns."""
        with self.caught_up() as box:
            try:
                return program(box)
            finally:
                box.kill()
