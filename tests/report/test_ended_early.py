"""A run that was asked to end says what that came to, and no more."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reconciler.engine.reports import left_alone
from reconciler.report.ended_early import notes
from reconciler.results.fleet import BoxReport, BoxState
from tests.engine.world import target
from tests.report.fleet import report

DONE = BoxReport(name="done", state=BoxState.IN_SYNC)
NO_TURN = BoxReport(name="no-turn", state=BoxState.NOT_ATTEMPTED)
ALONE = left_alone(target("alone"), None)


@pytest.mark.parametrize(
    ("boxes", "interrupted", "lines"),
    [
        ([DONE, NO_TURN], False, []),
        ([DONE], True, ["The run was asked to end; every box had had its turn."]),
        ([DONE, NO_TURN], True, ["The run was ended before 1 of 2 boxes had their turn."]),
        (
            [ALONE, DONE, NO_TURN],
            True,
            [
                "The run was ended before 1 of 3 boxes had their turn.",
                "The run did not wait for 1 box: what a box had begun it finishes or undoes alone.",
            ],
        ),
    ],
)
def test_only_what_is_so_is_told(boxes: Sequence[BoxReport], *, interrupted: bool, lines: list[str]) -> None:
    assert notes(report(list(boxes), interrupted=interrupted)) == lines
