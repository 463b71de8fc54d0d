"""Due and overdue follow from a certificate's lifetime, and from days that somebody set."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from reconciler.checks.renewal import due_before, is_due, is_overdue, overdue_before
from reconciler.model.desired import CertificateSource
from reconciler.model.observed import Certificate

from ..support.observed import NOW, certificate, pair, wanted

DAY = timedelta(days=1)
LIFETIMES = (
    # lifetime, due, overdue, in days before the end
    (6, 2, 1),
    (6.66, 2.22, 1.11),
    (7, 7 / 3, 7 / 6),
    (10, 10 / 3, 10 / 6),
    (15, 5, 2.5),
    (24, 8, 4),
    (30, 8, 5),
    (45, 8, 5),
    (47, 8, 5),
    (64, 8, 5),
    (90, 8, 5),
    (100, 8, 5),
    (200, 8, 5),
    (398, 8, 5),
)
SET: tuple[int | None, ...] = (None, 1, 2, 4, 8, 20, 60)


def of(lifetime: float, left: float) -> Certificate:
    """Return a certificate of such a lifetime with so many days left."""
    ends = NOW + left * DAY
    return replace(certificate(NOW), not_before=ends - lifetime * DAY, not_after=ends)


@pytest.mark.parametrize(("lifetime", "due", "overdue"), LIFETIMES)
def test_a_third_left_is_due_and_a_sixth_left_is_overdue(lifetime: float, due: float, overdue: float) -> None:
    leaf = of(lifetime, lifetime)
    assert due_before(wanted(), leaf) / DAY == pytest.approx(due)
    assert overdue_before(wanted(), leaf) / DAY == pytest.approx(overdue)


@pytest.mark.parametrize(("lifetime", "due", "overdue"), LIFETIMES)
def test_each_state_begins_at_its_moment(lifetime: float, due: float, overdue: float) -> None:
    moment = 1 / 86400
    states = [
        (is_due(wanted(), pair(of(lifetime, left)), NOW), is_overdue(wanted(), pair(of(lifetime, left)), NOW))
        for left in (lifetime, due + moment, due - moment, overdue + moment, overdue - moment, 0)
    ]
    assert states == [(False, False), (False, False), (True, False), (True, False), (True, True), (True, True)]


@pytest.mark.parametrize(("renew", "overdue"), [each for each in product(SET, SET) if each != (None, None)])
def test_days_that_somebody_set_are_taken_and_overdue_never_comes_first(renew: int | None, overdue: int | None) -> None:
    desired = wanted(renew_before_days=renew, overdue_days=overdue)
    for lifetime, *_ in LIFETIMES:
        leaf = of(lifetime, lifetime)
        due, late = due_before(desired, leaf), overdue_before(desired, leaf)
        assert renew is None or due == renew * DAY
        assert late == (min(due, overdue * DAY) if overdue is not None else late)
        assert late <= due


@pytest.mark.parametrize(("days", "due"), [(None, 8), (5, 5), (9, 9), (30, 9)])
def test_a_box_that_fetches_for_itself_is_due_no_earlier_than_it_agrees(days: int | None, due: float) -> None:
    desired = wanted(certificate_source=CertificateSource.NATIVE, renew_before_days=days)
    assert due_before(desired, of(90, 90)) == due * DAY
