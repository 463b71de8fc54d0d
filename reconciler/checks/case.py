"""What every check judges: one box, as it should be and as it is, at one time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ..model.desired import Desired
from ..model.observed import Observed
from ..results.finding import Finding


@dataclass(frozen=True, slots=True)
class Case:
    """One box to be judged.

    Args:
        now: by which dates are judged, with its UTC offset: the control machine's where the box's clock is wrong.
    """

    desired: Desired
    observed: Observed
    now: datetime


Check = Callable[[Case], Finding | None]
"""What finds one kind of fault, or nothing."""
