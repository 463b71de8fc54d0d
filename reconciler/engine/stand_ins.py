"""Reports of boxes of which a run has no outcome: not begun, left at work, or met by a defect of this program."""

from __future__ import annotations

from dataclasses import replace

from ..codes import CodeName
from ..model.statement import say
from ..model.target import Target
from ..results.finding import finding
from ..results.fleet import BoxReport, BoxState


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
