"""How long a certificate lasts is one number, wherever it stands."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from iotbox_simulator.authority_modes import ModeSettings
from reconciler.model.desired import Mode
from reconciler.outcome.states import state_of
from reconciler.report import fleet_text
from reconciler.report.json_report import as_object
from reconciler.results.fleet import BoxReport, FleetReport
from reconciler.results.result import Result
from tests.support import runs

SET = replace(runs.DESIRED, renew_before_days=8, overdue_days=5)
"""Days that are set; by its lifetime alone a certificate of four days would not be due."""


def reported(result: Result, started_at: datetime) -> FleetReport:
    state = state_of(result, result.after)
    box = BoxReport(name=result.name, state=state, findings=result.after, result=result)
    return FleetReport(mode=result.mode, started_at=started_at, seconds=1.0, boxes=(box,))


def short_lived(days: float) -> runs.Fleet:
    """A box that is about to be given a certificate which ends so soon."""
    fleet = runs.managed("rw_ini")
    fleet.box.clock.advance(89 * 86400)
    fleet.authority.mode = "short_lived"
    fleet.authority.settings = ModeSettings(days=days)
    return fleet


def table(report: FleetReport) -> str:
    stream = io.StringIO()
    fleet_text.show(report, stream)
    return stream.getvalue()


LASTING = {
    "four days to the second": (4.0, "3 d", "3 days left", 3),
    "a bit more than four days": (4.01, "4 d", "4 days left", 4),
    "one day and an hour": (25 / 24, "1 d", "1 day left", 1),
    "twenty hours": (20.5 / 24, "20 h", "20 hours left", 0),
    "some minutes": (0.02, "28 min", "28 minutes left", 0),
}


@pytest.mark.parametrize("mode", [Mode.RECONCILE, Mode.CHECK])
@pytest.mark.parametrize("name", LASTING)
def test_table_evidence_and_json_agree(name: str, mode: Mode) -> None:
    days, shown, evidence, number = LASTING[name]
    fleet = short_lived(days)
    started = fleet.box.clock.true_time() - timedelta(seconds=20)  # other boxes came first
    result = runs.reconcile(fleet.box, SET)
    if mode is Mode.CHECK:
        result = runs.check(fleet.box, SET)
    report = reported(result, started)
    (found,) = [each for each in result.after if each.code == "IOT_HTTPS_RENEWAL_OVERDUE"]
    assert f"({shown})" in table(report)
    assert f"({evidence})" in found.evidence
    assert as_object(report)["boxes"][0]["certificate"]["days_left"] == number  # type: ignore[index]


ENDED = {"an hour": (1, "1 hour ago", -1), "a day and a half": (36, "1 day ago", -1), "three": (73, "3 days ago", -3)}


@pytest.mark.parametrize("name", ENDED)
def test_after_the_end_too(name: str) -> None:
    hours, evidence, number = ENDED[name]
    fleet = runs.managed("rw_ini")
    fleet.box.clock.advance(90 * 86400 + hours * 3600)
    result = runs.check(fleet.box, SET)
    report = reported(result, fleet.box.clock.true_time())
    (found,) = [each for each in result.after if each.code == "IOT_HTTPS_EXPIRED"]
    assert evidence in found.evidence
    assert "(past)" in table(report)
    assert as_object(report)["boxes"][0]["certificate"]["days_left"] == number  # type: ignore[index]


def test_a_wrong_clock_does_not_change_the_number() -> None:
    fleet = runs.managed("rw_ini")
    fleet.box.clock.advance(86 * 86400)
    fleet.box.clock.skew = -timedelta(days=30).total_seconds()
    result = runs.check(fleet.box, SET)
    (found,) = [each for each in result.after if each.code == "IOT_HTTPS_RENEWAL_OVERDUE"]
    number = re.search(r"\((\d) days left\)", found.evidence)
    assert number
    report = reported(replace(result), fleet.box.clock.true_time())
    assert f"({number[1]} d)" in table(report)
    assert as_object(report)["boxes"][0]["certificate"]["days_left"] == int(number[1])  # type: ignore[index]
