"""What a person reads who runs a play: where a box stands, what was repaired, and of each finding cause and way out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ..model.repair import RepairKind
from ..outcome.remedies import remedy
from ..outcome.standing import is_to_be_mended
from ..printable import printable
from ..results.finding import Finding, Reader
from ..results.fleet import BoxReport
from ..results.result import RepairStatus, Result

_MOST = 5
"""Findings that are told in full; all are in the result."""
_MOST_REPAIRS = len(RepairKind)
_WHAT_TO_SET: Final = "ansible-doc -t role iot_https.fleet.iot_https lists what to set"
_BY_A_RUN: Final = "iot_https.fleet.reconcile, or the role, without --check fixes this"
_TOLD: Final = {
    RepairStatus.DONE: "repaired",
    RepairStatus.UNDONE: "taken back",
    RepairStatus.FAILED: "could not be repaired",
}


def message(box: BoxReport) -> str:
    """Return it in lines, the worst first."""
    return "\n".join(_lines(box))


def _lines(box: BoxReport) -> Iterator[str]:
    yield f"{box.name}: {box.state.value.replace('_', ' ')}"
    yield from (f"  {problem}" for problem in box.problems)
    if not box.is_managed and not box.problems:
        yield f"  nothing is declared for it, so no connection was made: {_WHAT_TO_SET}"
    yield from _repairs(box.result)
    worst = sorted(box.findings, key=lambda each: each.severity.rank)
    for finding in worst[:_MOST]:
        mended = is_to_be_mended(box.result, finding)
        yield from _finding(finding, None if mended else remedy(box.result, box.findings, finding, Reader.PLAY))
    if len(worst) > _MOST:
        yield f"  and {_codes(worst[_MOST:])}"


def _repairs(result: Result | None) -> Iterator[str]:
    """Yield what was done to the box, and what was tried in vain; a look has done nothing."""
    told = [each for each in result.outcomes if each.status in _TOLD] if result else []
    for outcome in told[:_MOST_REPAIRS]:
        detail = f" ({printable(outcome.detail)})" if outcome.detail else ""
        yield f"  {_TOLD[outcome.status]}: {outcome.repair.title}{detail}"


def _finding(finding: Finding, to_do: str | None) -> Iterator[str]:
    yield f"  {finding.code} ({finding.severity.value}): {finding.title}"
    if to_do is not None and (cause := finding.cause):
        yield f"    cause: {cause}"
    yield f"    seen: {finding.in_full}"
    yield f"    what to do: {to_do or _BY_A_RUN}"


def _codes(findings: Sequence[Finding]) -> str:
    return ", ".join(finding.code for finding in findings)
