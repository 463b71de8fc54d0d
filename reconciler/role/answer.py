"""From what came of a box to the result of the Ansible module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ..model import wire
from ..model.desired import Mode, Request
from ..report.json_report import as_object
from ..report.remedies import remedy
from ..report.status import fails_a_host
from ..results.finding import Finding
from ..results.fleet import BoxReport, BoxState, FleetReport
from ..results.result import Repair, Result
from ..states import state_of
from . import text

PLANNED = "planned"
"""Status of a repair that a check would do."""


def of_run(request: Request, result: Result, *, diff: bool, now: datetime | None = None) -> dict[str, Any]:
    """Return the task's result for a box that was looked at.

    Args:
        now: when the control machine began.
        diff: add what each repair changes, as Ansible shows it.
    """
    desired = request.desired
    box = BoxReport(
        name=desired.name,
        state=state_of(result, result.after),
        customer=desired.customer,
        store=desired.store,
        findings=result.after,
        result=result,
        seconds=result.seconds,
    )
    started = request.sent_at or now or result.started_at
    report = FleetReport(mode=request.mode, started_at=started, seconds=result.seconds, boxes=(box,))
    answer = {"changed": result.changed, "failed": fails_a_host(box, request.mode), **_common(box, report)}
    if request.mode is Mode.CHECK:
        answer["changed"] = bool(result.plan)
    if diff:
        answer["diff"] = [_diff(box.name, repair) for repair in _to_show(result)]
    return answer


def of_refusal(report: FleetReport) -> dict[str, Any]:
    """Return the module's result for a box that was not looked at, since its entry cannot be used.

    The arguments are not repeated: a secret may be where none belongs.
    """
    (box,) = report.boxes
    return {"changed": False, "failed": True, **_common(box, report), "invocation": {"module_args": {}}}


def of_unmanaged(report: FleetReport) -> dict[str, Any]:
    """Return the module's result for a box that was not looked at, since nothing is declared for it."""
    (box,) = report.boxes
    return {"changed": False, "failed": fails_a_host(box, report.mode), **_common(box, report)}


def _common(box: BoxReport, report: FleetReport) -> dict[str, Any]:
    result = box.result
    return {
        "msg": text.message(box),
        "state": box.state.value,
        "in_sync": box.state in (BoxState.IN_SYNC, BoxState.CHANGED),
        "findings": [_finding(box, each) for each in box.findings],
        "repairs": list(_repairs(result)) if result else [],
        "report": as_object(report),
    }


def _finding(box: BoxReport, finding: Finding) -> Mapping[str, object]:
    return {
        "code": finding.code,
        "severity": wire.encode(finding.severity),
        "class": wire.encode(finding.finding_class),
        "title": finding.title,
        "cause": finding.cause,
        "remedy": remedy(box.result, box.findings, finding),
        "evidence": finding.evidence,
        "whose": finding.whose or "",
        "repairable": finding.repairable,
    }


def _repairs(result: Result) -> Iterator[Mapping[str, object]]:
    if result.mode is Mode.CHECK:
        yield from (_repair(repair, PLANNED, repair.detail) for repair in result.plan)
    for outcome in result.outcomes:
        yield _repair(outcome.repair, wire.encode(outcome.status), outcome.detail)


def _repair(repair: Repair, status: str, detail: str) -> Mapping[str, object]:
    because, diff = list(repair.because), list(repair.diff)
    return {
        "kind": wire.encode(repair.kind),
        "title": repair.title,
        "status": status,
        "because": because,
        "detail": detail,
        "diff": diff,
    }


def _to_show(result: Result) -> Iterator[Repair]:
    repairs = result.plan if result.mode is Mode.CHECK else [each.repair for each in result.outcomes]
    return (repair for repair in repairs if repair.diff)


def _diff(name: str, repair: Repair) -> Mapping[str, str]:
    header = f"{name}: {repair.title}"
    return {
        "before_header": header,
        "after_header": header,
        "before": _side(repair, "-"),
        "after": _side(repair, "+"),
    }


def _side(repair: Repair, sign: str) -> str:
    return "".join(f"{line[2:]}\n" for line in repair.diff if line.startswith(sign))
