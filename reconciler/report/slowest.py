"""Which boxes a run waits for longest, while it runs and afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ..printable import printable
from ..results.events import Event, EventKind
from ..results.fleet import BoxReport, FleetReport
from . import words

WAITED_SECONDS: Final = 5.0
"""A box that has been at work for less is as quick as any."""
LONG_RUN_SECONDS: Final = 60.0
LONG_BOX_SECONDS: Final = 20.0
"""Of a run and a box that took so long that somebody asks why."""
_MOST: Final = 3
_STEPS: Final = {
    EventKind.BOX_STARTED: "being looked at",
    EventKind.BOX_REPAIRING: "being repaired",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A box that is waited for. `seconds`: since this step of it began."""

    box: str
    step: str
    seconds: float

    def __str__(self) -> str:
        """Return it as people write it."""
        return f"{printable(self.box)} ({self.step}, {words.duration(self.seconds)})"


@dataclass(slots=True)
class AtWork:
    """Boxes that are worked on, each since when and at which step."""

    _since: dict[str, tuple[float, str]] = field(default_factory=dict)

    def feed(self, event: Event, at: float) -> None:
        """Take one event into account.

        Args:
            at: seconds of the clock by which the run is timed.
        """
        if event.box is None:
            return
        if event.kind in _STEPS:
            self._since[event.box] = (at, _STEPS[event.kind])
        elif event.kind in (EventKind.BOX_CHECKED, EventKind.BOX_FINISHED):
            self._since.pop(event.box, None)

    def slowest(self, at: float, most: int = _MOST) -> list[Waiting]:
        """Return the boxes that have been waited for longest, those first, none that began just now."""
        waiting = [Waiting(box, step, at - since) for box, (since, step) in self._since.copy().items()]
        slow = (each for each in waiting if each.seconds >= WAITED_SECONDS)
        return sorted(slow, key=lambda each: (-each.seconds, each.box))[:most]


def notes(report: FleetReport) -> list[str]:
    """Return a line with the boxes that took longest, where a run took long because of them."""
    slow = [box for box in report.boxes if box.seconds >= LONG_BOX_SECONDS]
    if report.seconds < LONG_RUN_SECONDS or not slow:
        return []
    return [f"Longest: {_named(sorted(slow, key=lambda box: -box.seconds)[:_MOST])}."]


def _named(boxes: Sequence[BoxReport]) -> str:
    return ", ".join(f"{printable(box.name)} ({words.duration(box.seconds)})" for box in boxes)
