"""A repair that failed is named as long as what it was for stands, and no longer."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from reconciler.box.notes import last_run
from reconciler.codes import CodeName
from reconciler.model import wire
from reconciler.model.inquiry import Failure, LastRun
from reconciler.model.repair import RepairKind
from reconciler.model.statement import say, told
from reconciler.results.finding import finding
from reconciler.results.result import Repair, RepairOutcome, RepairStatus

from ..support import runs
from ..support.observed import NOW
from .cases import cause, chain

C = CodeName
FETCH = Repair(kind=RepairKind.FETCH_CERTIFICATE, because=(C.RENEWAL_DUE,))
BROKEN = Failure(code=C.REPAIR_FAILED, seen=(told("fetch a certificate: broken"),))


def failed(*left: CodeName) -> LastRun:
    return LastRun(at=NOW - timedelta(hours=8), failures=(BROKEN,), left=left)


@pytest.mark.parametrize(
    ("left", "stands", "first"),
    [
        ((C.RENEWAL_DUE,), C.RENEWAL_DUE, C.REPAIR_FAILED),
        ((C.RENEWAL_DUE,), C.KEY_EXPOSED, C.KEY_EXPOSED),
        ((), C.KEY_EXPOSED, C.KEY_EXPOSED),
    ],
)
def test_it_is_named_while_its_reason_stands(left: tuple[CodeName, ...], stands: CodeName, first: CodeName) -> None:
    found = finding(stands, told("seen"))
    assert cause(chain({}, {"last_run": failed(*left)}, {}, found)) == first


@pytest.mark.parametrize("left", [(), (C.RENEWAL_DUE,)])
def test_a_box_that_has_healed_is_not_blamed(left: tuple[CodeName, ...]) -> None:
    assert cause(chain({}, {"last_run": failed(*left)})) is None


def test_only_what_was_to_be_mended_is_noted_beside_a_failure() -> None:
    box = runs.managed("rw_ini").box
    after = (
        finding(C.REPAIR_FAILED, told("fetch a certificate: broken")),
        finding(C.RENEWAL_DUE, told("7 days left")),
        finding(C.STORE_WARNING, told("a comment")),
    )
    last_run.note(box, after, (RepairOutcome(repair=FETCH, status=RepairStatus.FAILED),))
    noted = last_run.recall(box)
    assert noted is not None
    assert noted.left == (C.RENEWAL_DUE,)
    last_run.note(box, (), ())
    assert last_run.recall(box) is None


def test_a_note_of_an_older_version_is_dropped() -> None:
    box = runs.managed("rw_ini").box
    outcomes = (RepairOutcome(repair=FETCH, status=RepairStatus.FAILED),)
    last_run.note(box, (finding(C.REPAIR_FAILED, told("broken")),), outcomes)
    assert last_run.recall(box) is not None
    older = {"at": NOW.isoformat(), "failures": {"IOT_HTTPS_REPAIR_FAILED": "broken"}, "left": []}
    box.host.write(last_run.NOTE, json.dumps(older).encode())
    assert last_run.recall(box) is None


def test_a_note_with_a_sentence_of_another_version_is_dropped() -> None:
    box = runs.managed("rw_ini").box
    noted = LastRun(
        at=NOW, failures=(Failure(code=C.REPAIR_FAILED, seen=(say("of_tomorrow"),)),), left=(C.RENEWAL_DUE,)
    )
    box.host.write(last_run.NOTE, json.dumps(wire.encode(noted)).encode())
    assert last_run.recall(box) is None
