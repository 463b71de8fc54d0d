"""What the exit status says of a run."""

from __future__ import annotations

import pytest

from reconciler.codes import CodeName, finding
from reconciler.model.desired import Mode
from reconciler.model.fleet import BoxState
from reconciler.model.result import Finding
from reconciler.report.status import exit_status

from .fleet import box, dns, every_state, expired, held, looked, name_unknown, observed, report

FAILED = finding(CodeName.REPAIR_FAILED, "fetch a certificate: no space left")
UNSEEN = finding(CodeName.NOT_OBSERVED, "nginx: timed out")
SEEN = observed()


IN_SYNC = looked("till", SEEN)
DUE = looked("till", observed(days=-2), expired())


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (BoxState.IN_SYNC, 0),
        (BoxState.DIFFERS, 2),
        (BoxState.CHANGED, 2),
        (BoxState.FAILED, 4),
        (BoxState.UNREACHABLE, 4),
        (BoxState.DEFERRED, 4),
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
    statuses = {state: exit_status(report([box("till", state)])) for state in BoxState}
    assert [state for state, status in statuses.items() if not status] == [BoxState.IN_SYNC, BoxState.BUSY]


@pytest.mark.parametrize(("mode", "status"), [(Mode.CHECK, 0), (Mode.RECONCILE, 4)])
def test_a_busy_box_is_left_to_the_other_run_by_a_check_and_missed_by_a_reconcile(mode: Mode, status: int) -> None:
    busy = box("till", BoxState.BUSY, findings=(held(),))
    assert exit_status(report([busy], mode=mode)) == status


@pytest.mark.parametrize(
    ("findings", "changed", "status"),
    [((UNSEEN,), False, 4), ((FAILED,), False, 6), ((UNSEEN, expired()), False, 6), ((UNSEEN,), True, 6)],
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


def test_both_add_up() -> None:
    assert exit_status(every_state()) == 6


def test_no_box_is_in_sync() -> None:
    assert exit_status(report([])) == 0


@pytest.mark.parametrize(("found", "does"), [(expired(), True), (dns(), True), (name_unknown(), False)])
def test_only_warnings_that_nobody_can_mend_do_not_count(*, found: Finding, does: bool) -> None:
    assert found.counts is does
