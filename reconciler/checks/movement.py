"""Who moved: the box or the inventory."""

from __future__ import annotations

from ..model.desired import Desired
from ..model.digests import Concern, concern_digest
from ..model.observed import Observed
from ..model.severity import FindingClass


def moved(desired: Desired, observed: Observed, concern: Concern) -> FindingClass:
    """Return `drifted` when the box had already reached what is desired now, else `pending`."""
    reached = observed.memory.applied.get(concern) == concern_digest(desired, concern)
    return FindingClass.DRIFTED if reached else FindingClass.PENDING
