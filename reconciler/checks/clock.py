"""Is the box's clock right? Dates of certificates are judged by the caller's `now`, never by a wrong clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from ..codes import CodeName, Variant
from ..model.observed import Observed
from ..model.statement import say
from ..results.finding import Finding, finding
from .case import Case

MOST_SKEW_SECONDS: Final = 300.0


def check_clock(case: Case) -> Finding | None:
    """More than 300 seconds away from the control machine is wrong, whatever the certificate says."""
    skew = case.observed.clock.skew_seconds
    if skew is None or not clock_is_wrong(case.observed):
        return None
    if case.observed.by_homepage is not None:
        return finding(CodeName.WRONG_CLOCK, say("off", skew=skew), variant=Variant.BY_HOMEPAGE)
    if case.observed.clock.ntp_enabled is True:
        seen = say("although_synchronised", skew=skew)
        return finding(CodeName.WRONG_CLOCK, seen, variant=Variant.TIME_IS_BLOCKED)
    return finding(CodeName.WRONG_CLOCK, say("not_synchronised", skew=skew))


def judged_at(observed: Observed) -> datetime:
    """Return the time by which dates are judged: the box's, or the control machine's where that is wrong."""
    skew = observed.clock.skew_seconds
    if skew is None or not clock_is_wrong(observed):
        return observed.observed_at
    return observed.observed_at - timedelta(seconds=skew)


def clock_is_wrong(observed: Observed) -> bool:
    """Tell whether dates must be judged by the control machine's clock instead of the box's."""
    skew = observed.clock.skew_seconds
    return skew is not None and abs(skew) > MOST_SKEW_SECONDS
