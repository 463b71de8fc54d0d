"""The control machine's time, as arguments: a run by homepage waits for restarts, and tests do not."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds that never go back, the time of day in UTC, and how to wait."""

    now: Callable[[], datetime] = _now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """What is left of the seconds of a visit."""

    timing: Timing
    at: float = field(default=0.0)

    @classmethod
    def of(cls, timing: Timing, seconds: float) -> TimeLeft:
        """Start counting now."""
        return cls(timing, timing.monotonic() + seconds)

    @property
    def seconds(self) -> float:
        """Never below zero."""
        return max(0.0, self.at - self.timing.monotonic())
