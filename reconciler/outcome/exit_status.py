"""From the boxes of a run to its exit status, and to whether a play fails a host: one table for both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..codes import Trait
from ..model.desired import Mode
from ..model.severity import FindingClass
from ..model.status import DIFFERENCES, FAILED, IN_SYNC, STANDING, UNREACHED, USAGE
from ..results.fleet import BoxReport, BoxState, FleetReport
from .standing import stands

OF_STATES: Final[Mapping[BoxState, int]] = {
    BoxState.IN_SYNC: IN_SYNC,
    BoxState.IN_SYNC_AS_SEEN: IN_SYNC,
    BoxState.DIFFERS: DIFFERENCES,
    BoxState.CHANGED: DIFFERENCES,
    BoxState.FAILED: FAILED,
    BoxState.UNSUPPORTED: FAILED,
    BoxState.UNREACHABLE: UNREACHED,
    BoxState.DEFERRED: UNREACHED,
    BoxState.INVALID: FAILED,
    BoxState.NOT_ATTEMPTED: FAILED,
    BoxState.BUSY: IN_SYNC,
    BoxState.NOT_MANAGED: IN_SYNC,
}
"""What a state alone adds; what was found or done on the box may add more."""


def exit_status(report: FleetReport) -> int:
    """Return the sum of what the boxes of a run say, and of what held it back; 1 where nothing is declared for any."""
    if report.manages_nothing:
        return USAGE
    status = STANDING if report.held_back is not None and not report.declined else IN_SYNC
    for box in report.boxes:
        status |= status_of(box, report.mode, runs_to_miss=report.runs_to_miss)
    return status


def status_of(box: BoxReport, mode: Mode, *, runs_to_miss: int = 1) -> int:
    """Return what one box adds to the exit status.

    Args:
        runs_to_miss: runs in a row that a box must miss before it counts; one of which that is not known counts.
    """
    status = OF_STATES[box.state]
    if status == UNREACHED:
        return IN_SYNC if is_waited_for(box, runs_to_miss) else UNREACHED
    if box.state is BoxState.BUSY and (mode is Mode.RECONCILE or (box.missed_runs or 0) >= runs_to_miss):
        status |= FAILED
    if _differs(box):
        status |= DIFFERENCES
    if any(stands(box, finding) for finding in box.findings):
        status |= STANDING
    return status


def is_waited_for(box: BoxReport, runs_to_miss: int) -> bool:
    """Tell whether a box did not answer, and may have been switched off for fewer runs in a row than count."""
    if OF_STATES[box.state] != UNREACHED or box.missed_runs is None or box.missed_runs >= runs_to_miss:
        return False
    return not any(each.has(Trait.STAYS_SHUT) for each in box.findings)


def fails_a_host(box: BoxReport, mode: Mode) -> bool:
    """Tell whether a play fails this host: it failed, or something stands that no further run will end."""
    return bool(status_of(box, mode) & (FAILED | STANDING))


def _differs(box: BoxReport) -> bool:
    """A box that failed may differ as well; that something could not be seen is not a difference."""
    changed = box.result is not None and box.result.changed
    return changed or any(each.counts and each.finding_class is not FindingClass.UNKNOWN for each in box.findings)
