"""What makes a pair good, in one place: checks name what is not, the plan chooses which pair to keep."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from ..model.observed import Certificate, ChainState, Pair

UNCHANGED_FOR: Final = timedelta(hours=12)
"""How long an unchanged answer of the authority is believed before it is asked again."""


def sound(pair: Pair | None) -> Certificate | None:
    """Return the leaf of a pair that nginx can load, whatever it says."""
    return pair.certificate if pair is not None and pair.problem is None else None


def real(pair: Pair | None) -> Certificate | None:
    """Return the leaf of a loadable pair that is not the image's temporary one."""
    leaf = sound(pair)
    return leaf if leaf is not None and not leaf.temporary else None


def valid(pair: Pair | None, now: datetime) -> Certificate | None:
    """Return the leaf of a loadable real pair that is in date."""
    leaf = real(pair)
    return leaf if leaf is not None and leaf.not_before <= now < leaf.not_after else None


def fresh(pair: Pair | None, renew_before_days: int, now: datetime) -> bool:
    """Tell whether a pair is as good as a newly fetched one: valid, complete, and not due for renewal."""
    leaf = valid(pair, now)
    complete = pair is not None and pair.chain is not ChainState.INCOMPLETE
    return leaf is not None and complete and not ends_within(leaf, renew_before_days, now)


def ends_within(certificate: Certificate, days: int, now: datetime) -> bool:
    """Tell whether a certificate has ended or ends within so many days."""
    return now >= certificate.not_after - timedelta(days=days)
