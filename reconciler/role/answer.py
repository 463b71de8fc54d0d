"""From what came of a box to the result of the Ansible module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ..model.desired import Mode, Request
from ..outcome.exit_status import fails_a_host
from ..outcome.states import state_of
from ..report.json_report import as_object
from ..results.finding import Finding, Reader
from ..results.fleet import BoxReport, BoxState, FleetReport
from ..results.result import Repair, Result
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
    report = FleetReport(
        mode=request.mode, started_at=started, seconds=result.seconds, boxes=(box,), reader=Reader.PLAY
    )
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


def of_no_connection(report: FleetReport) -> Mapping[str, object]:
    """Return what is kept of a box to which there was no connection; Ansible itself says that of the task."""
    return as_object(report)


def _common(box: BoxReport, report: FleetReport) -> dict[str, Any]:
    """Return what every result has; findings and repairs are those of the command's JSON."""
    whole: Any = as_object(report)
    (row,) = whole["boxes"]
    planned = [_planned(each) for each in row["plan"]] if report.mode is Mode.CHECK else []
    return {
        "msg": text.message(box),
        "state": box.state.value,
        "in_sync": box.state in (BoxState.IN_SYNC, BoxState.IN_SYNC_AS_SEEN, BoxState.CHANGED),
        "findings": [_finding(*each) for each in zip(box.findings, row["findings"], strict=True)],
        "repairs": [*planned, *map(_repair, row["outcomes"])],
        "report": whole,
    }


def _finding(finding: Finding, row: Mapping[str, object]) -> Mapping[str, object]:
    """Return a finding with its cause, for those who read a play's result and no catalogue."""
    return {**row, "cause": finding.cause, "whose": finding.whose or ""}


def _planned(row: Mapping[str, object]) -> Mapping[str, object]:
    return {**row, "status": PLANNED, "seen": [], "code": None}


def _repair(row: Mapping[str, Any]) -> Mapping[str, object]:
    return {**row["repair"], **{name: value for name, value in row.items() if name != "repair"}}


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
