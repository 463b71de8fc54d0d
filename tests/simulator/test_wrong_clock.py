"""A wrong clock explains what follows from it: nothing else is blamed beside it, by whatever way a box is looked at."""

from __future__ import annotations

import pytest

from iotbox_simulator.machine.spec import LayoutKind
from reconciler.authority import Question, Refused, ask
from reconciler.codes import CodeName, Variant
from reconciler.model.inquiry import LogEntry
from reconciler.model.repair import RepairKind
from reconciler.model.statement import say
from reconciler.results.finding import Finding

from ..diagnosis.cases import cause, chain
from ..support import runs
from .diagnosing import diagnosed, healthy

C = CodeName
DAY = 86400.0
YEARS = 800 * DAY


def wrong(kind: LayoutKind, skew: float, *, due: bool = False) -> runs.Fleet:
    """Return a box whose clock is wrong and stays wrong, since network time does not get through."""
    fleet = healthy(kind)
    if due:
        fleet.box.clock.advance(84 * DAY)
    fleet.box.clock.skew = skew
    fleet.box.programs.ntp_works = False
    return fleet


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [each.code for each in found]


@pytest.mark.parametrize("skew", [-YEARS, -30 * DAY, 3600.0, 89 * DAY, YEARS])
@pytest.mark.parametrize("kind", runs.KINDS)
def test_nothing_is_blamed_beside_a_wrong_clock(kind: LayoutKind, skew: float) -> None:
    fleet = wrong(kind, skew)
    assert codes(runs.check(fleet.box).after) == [C.WRONG_CLOCK]
    diagnosis = diagnosed(fleet)
    assert diagnosis.cause is not None
    assert (diagnosis.cause.code, diagnosis.later) == (C.WRONG_CLOCK, ())
    assert codes(runs.reconcile(fleet.box).after) == [C.WRONG_CLOCK]


@pytest.mark.parametrize("skew", [-YEARS, YEARS])
def test_a_certificate_that_is_due_is_not_fetched_by_a_wrong_clock_and_only_the_clock_is_blamed(skew: float) -> None:
    fleet = wrong("rw_ini", skew, due=True)
    assert [each.code for each in diagnosed(fleet).later] == [C.RENEWAL_DUE]
    result = runs.reconcile(fleet.box)
    assert codes(result.after) == [C.WRONG_CLOCK, C.RENEWAL_DUE]
    (fetched,) = [each for each in result.outcomes if each.repair.kind is RepairKind.FETCH_CERTIFICATE]
    assert fetched.detail.startswith("by the box's clock, which is wrong, the certificate that came back is not one of")
    fleet.box.programs.ntp_works = True
    fleet.box.clock.skew = 0.0
    assert codes(runs.reconcile(fleet.box).after) == []


@pytest.mark.parametrize("verdict", ["certificate has expired", "certificate is not yet valid"])
def test_by_a_right_clock_a_certificate_that_is_out_of_date_is_named(verdict: str) -> None:
    contact = {"authority.untrusted": verdict, "authority.by_date": True, "eligibility": None}
    diagnosis = chain({"clock.skew_seconds": 2.0}, contact)
    assert cause(diagnosis) == C.ANSWER_NOT_FROM_ODOO


def test_another_reason_than_dates_is_blamed_beside_a_wrong_clock() -> None:
    contact = {"authority.untrusted": "self-signed certificate", "eligibility": None}
    diagnosis = chain({"clock.skew_seconds": YEARS}, contact)
    assert cause(diagnosis) == C.WRONG_CLOCK
    assert C.ANSWER_NOT_FROM_ODOO in [each.code for each in diagnosis.later]


def test_what_the_log_says_of_connections_is_explained_by_a_wrong_clock() -> None:
    entry = LogEntry(code=C.LOAD_REQUEST_EXCEPTION, at="2026-03-01 00:00:01", text="certificate verify failed")
    asked = {
        "unasked": say("too_late", left=12.0, needed=40.0),
        "authority": None,
        "eligibility": None,
        "log": (entry,),
    }
    codes = [each.code for each in chain({"clock.skew_seconds": YEARS}, asked).later]
    assert codes == [C.DEADLINE]
    assert cause(chain({}, asked)) == C.LOAD_REQUEST_EXCEPTION


def test_the_question_itself_tells_dates_from_another_reason() -> None:
    fleet = wrong("rw_ini", YEARS)
    question = Question(url=runs.DESIRED.authority_url, db_uuid=runs.DESIRED.db_uuid, enterprise_code=None)
    refused = ask(fleet.box, question)
    assert isinstance(refused, Refused)
    assert (refused.code, refused.variant) == (C.ANSWER_NOT_FROM_ODOO, Variant.OUT_OF_DATE)
