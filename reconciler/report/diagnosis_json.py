"""The part of the JSON report that a diagnosis adds: the chain of each box, and the work that is left in each shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..model import wire
from ..model.desired import Mode
from ..results.diagnosis import Step
from ..results.fleet import BoxReport, FleetReport
from .work_order import WorkItem, WorkOrder
from .work_order import work_orders as all_work_orders


def diagnosis(box: BoxReport) -> Mapping[str, object] | None:
    """Return the chain of a box; `None` where none was walked."""
    found = box.diagnosis
    if found is None:
        return None
    return {
        "cause": found.cause and found.cause.code,
        "steps": [_step(each) for each in found.steps],
        "ticket": found.ticket,
    }


def work_orders(report: FleetReport) -> list[Mapping[str, object]]:
    """Return the work that is left; nothing for a run that did not diagnose."""
    if report.mode is not Mode.DIAGNOSE:
        return []
    return [_order(each) for each in all_work_orders(report.boxes)]


def recipes(exact: Sequence[tuple[str, str]]) -> list[Mapping[str, object]]:
    """Return the exact lines that a remedy needs, each with where it goes."""
    return [{"where": where, "line": line} for where, line in exact]


def _step(step: Step) -> Mapping[str, object]:
    return {
        "name": wire.encode(step.name),
        "state": wire.encode(step.state),
        "evidence": step.evidence,
        "codes": [each.code for each in step.findings],
        "page": step.page,
    }


def _order(order: WorkOrder) -> Mapping[str, object]:
    return {
        "scope": wire.encode(order.scope),
        "customer": order.customer,
        "store": order.store,
        "boxes": order.boxes,
        "in_order": order.in_order,
        "jobs": [_job(each) for each in order.jobs],
    }


def _job(job: WorkItem) -> Mapping[str, object]:
    return {
        "code": job.code,
        "title": job.title,
        "severity": wire.encode(job.severity),
        "by_software": job.by_software,
        "remedy": job.remedy,
        "recipes": recipes(job.recipes),
        "page": job.page,
        "ticket": job.ticket,
        "boxes": [{"name": name, "evidence": evidence} for name, evidence in job.boxes.items()],
    }
