"""What the exit status says of a run."""

from __future__ import annotations

import dataclasses

import pytest

from reconciler.box.run import _is_failed
from reconciler.codes import CATALOGUE, CodeName, Origin
from reconciler.model.desired import Mode
from reconciler.model.severity import Severity
from reconciler.model.statement import told
from reconciler.model.status import BITS, SHORT, in_words, sums
from reconciler.outcome.exit_status import OF_STATES, exit_status, fails_a_host
from reconciler.outcome.states import state_of
from reconciler.results.finding import Finding, finding
from reconciler.results.fleet import BoxState
from reconciler.results.result import RepairOutcome, RepairStatus, Result
from tests.report.fleet import box, dns, every_state, expired, held, looked, mended, name_unknown, observed, report
from tests.support.observed import NOW

FAILED = finding(CodeName.REPAIR_FAILED, told("fetch a certificate: no space left"))
UNSEEN = finding(CodeName.NOT_OBSERVED, told("nginx: timed out"))
SEEN = observed()


IN_SYNC = looked("till", SEEN)
DUE = looked("till", observed(days=-2), expired())


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (BoxState.IN_SYNC, 0),
        (BoxState.IN_SYNC_AS_SEEN, 0),
        (BoxState.DIFFERS, 2),
        (BoxState.CHANGED, 2),
        (BoxState.FAILED, 4),
        (BoxState.UNSUPPORTED, 4),
        (BoxState.UNREACHABLE, 16),
        (BoxState.DEFERRED, 16),
        (BoxState.INVALID, 4),
        (BoxState.NOT_ATTEMPTED, 4),
        (BoxState.BUSY, 0),
        (BoxState.NOT_MANAGED, 0),
    ],
)
def test_exit_status_of_each_state(state: BoxState, status: int) -> None:
    fine = box("fine", BoxState.IN_SYNC, IN_SYNC)
    assert exit_status(report([fine, box("till", state)])) == status


def test_every_state_has_an_exit_status() -> None:
    assert set(OF_STATES) == set(BoxState)
    silent = {state for state, status in OF_STATES.items() if not status}
    assert silent == {BoxState.IN_SYNC, BoxState.IN_SYNC_AS_SEEN, BoxState.BUSY, BoxState.NOT_MANAGED}


@pytest.mark.parametrize(("mode", "status"), [(Mode.CHECK, 0), (Mode.RECONCILE, 4)])
def test_a_busy_box_is_left_to_the_other_run_by_a_check_and_missed_by_a_reconcile(mode: Mode, status: int) -> None:
    busy = box("till", BoxState.BUSY, findings=(held(),))
    assert exit_status(report([busy], mode=mode)) == status


@pytest.mark.parametrize(
    ("findings", "changed", "status"),
    [((UNSEEN,), False, 4), ((FAILED,), False, 14), ((UNSEEN, expired()), False, 6), ((UNSEEN,), True, 6)],
)
def test_failed_box_adds_2_when_it_differs_or_was_changed(
    *, findings: tuple[Finding, ...], changed: bool, status: int
) -> None:
    result = looked("till", SEEN, *findings, failed=True, changed=changed)
    assert exit_status(report([box("till", BoxState.FAILED, result)])) == status


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("others", "status"), [((), 1), ((BoxState.NOT_MANAGED,), 1), ((BoxState.INVALID,), 4)])
def test_a_run_that_manages_nothing_is_no_success(mode: Mode, others: tuple[BoxState, ...], status: int) -> None:
    boxes = [box("till", BoxState.NOT_MANAGED), *(box(f"other-{each}", state) for each, state in enumerate(others))]
    assert exit_status(report(boxes, mode=mode)) == status


def test_all_add_up() -> None:
    assert exit_status(every_state()) == 2 + 4 + 8 + 16


def after_a_reconcile(code: str) -> Result:
    """What a box answers that has this left at the end of a reconcile."""
    left = finding(CodeName(code), told("seen"))
    if CATALOGUE[code].origin is Origin.CONNECTION:
        return Result.unobserved("till", Mode.RECONCILE, NOW, left)
    failed = _is_failed((left,))
    return dataclasses.replace(looked("till", SEEN, left), mode=Mode.RECONCILE, plan=(), failed=failed)


@pytest.mark.parametrize("code", [each for each, entry in CATALOGUE.items() if entry.severity is Severity.ERROR])
def test_no_error_that_is_left_ends_in_silence(code: str) -> None:
    result = after_a_reconcile(code)
    state = state_of(result, result.after)
    assert exit_status(report([box("till", state, result)], mode=Mode.RECONCILE)) & (4 | 8 | 16)


@pytest.mark.parametrize("how", [RepairStatus.FAILED, RepairStatus.UNDONE])
def test_a_repair_in_vain_is_a_failure_whatever_the_box_says(how: RepairStatus) -> None:
    result = mended(looked("till", SEEN, dns()))
    outcomes = tuple(RepairOutcome(repair=each, status=how) for each in result.plan)
    result = dataclasses.replace(result, outcomes=outcomes, failed=False)
    state = state_of(result, ())
    assert state is BoxState.FAILED
    assert fails_a_host(box("till", state, result), Mode.RECONCILE)


@pytest.mark.parametrize("code", [CodeName.UNSUPPORTED_PYTHON, CodeName.UNSUPPORTED_LAYOUT])
def test_a_box_of_an_unknown_kind_has_a_word_of_its_own_and_the_status_of_a_failure(code: CodeName) -> None:
    only = finding(code, told("Python 3.7.3"))
    result = Result.unobserved("till", Mode.CHECK, NOW, only)
    assert state_of(result, result.after) is BoxState.UNSUPPORTED
    status = exit_status(report([box("till", BoxState.UNSUPPORTED, result)]))
    assert status == exit_status(report([box("till", BoxState.FAILED, result)])) == 14


@pytest.mark.parametrize(("more", "status"), [({}, 10), ({"declined": True}, 2)])
def test_a_run_that_was_held_back_rings_unless_a_person_said_no(more: dict[str, object], status: int) -> None:
    boxes = [box("till", BoxState.DIFFERS, DUE)]
    assert exit_status(report(boxes, mode=Mode.RECONCILE, held_back="too many", **more)) == status


@pytest.mark.parametrize(("missed", "status"), [(None, 16), (1, 0), (2, 0), (3, 16), (4, 16)])
def test_a_box_counts_when_it_missed_enough_runs_and_where_nobody_knows(missed: int | None, status: int) -> None:
    boxes = [box("till", BoxState.UNREACHABLE, missed_runs=missed)]
    assert exit_status(report(boxes, runs_to_miss=3)) == status


@pytest.mark.parametrize(("missed", "status"), [(None, 0), (1, 0), (2, 0), (3, 4), (4, 4)])
def test_a_box_that_is_busy_in_each_check_counts_as_one_that_was_not_looked_at(missed: int | None, status: int) -> None:
    boxes = [box("till", BoxState.BUSY, missed_runs=missed, findings=(held(),))]
    assert exit_status(report(boxes, runs_to_miss=3)) == status


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (CodeName.CONNECTION_TIMEOUT, 0),
        (CodeName.CONNECTION_REFUSED, 0),
        (CodeName.JUMP_HOST_FAILED, 0),
        (CodeName.AUTHENTICATION_FAILED, 16),
        (CodeName.HOST_KEY_CHANGED, 16),
        (CodeName.HOST_KEY_UNKNOWN, 16),
    ],
)
@pytest.mark.parametrize("state", [BoxState.UNREACHABLE, BoxState.DEFERRED])
def test_a_box_that_is_up_and_lets_nobody_in_is_not_waited_for(code: CodeName, status: int, state: BoxState) -> None:
    boxes = [box("till", state, findings=(finding(code, told("as seen")),), missed_runs=1)]
    assert exit_status(report(boxes, runs_to_miss=3)) == status


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (0, "all in sync"),
        (1, "could not do the job"),
        (2, SHORT[2]),
        (14, f"{SHORT[2]}; {SHORT[4]}; {SHORT[8]}"),
        (62, "; ".join(SHORT[bit] for bit in BITS)),
        (3, "not an exit status of this program"),
        (64, "not an exit status of this program"),
        (-1, "not an exit status of this program"),
    ],
)
def test_a_status_in_words(status: int, words: str) -> None:
    assert in_words(status) == words


def test_sums_of_some_bits() -> None:
    assert sums(0) == ()
    assert sums(2) == (2,)
    assert sums(2 | 16 | 32) == (2, 16, 18, 32, 34, 48, 50)


def test_no_box_is_in_sync() -> None:
    assert exit_status(report([])) == 0


@pytest.mark.parametrize(("found", "does"), [(expired(), True), (dns(), True), (name_unknown(), False)])
def test_only_warnings_that_nobody_can_mend_do_not_count(*, found: Finding, does: bool) -> None:
    assert found.counts is does
