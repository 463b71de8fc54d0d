"""After a run no text promises what that run has just tried."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from iotbox_simulator.machine.recorder import CallKind
from reconciler.codes import CodeName
from reconciler.model.desired import Mode
from reconciler.outcome.remedies import FAILED, GIVEN, MENDED, NOTHING_NEWER, REFUSED
from reconciler.outcome.states import state_of
from reconciler.report import causes, json_report, text
from reconciler.results.fleet import BoxReport, FleetReport
from reconciler.results.result import Result
from reconciler.role.text import message
from tests.simulator.diagnosing import Act, fault, mode, takes_no_certificate
from tests.support import runs
from tests.support.calls import refuse
from tests.support.observed import NOW

PROMISES = ("The repair fetches", "the repair fetches", "fixes this", "The repair takes")
C = CodeName


def boxed(result: Result) -> BoxReport:
    return BoxReport(name=result.name, state=state_of(result, result.after), findings=result.after, result=result)


def told(result: Result, code: CodeName) -> str:
    """What is to be done about a code, the same in every format."""
    box = boxed(result)
    report = FleetReport(mode=result.mode, started_at=NOW, seconds=1.0, boxes=(box,))
    (found,) = (each for each in json.loads(json_report.render(report))["boxes"][0]["findings"] if each["code"] == code)
    remedy: str = found["remedy"]
    (cause,) = (each for each in causes.causes([box]) if each.code == code)
    assert [each.text for each in cause.remedies] == [remedy]
    assert remedy in " ".join(text.render([result]).split())
    assert remedy in message(box)
    return remedy


def both(*acts: Act) -> Callable[[runs.Fleet], None]:
    def act(fleet: runs.Fleet) -> None:
        for each in acts:
            each(fleet)

    return act


SET = replace(runs.DESIRED, renew_before_days=8, overdue_days=5)
"""Days that are set; by its lifetime alone a certificate of three days would not be due."""
AFTER = {
    "a certificate of three days": (both(fault("expired"), mode("short_lived")), C.RENEWAL_OVERDUE, GIVEN),
    "the same certificate again": (both(fault("overdue"), mode("same")), C.RENEWAL_OVERDUE, NOTHING_NEWER),
    "a refusal": (both(fault("expired"), mode("refuse")), C.EXPIRED, REFUSED),
    "only half a certificate": (both(fault("expired"), mode("leaf_only")), C.EXPIRED, REFUSED),
    "a line that breaks": (both(fault("mixed"), mode("timeout")), C.KEY_MISMATCH, REFUSED),
    "a card that takes nothing": (both(fault("expired"), takes_no_certificate), C.EXPIRED, REFUSED),
    "a wrong owner that stays": (fault("not_renewable"), C.NOT_RENEWABLE, FAILED),
}


@pytest.mark.parametrize("name", AFTER)
def test_after_a_reconcile_that_ended_in(name: str) -> None:
    act, code, remedy = AFTER[name]
    fleet = runs.managed("rw_ini")
    if code is C.RENEWAL_OVERDUE and remedy is NOTHING_NEWER:
        fleet.box.clock.advance(86 * 86400)
        fleet.authority.mode = "same"
    else:
        act(fleet)
    if remedy is FAILED:
        refuse(fleet.box, CallKind.SET_OWNER, "/", errno.EPERM)
    result = runs.reconcile(fleet.box, SET)
    assert told(result, code) == remedy
    assert not [promise for promise in PROMISES if promise in remedy]


@pytest.mark.parametrize("again", [runs.check, runs.reconcile])
def test_a_certificate_of_three_days_is_not_asked_for_again_at_once(again: Callable[..., Result]) -> None:
    fleet = runs.managed("rw_ini")
    both(fault("expired"), mode("short_lived"))(fleet)
    runs.reconcile(fleet.box, SET)
    asked = fleet.authority.count
    result = again(fleet.box, SET)
    assert told(result, C.RENEWAL_OVERDUE) == NOTHING_NEWER
    assert fleet.authority.count == asked
    fleet.box.clock.advance(13 * 3600)
    fleet.authority.mode = "ok"
    assert not runs.reconcile(fleet.box, SET).after
    assert fleet.authority.count == asked + 1


def test_before_a_reconcile_its_repair_is_promised() -> None:
    fleet = runs.managed("rw_ini")
    fault("expired")(fleet)
    result = runs.check(fleet.box)
    (cause,) = (each for each in causes.causes([boxed(result)]) if each.code == C.EXPIRED)
    assert [each.text for each in cause.remedies] == [MENDED]
    assert result.mode is Mode.CHECK
