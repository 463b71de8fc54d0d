"""A life with certificates of every length: served without a gap, and the authority is not pestered.

The long form lasts 400 days whatever the length.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from cryptography import x509

from iotbox_simulator.machine.spec import LayoutKind
from reconciler.codes import CodeName as C
from reconciler.machine.leaf import dates

from ..support import runs
from ..support.runs import Fleet

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


def life(row: Row, *, renews_itself: bool) -> Life:
    """Let a box live, with a reconcile every night at half past three.

    Args:
        row: another certificate is to be had when a third of its lifetime is left, at most 30 days.
        renews_itself: the vendor's program renews at its start and at midnight, with less than ten days left.
    """
    fleet, told = _newborn(row.lifetime, renews_itself=renews_itself), Life()
    fleet.box.clock.advance(row.before * 86400)
    for _ in range(row.nights):
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


@dataclass(frozen=True)
class Row:
    """A life, and how often the authority is asked during it.

    Args:
        lifetime: days of every certificate.
        its_own: questions of the vendor's program where it renews by itself.
        ours: questions of ours where it does not.
        nights: how long the life lasts.
        before: days before it in which nobody looks.
    """

    lifetime: float
    its_own: int
    ours: int
    nights: int = 400
    before: int = 0


LONG = (
    Row(6, 401, 99),  # with less than ten days left it asks at its start and every midnight, which is always
    Row(45, 11, 10),
    Row(64, 7, 7),
    Row(90, 4, 4),
    Row(398, 1, 1),
)
SHORT = (
    Row(6, 31, 7, nights=30),
    Row(45, 2, 2, nights=80),
    Row(64, 2, 2, nights=120),
    Row(90, 1, 1, nights=100),
    Row(398, 1, 1, nights=60, before=340),
)
"""As long as it takes to need a new certificate, or two."""
lives = pytest.mark.parametrize(
    "row",
    [*SHORT, *(pytest.param(row, marks=pytest.mark.soak) for row in LONG)],
    ids=lambda row: f"{row.lifetime} days",
)


@lives
def test_a_box_that_renews_itself_is_left_to_it(row: Row) -> None:
    lived = life(row, renews_itself=True)
    assert lived.gaps == []
    assert (lived.its_own, lived.ours) == (row.its_own, 0)
    assert lived.found == {}
    assert len(lived.serials) >= row.ours


@lives
def test_a_box_that_does_not_is_renewed_with_one_question_for_each_certificate(row: Row) -> None:
    lived = life(row, renews_itself=False)
    assert lived.gaps == []
    assert (lived.its_own, lived.ours) == (0, row.ours)
    assert lived.found == {C.RENEWAL_DUE: row.ours}
    assert len(lived.serials) == row.ours + 1
    assert row.its_own >= row.ours
