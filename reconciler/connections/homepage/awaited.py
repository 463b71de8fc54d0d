"""Wait for a restart of Odoo: it goes away after its answer, sometimes late, and comes back.

Of 33 restarts by a route 4 began 25 to 47 s after the answer, the others within 50 ms, and took 0.6 to 1.8 s. So the
going is waited for as well as the coming back: a box that still answers has not restarted yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .clock import TimeLeft

LONGEST: Final = 65.0
"""Seconds from the answer until it has gone away; the main thread sleeps up to 60 s before it acts."""
COMES_BACK: Final = 65.0
"""Seconds from there until it answers again."""
EVERY: Final = 0.2
"""Seconds between two looks: the shortest absence that was measured is 0.6 s."""


class RestartSeen(StrEnum):
    """How a restart went: seen to go and come back, never seen to go, gone and not come back."""

    DONE = "done"
    NOT_SEEN = "not_seen"
    NOT_BACK = "not_back"


@dataclass(frozen=True, slots=True)
class Awaiting:
    """One box that was told to restart.

    Args:
        answers: asks the harmless route that each branch has.
        began_anew: tells, on branches that say how long Odoo has been up, that it started after it was told.
    """

    answers: Callable[[], bool]
    left: TimeLeft
    began_anew: Callable[[], bool] = lambda: False

    def restart(self) -> RestartSeen:
        """Wait until it is over."""
        if not self._until(lambda: not self.answers(), LONGEST, between=self.began_anew):
            return RestartSeen.DONE if self.began_anew() else RestartSeen.NOT_SEEN
        return RestartSeen.DONE if self._until(self.answers, COMES_BACK) else RestartSeen.NOT_BACK

    def _until(self, ready: Callable[[], bool], seconds: float, between: Callable[[], bool] | None = None) -> bool:
        timing = self.left.timing
        end = timing.monotonic() + min(seconds, self.left.seconds)
        asked = timing.monotonic()
        while not ready():
            now = timing.monotonic()
            if now + EVERY > end:
                return False
            if between is not None and now - asked > _BETWEEN:
                asked = now
                if between():
                    return False
            timing.sleep(EVERY)
        return True


_BETWEEN: Final = 3.0
"""Seconds between two questions how long it has been up, which cost the box more than a hello."""
