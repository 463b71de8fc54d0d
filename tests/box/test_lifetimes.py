"""A life of 400 days with certificates of every length: served without a gap, and the authority is not pestered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from cryptography import x509

from iotbox_simulator.machine.spec import LayoutKind
from reconciler.box.pairs import dates
from reconciler.codes import CodeName as C

from ..support import runs
from ..support.runs import Fleet

DAYS = 400
DAY = timedelta(days=1)
KIND: LayoutKind = "rw_ini"


@dataclass
class Life:
    """What a box went through. `ours` and `its_own`: requests to the authority by who asked."""

    ours: int = 0
    its_own: int = 0
    gaps: list[datetime] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)
    serials: set[int] = field(default_factory=set)


def life(lifetime: float, *, renews_itself: bool) -> Life:
    """Let a box live, with a reconcile every night at half past three.

    Args:
        lifetime: days of every certificate; another is to be had when a third is left, at most 30 days.
        renews_itself: the vendor's program renews at its start and at midnight, with less than ten days left.
    """
    fleet, told = _newborn(lifetime, renews_itself=renews_itself), Life()
    for _ in range(DAYS):
        now = fleet.box.now()
        fleet.box.clock.advance((_next_half_past_three(now) - now).total_seconds())
        _look(fleet, told)
        result = runs.reconcile(fleet.box)
        told.found.update(each.code for each in result.before)
        assert runs.codes(result) == []
        _look(fleet, told)
    for request in fleet.authority.requests:
        told.ours += "User-Agent" in request.headers
        told.its_own += "User-Agent" not in request.headers
    return told


def _newborn(lifetime: float, *, renews_itself: bool) -> Fleet:
    fleet = runs.managed(KIND)
    fleet.authority.lifetime = lifetime * DAY
    fleet.authority.current.clear()
    fleet.authority.requests.clear()
    if renews_itself:
        fleet.box.odoo.tend = fleet.box.vendor.tends
    fleet.box.vendor.renews()
    fleet.authority.requests.clear()
    fleet.box.reboot()
    return fleet


def _next_half_past_three(now: datetime) -> datetime:
    today = now.replace(hour=3, minute=30, second=0, microsecond=0)
    return today if today > now else today + DAY


def _look(fleet: Fleet, told: Life) -> None:
    served, now = fleet.box.nginx.served, fleet.box.now()
    if served is None:
        told.gaps.append(now)
        return
    leaf = x509.load_der_x509_certificate(served)
    begins, ends = dates(leaf)
    told.serials.add(leaf.serial_number)
    if not begins <= now < ends:
        told.gaps.append(now)


LIVES = [
    # lifetime in days, questions of the vendor's program alone, of ours alone
    (6, 401, 99),  # with less than ten days left it asks at its start and every midnight, which is always
    (45, 11, 10),
    (64, 7, 7),
    (90, 4, 4),
    (398, 1, 1),
]


@pytest.mark.parametrize(("lifetime", "its_own", "ours"), LIVES)
def test_a_box_that_renews_itself_is_left_to_it(lifetime: float, its_own: int, ours: int) -> None:
    lived = life(lifetime, renews_itself=True)
    assert lived.gaps == []
    assert (lived.its_own, lived.ours) == (its_own, 0)
    assert lived.found == {}
    assert len(lived.serials) >= ours


@pytest.mark.parametrize(("lifetime", "its_own", "ours"), LIVES)
def test_a_box_that_does_not_is_renewed_with_one_question_for_each_certificate(
    lifetime: float, its_own: int, ours: int
) -> None:
    lived = life(lifetime, renews_itself=False)
    assert lived.gaps == []
    assert (lived.its_own, lived.ours) == (0, ours)
    assert lived.found == {C.RENEWAL_DUE: ours}
    assert len(lived.serials) == ours + 1
    assert its_own >= ours
