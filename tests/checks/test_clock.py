"""By which clock dates are judged: the box's, or the control machine's once the box's is more than 300 s away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reconciler.checks.clock import clock_is_wrong, judged_at

from ..support.observed import NOW, changed, healthy

ROWS = {
    "nothing to compare with": (None, False),
    "in step": (0.0, False),
    "the most that is right, ahead": (300.0, False),
    "the most that is right, behind": (-300.0, False),
    "a moment more, ahead": (300.5, True),
    "a moment more, behind": (-300.5, True),
    "two hours ahead": (7200.0, True),
    "years behind": (-2 * 365 * 86400.0, True),
}


@pytest.mark.parametrize("title", ROWS)
def test_dates_are_judged_by_the_clock_that_is_right(title: str) -> None:
    skew, is_wrong = ROWS[title]
    observed = changed(healthy(NOW), {"clock.skew_seconds": skew})

    assert clock_is_wrong(observed) is is_wrong
    # a box that is ahead says a later time than it is
    assert judged_at(observed) == (NOW - timedelta(seconds=skew) if is_wrong and skew else NOW)
