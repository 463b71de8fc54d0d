"""From a visit to a diagnosis: the findings in the order of the chain, and where the box stands by them."""

from __future__ import annotations

from dataclasses import replace

from ..diagnosis.chain import diagnose
from ..diagnosis.evidence import Walk
from ..model.target import Target
from ..outcome.states import state_of
from ..results.fleet import BoxReport
from .world import Visit


def with_diagnosis(target: Target, visit: Visit, report: BoxReport, *, was_to_be_changed: bool) -> BoxReport:
    """Return the report of a box with its chain."""
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
