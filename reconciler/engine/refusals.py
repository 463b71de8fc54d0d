"""Refusals of a database that boxes report: one box may be broken into, so two must say so before others believe it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from ..model.desired import Refusal
from ..model.statement import say

_ENOUGH: Final = 2


@dataclass(slots=True)
class Refusals:
    """What boxes of one database were told, a line for each box."""

    _told: dict[str, Refusal] = field(default_factory=dict)

    def add(self, box: str, told: Refusal) -> None:
        """Note what a box was told."""
        self._told[box] = told

    @property
    def is_to_be_confirmed(self) -> bool:
        """Whether some box was refused, and too few were."""
        return 0 < len(self._told) < _ENOUGH

    @property
    def agreed(self) -> Refusal | None:
        """What the others are told instead of asking, `None` as long as too few boxes say so."""
        if len(self._told) < _ENOUGH:
            return None
        boxes = list(self._told)[:_ENOUGH]
        first = self._told[boxes[0]]
        return replace(first, seen=(say("not_again", boxes=tuple(boxes)), *first.seen))
