"""What makes a pair good, in one place: checks name what is not, the plan chooses which pair to keep."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from ..model.observed import Certificate, ChainState, Intermediate, Pair

UNCHANGED_FOR: Final = timedelta(hours=12)
"""How long an unchanged answer of the authority is believed before it is asked again."""

SPOILT: Final = frozenset({ChainState.INCOMPLETE, ChainState.REFUSED})
"""What a new certificate mends: a chain with a gap, or one that no client takes."""


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
    return leaf if leaf is not None and pair is not None and begins(pair) <= now < ends(pair) else None


def begins(pair: Pair) -> datetime:
    """Return when clients begin to accept a pair that has a leaf: with the last certificate of its chain to begin."""
    return max(each.not_before for each in _dated(pair))


def ends(pair: Pair) -> datetime:
    """Return when clients cease to accept it: with the first certificate of its chain to end."""
    return min(each.not_after for each in _dated(pair))


def _dated(pair: Pair) -> tuple[Certificate | Intermediate, ...]:
    return (pair.certificate, *pair.narrowed_by) if pair.certificate else pair.narrowed_by
