"""Time of a box: it passes only when somebody waits, and everything that happens by itself happens then.

The wall clock may be wrong by `skew` seconds; the monotonic clock never is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo


@dataclass(slots=True, eq=False)
class DueEvent:
    """Something that will happen; `arguments` are kept apart so that a copied box acts on itself."""

    due: float
    action: Callable[..., object]
    arguments: tuple[object, ...] = ()


@dataclass(slots=True)
class Clock:
    """Both clocks of a box, and its agenda.

    Args:
        started_at: the true time at which this box's monotonic clock was zero.
        skew: seconds by which the wall clock is ahead of the truth.
    """

    started_at: datetime
    skew: float = 0.0
    zone: tzinfo = UTC
    elapsed: float = 0.0
    agenda: list[DueEvent] = field(default_factory=list)

    def now(self) -> datetime:
        """Return the wall clock."""
        return (self.true_time() + timedelta(seconds=self.skew)).astimezone(self.zone)

    def true_time(self) -> datetime:
        """Return what a correct clock shows."""
        return self.started_at + timedelta(seconds=self.elapsed)

    def timestamp(self) -> float:
        """Return the wall clock as seconds since the epoch."""
        return self.started_at.timestamp() + self.elapsed + self.skew

    def set(self, wall: datetime) -> None:
        """Set the wall clock."""
        self.skew = (wall - self.true_time()).total_seconds()

    def later(self, seconds: float, action: Callable[..., object], *arguments: object) -> DueEvent:
        """Put something on the agenda."""
        event = DueEvent(self.elapsed + seconds, action, arguments)
        self.agenda.append(event)
        return event

    def cancel(self, event: DueEvent) -> None:
        """Take something off the agenda; nothing happens if it is not there any more."""
        self.agenda = [other for other in self.agenda if other is not event]

    def advance(self, seconds: float) -> None:
        """Let time pass, and what is due happen in its order."""
        until = self.elapsed + max(0.0, seconds)
        while due := [event for event in self.agenda if event.due <= until]:
            event = min(due, key=lambda other: other.due)
            self.agenda.remove(event)
            self.elapsed = max(self.elapsed, event.due)
            event.action(*event.arguments)
        self.elapsed = max(self.elapsed, until)
