"""The exit status, a sum as in Puppet: 2 for differences or changes, 4 for what failed."""

from __future__ import annotations

from typing import Final

from ..model.desired import Mode
from ..model.fleet import BoxReport, BoxState, FleetReport
from ..model.result import FindingClass

IN_SYNC = 0
USAGE = 1
DIFFERENCES = 2
FAILED = 4
REPORT_LOST = 32
"""Added where boxes were changed and the report reached nobody."""

NOT_DONE: Final = frozenset(
    {BoxState.FAILED, BoxState.UNREACHABLE, BoxState.DEFERRED, BoxState.INVALID, BoxState.NOT_ATTEMPTED}
)
"""States of boxes of which a run cannot say that they are as they should be, nor how they differ."""
_NOT_MENDED: Final = NOT_DONE | {BoxState.BUSY}
"""For a reconcile so is a box that is busy; a check leaves it to the run that is at work there."""


def exit_status(report: FleetReport) -> int:
    """Return 0 when every box is in sync, 2 for differences or changes, 4 for boxes that failed, 6 for both.

    1 where nothing is declared for any box; beside boxes that are managed, one that is not adds nothing.
    """
    if report.manages_nothing:
        return USAGE
    not_done = _NOT_MENDED if report.mode is Mode.RECONCILE else NOT_DONE
    different = any(map(_is_different, report.boxes))
    failed = any(box.state in not_done for box in report.boxes)
    return (DIFFERENCES if different else IN_SYNC) + (FAILED if failed else IN_SYNC)


def _is_different(box: BoxReport) -> bool:
    """A box that failed may differ as well; that something could not be seen is not a difference."""
    changed = box.result is not None and box.result.changed
    seen = any(finding.counts and finding.finding_class is not FindingClass.UNKNOWN for finding in box.findings)
    return changed or seen or box.state in (BoxState.DIFFERS, BoxState.CHANGED)
