"""A check rings for what reconcile cannot end, and for nothing else: two faults at once, looked at, then repaired."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.codes import CodeName
from reconciler.outcome.standing import stands
from reconciler.outcome.states import state_of
from reconciler.results.fleet import BoxReport
from reconciler.results.result import Result

from ..support import runs
from .diagnosing import Scenario, router
from .scenarios import OF_DNS, OF_THE_FILES, OF_THE_SERVICES

A_FOLDER = (CodeName.CHECK_CERT_READ_EXCEPTION, CodeName.KEY_UNREADABLE)
"""Where a folder stands in place of a file, another fault of that file cannot come about."""
PAIRS = [each for each in OF_THE_FILES if each.code not in A_FOLDER]
OTHERS = [each for each in (OF_DNS[0], *OF_THE_SERVICES) if each.seen is None]


def standing(result: Result) -> set[str]:
    state = state_of(result, result.after)
    box = BoxReport(name=result.name, state=state, findings=result.after, result=result)
    return {each.code for each in result.after if stands(box, each)}


@pytest.mark.parametrize("first", PAIRS, ids=lambda each: str(each.code))
def test_what_a_check_calls_standing_stands_after_a_reconcile(first: Scenario) -> None:
    wrong = []
    for second in OTHERS:
        fleet = runs.managed("rw_ini")
        router()(fleet)
        first.act(fleet)
        second.act(fleet)
        desired = replace(runs.DESIRED, **{**first.want, **second.want})
        checked, reconciled = runs.check(fleet.box, desired), runs.reconcile(fleet.box, desired)
        if extra := standing(checked) - standing(reconciled):
            wrong.append((second.code, extra))
    assert wrong == []


def test_there_are_pairs_to_try() -> None:
    assert len(PAIRS) * len(OTHERS) > 100
