"""Who moved: the box or the inventory."""

from __future__ import annotations

from ..model.digests import Concern, concern_digest
from ..model.severity import FindingClass
from .case import Case


def moved(case: Case, concern: Concern) -> FindingClass:
    """Return `drifted` when the box had already reached what is desired now, else `pending`."""
    reached = case.observed.memory.applied.get(concern) == concern_digest(case.desired, concern)
    return FindingClass.DRIFTED if reached else FindingClass.PENDING
