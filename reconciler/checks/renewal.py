"""When a certificate is due for renewal and when that is overdue: as somebody set it, else by its lifetime.

Certificates get shorter, and days that are right for ninety are wrong for six: such a one would be due from its first
hour on. An ACME client renews when a third is left, so that is when a renewal that did not happen is worth a question.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from ..model.desired import DUE_AT_MOST_DAYS, OVERDUE_AT_MOST_DAYS, CertificateSource, Desired
from ..model.observed import Certificate, Pair
from .validity import SPOILT, ends, valid

DUE_AT_MOST: Final = timedelta(days=DUE_AT_MOST_DAYS)
OVERDUE_AT_MOST: Final = timedelta(days=OVERDUE_AT_MOST_DAYS)
BOX_MAY_ASK: Final = timedelta(days=11)
"""Before the end: the vendor's program asks from ten days on, by the box's local time."""
BOX_SURELY_ASKS: Final = timedelta(days=9)
"""Before the end: ten days less what a time zone may make of them."""
_DUE, _OVERDUE = 3, 6
"""The part of a lifetime that is left."""


def due_before(desired: Desired, leaf: Certificate) -> timedelta:
    """Return how long before its end a certificate is due."""
    if desired.renew_before_days is not None:
        return min(timedelta(days=desired.renew_before_days), _box_agrees(desired))
    return min(DUE_AT_MOST, _lifetime(leaf) / _DUE)


def _box_agrees(desired: Desired) -> timedelta:
    """Return how early a renewal can be had at all: the box's own software leaves an earlier one out."""
    return BOX_SURELY_ASKS if desired.certificate_source is CertificateSource.NATIVE else timedelta.max


def overdue_before(desired: Desired, leaf: Certificate) -> timedelta:
    """Return how long before its end a renewal that did not happen is an error, never before it is due."""
    due = due_before(desired, leaf)
    if desired.overdue_days is not None:
        return min(timedelta(days=desired.overdue_days), due)
    return min(OVERDUE_AT_MOST, _lifetime(leaf) / _OVERDUE, due * (OVERDUE_AT_MOST / DUE_AT_MOST))


def fresh(desired: Desired, pair: Pair | None, now: datetime) -> bool:
    """Tell whether a pair is as good as a newly fetched one: valid, complete, and not due for renewal."""
    if pair is None or valid(pair, now) is None or pair.chain in SPOILT:
        return False
    return not is_due(desired, pair, now)


def is_due(desired: Desired, pair: Pair, now: datetime) -> bool:
    """Tell whether a pair that has a leaf is due, or has ended."""
    return pair.certificate is None or now >= ends(pair) - due_before(desired, pair.certificate)


def is_overdue(desired: Desired, pair: Pair, now: datetime) -> bool:
    """Tell the same of an overdue one."""
    return pair.certificate is None or now >= ends(pair) - overdue_before(desired, pair.certificate)


def _lifetime(leaf: Certificate) -> timedelta:
    return leaf.not_after - leaf.not_before
