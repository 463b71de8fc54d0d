"""Which findings stand: those for which somebody must come, since no reconcile will end them."""

from __future__ import annotations

from ..model.desired import Mode
from ..model.severity import FindingClass, Severity
from ..results.finding import Finding
from ..results.fleet import BoxReport
from ..results.result import Result


def is_to_be_mended(result: Result | None, finding: Finding) -> bool:
    """Tell whether a finding stands only because the box was looked at and not changed."""
    if result is None or result.mode is Mode.RECONCILE or not finding.repairable:
        return False
    return any(finding.code in repair.because for repair in result.plan)


def stands(box: BoxReport, finding: Finding) -> bool:
    """Tell whether a finding is an error that no reconcile will end.

    After a reconcile that is every error that is left; after a look, also of a box that a reconcile did not come to,
    only what it could not repair. What could not be seen is no such error: the box failed, or was not reached.
    """
    is_error = finding.severity is Severity.ERROR and finding.finding_class is not FindingClass.UNKNOWN
    return is_error and not is_to_be_mended(box.result, finding)
