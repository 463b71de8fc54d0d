"""A quorum: one box may be broken into and make a refusal up, so two must report it before others believe it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from ...model.desired import Refusal
from ...model.statement import say

OF_BOXES: Final = 2
OF_THIS_MACHINE: Final = 1


@dataclass(slots=True)
class Quorum:
    """Refusals of one database, the newest of each box.

    Args:
        enough: how many boxes must report one.
    """

    enough: int = OF_BOXES
    _reported: dict[str, Refusal] = field(default_factory=dict)

    def add(self, box: str, refusal: Refusal) -> None:
        """Note what a box was told by the authority."""
        self._reported[box] = refusal

    @property
    def agreed(self) -> Refusal | None:
        """What the others are told instead of asking, `None` as long as too few boxes say so."""
        if len(self._reported) < self.enough:
            return None
        boxes = list(self._reported)[: self.enough]
        first = self._reported[boxes[0]]
        if self.enough == OF_THIS_MACHINE:
            return first
        return replace(first, seen=(say("not_again", boxes=tuple(boxes)), *first.seen))
