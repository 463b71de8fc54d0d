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
from datetime import UTC, datetime

from reconciler.box.__main__ import answer

from .machine.box import SimulatedBox


def _true_time() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class LiveBox:
    """One box under a name. Its methods may be called from any thread; the box does one thing at a time.

    Args:
        true_time: what a correct clock shows.
    """

    name: str
    box: SimulatedBox
    true_time: Callable[[], datetime] = _true_time
    _turn: threading.RLock = field(default_factory=threading.RLock)

    @contextmanager
    def caught_up(self) -> Iterator[SimulatedBox]:
        """Lend the box, as it is now, to one caller."""
        with self._turn:
            behind = (self.true_time() - self.box.clock.true_time()).total_seconds()
            self.box.clock.advance(behind)
            yield self.box

    def run_program(self, request: bytes) -> bytes:
        """Run the box program on it as root; take its request and return its framed reply."""
        with self.caught_up() as box:
            try:
                return answer(request, box)
            finally:
                box.kill()
