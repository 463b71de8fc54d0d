"""What a person reads who runs a play: where a box stands, and of each finding the code, the cause and the way out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..codes import CATALOGUE
from ..model.fleet import BoxReport
from ..model.result import Finding, Severity
from ..report.remedies import remedy
from ..report.standing import is_to_be_mended

_MOST = 5
"""Findings that are told in full; all are in the result."""


def message(box: BoxReport) -> str:
    """Return it in lines, the worst first."""
    return "\n".join(_lines(box))


def _lines(box: BoxReport) -> Iterator[str]:
    yield f"{box.name}: {box.state.value.replace('_', ' ')}"
    yield from (f"  {problem}" for problem in box.problems)
    if not box.is_managed and not box.problems:
        yield "  nothing is declared for it, so no connection was made: see docs/inventory.md for what to set"
    order = list(Severity)
    worst = sorted(box.findings, key=lambda each: order.index(each.severity))
    for finding in worst[:_MOST]:
        mended = is_to_be_mended(box.result, finding)
        yield from _finding(finding, None if mended else remedy(box.result, box.findings, finding))
    if len(worst) > _MOST:
        yield f"  and {_codes(worst[_MOST:])}"


def _finding(finding: Finding, to_do: str | None) -> Iterator[str]:
    entry = CATALOGUE.get(finding.code)
    yield f"  {finding.code} ({finding.severity.value}): {entry.title if entry else ''}"
    if entry and to_do is not None:
        yield f"    cause: {entry.cause}"
    yield f"    seen: {finding.in_full}"
    yield f"    what to do: {to_do or 'a run that is no check mends this'}"


def _codes(findings: Sequence[Finding]) -> str:
    return ", ".join(finding.code for finding in findings)
