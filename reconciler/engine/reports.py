"""From what came of a box to its report: where it stands, also where there is no answer, and its chain."""

from __future__ import annotations

from dataclasses import replace

from ..codes import CodeName
from ..diagnosis.chain import diagnose
from ..diagnosis.evidence import Walk
from ..model.statement import say
from ..model.target import Target
from ..outcome.states import state_of
from ..results.finding import finding, on
from ..results.fleet import BoxReport, BoxState
from .seam import Visit, Visited


def of_visit(target: Target, visited: Visited, *, was_to_be_changed: bool) -> BoxReport:
    """Return the report of a box that has answered.

    Args:
        was_to_be_changed: something is known to be due on it.
    """
    result = visited.visit.result
    findings = (*result.after, *visited.visit.outside)
    if result.observed is not None:
        findings = on(result.observed.layout.system, findings)
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


def not_begun(target: Target, seen: BoxReport | None = None) -> BoxReport:
    """Report a box that the run did not come to, with what it saw of it before."""
    return replace(seen or _blank(target), state=BoxState.NOT_ATTEMPTED)


def left_alone(target: Target, seen: BoxReport | None) -> BoxReport:
    """Report a box that was begun, and whose end was not waited for; it may have been changed then."""
    found = finding(CodeName.REPLY_CUT_OFF, say("not_waited_for"))
    return replace(seen or _blank(target), state=BoxState.FAILED, findings=(found,), is_left_alone=True)


def not_noted(target: Target, seen: BoxReport, why: str) -> BoxReport:
    """Report a box that was not begun, since the next run would not know of it."""
    found = finding(CodeName.REPAIR_FAILED, say("not_noted_before", reason=why))
    return replace(not_begun(target, seen), findings=(*seen.findings, found))


def broken(target: Target, error: str) -> BoxReport:
    """Report a box at which this program has a defect; the type of an error is all that is told of it."""
    found = finding(CodeName.NOT_OBSERVED, say("defect", error=error))
    return replace(_blank(target), state=BoxState.FAILED, findings=(found,))


def _blank(target: Target) -> BoxReport:
    desired = target.desired
    return BoxReport(name=target.name, state=BoxState.NOT_ATTEMPTED, customer=desired.customer, store=desired.store)
