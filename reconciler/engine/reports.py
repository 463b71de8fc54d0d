"""From a visit to the report of a box: where it stands, and its chain where it was diagnosed."""

from __future__ import annotations

from dataclasses import replace

from ..diagnosis.chain import diagnose
from ..diagnosis.evidence import Walk
from ..model.target import Target
from ..outcome.states import state_of
from ..results.fleet import BoxReport
from .seam import Visit, Visited


def of_visit(target: Target, visited: Visited, *, was_to_be_changed: bool) -> BoxReport:
    """Return the report of a box that has answered.

    Args:
        was_to_be_changed: something is known to be due on it.
    """
    result = visited.visit.result
    findings = (*result.after, *visited.visit.outside)
    return BoxReport(
        name=target.name,
        state=state_of(result, findings, was_to_be_changed=was_to_be_changed),
        customer=target.desired.customer,
        store=target.desired.store,
        findings=findings,
        result=result,
        seconds=visited.seconds,
    )


def with_diagnosis(target: Target, visit: Visit, report: BoxReport, *, was_to_be_changed: bool) -> BoxReport:
    """Return the report of a box with its chain, and the findings in the order of the chain."""
    result = visit.result
    walk = Walk(
        desired=target.desired,
        observed=result.observed,
        inquiry=result.inquiry,
        public=visit.public,
        outside=visit.is_probed,
    )
    diagnosis, ordered = diagnose(walk, report.findings)
    state = state_of(result, ordered, was_to_be_changed=was_to_be_changed)
    return replace(report, findings=ordered, diagnosis=diagnosis, state=state)
