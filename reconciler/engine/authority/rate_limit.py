"""A bound of how many ask the authority at the same time, whoever asks and whatever for.

Who is slow, or pretends to be, holds up others for a while only: then its question no longer counts.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final

PATIENCE: Final = 90.0
"""Seconds that others wait for a box: one that answers has asked the authority by then (10 s for the connection, 30 s
for the look, 30 s for the question)."""


@dataclass(slots=True)
class RateLimit:
    """Who is asking. Times are seconds that never go back.

    Args:
        at_once: how many may.
        patience: seconds after which one that is still asking no longer counts.
    """

    at_once: int
    patience: float = PATIENCE
    _counted_until: dict[Hashable, float] = field(default_factory=dict)

    def has_room(self, now: float) -> bool:
        """Tell whether one more may ask."""
        return sum(until > now for until in self._counted_until.values()) < self.at_once

    def begin(self, asker: Hashable, now: float) -> None:
        """Count one who begins to ask."""
        self._counted_until[asker] = now + self.patience

    def end(self, asker: Hashable) -> None:
        """Count it no longer; one that does not ask is passed over."""
        self._counted_until.pop(asker, None)

    def changes_at(self, now: float) -> float | None:
        """Return when there is more room although nobody has ended, `None` for never."""
        return min((until for until in self._counted_until.values() if until > now), default=None)
