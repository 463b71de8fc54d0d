"""From findings to repairs: the fewest changes that mend a box, in the order in which they are safe.

Pure, so that a plan can be shown before anybody is asked, and tested without a box. What a repair needs at the moment
of doing (is the store still as it was read?) is asked again by whoever does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from ..checks.case import Case
from ..codes import Blocks
from ..model.desired import Desired
from ..model.observed import Observed
from ..model.repair import RepairKind
from ..results.finding import Finding
from ..results.result import Repair
from . import certificate, native, nginx, restart, simple, store
from .case import Judged

_ORDER: Final = {kind: place for place, kind in enumerate(RepairKind)}


def plan(
    findings: Sequence[Finding], desired: Desired, observed: Observed, *, now: datetime | None = None
) -> tuple[Repair, ...]:
    """Return the repairs that the findings ask for, in the order in which they are done.

    Args:
        findings: what the checks found in `observed`.
        now: by which the checks judged dates; without it, the time of the look.
    """
    case = Judged(Case(desired, observed, now or observed.observed_at), tuple(findings))
    if any(each.entry.blocks is not Blocks.NOTHING for each in findings):
        return ()
    if observed.by_homepage is not None:
        return tuple(native.repairs(case, tuple(store.repairs(case, ()))))
    repairs = [*simple.repairs(case), *certificate.repairs(case)]
    repairs += store.repairs(case, repairs)
    repairs = [repair for repair in repairs if case.has_space or not repair.entry.needs_space]
    repairs += nginx.repairs(case, repairs)
    repairs += restart.repairs(case, repairs)
    return tuple(sorted(repairs, key=lambda repair: _ORDER[repair.kind]))
