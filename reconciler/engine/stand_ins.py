"""Reports of boxes for which no answer stands: not managed, not begun, invalid, or met by a defect of this program."""

from __future__ import annotations

from dataclasses import replace

from ..codes import CodeName
from ..model.desired import Desired
from ..model.target import Invalid, Target
from ..results.finding import finding
from ..results.fleet import BoxReport, BoxState


def invalid_entry(each: Invalid) -> BoxReport:
    """Report a box whose inventory entry cannot be used."""
    return BoxReport(
        name=each.name,
        state=BoxState.INVALID,
        customer=each.customer,
        store=each.store,
        problems=each.problems,
    )


def not_managed(desired: Desired) -> BoxReport:
    """Report a box for which nothing is declared; where its entry says whose or which it is, that was not meant."""
    blank = BoxReport(name=desired.name, state=BoxState.NOT_MANAGED, customer=desired.customer, store=desired.store)
    if not desired.said_of_it:
        return blank
    said = " and ".join(f"iot_https_{name}" for name in desired.said_of_it)
    verb = "is" if len(desired.said_of_it) == 1 else "are"
    way_out = "set iot_https_server_url or another of docs/inventory.md, or iot_https_managed: false where it is none"
    problem = f"{said} {verb} set, and nothing says what the box should be: {way_out}"
    return replace(blank, state=BoxState.NOT_ATTEMPTED, problems=(problem,))


def not_begun(target: Target, seen: BoxReport | None = None) -> BoxReport:
    """Report a box that the run did not come to, with what it saw of it before."""
    return replace(seen or _blank(target), state=BoxState.NOT_ATTEMPTED)


def left_alone(target: Target, seen: BoxReport | None) -> BoxReport:
    """Report a box that was begun, and whose end was not waited for; it may have been changed then."""
    found = finding(CodeName.REPLY_CUT_OFF, "the run was ended without waiting for the program on the box")
    return replace(seen or _blank(target), state=BoxState.FAILED, findings=(found,), is_left_alone=True)


def not_noted(target: Target, seen: BoxReport, why: str) -> BoxReport:
    """Report a box that was not begun, since the next run would not know of it."""
    evidence = f"not changed, since that could not be noted before: {why}"
    return replace(not_begun(target, seen), findings=(*seen.findings, finding(CodeName.REPAIR_FAILED, evidence)))


def broken(target: Target, error: str) -> BoxReport:
    """Report a box at which this program has a defect; the type of an error is all that is told of it."""
    evidence = f"a defect of this program: {error}; run with --debug and report it"
    return replace(_blank(target), state=BoxState.FAILED, findings=(finding(CodeName.NOT_OBSERVED, evidence),))


def _blank(target: Target) -> BoxReport:
    desired = target.desired
    return BoxReport(name=target.name, state=BoxState.NOT_ATTEMPTED, customer=desired.customer, store=desired.store)
