"""From what came of a box to where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from ..codes import CodeName, Reached, Trait
from ..results.finding import Finding
from ..results.fleet import BoxState
from ..results.result import Result


def state_of(result: Result, findings: Sequence[Finding], *, was_to_be_changed: bool = False) -> BoxState:
    """Return where a box stands.

    Args:
        result: what the box program answered, or what stands for it when it did not.
        findings: all that is left, the look from outside included.
        was_to_be_changed: something is known to be due on it.
    """
    if result.observed is None and any(each.entry.reached is Reached.NOTHING for each in findings):
        return BoxState.DEFERRED if was_to_be_changed else BoxState.UNREACHABLE
    if is_busy(result):
        return BoxState.BUSY
    if is_unsupported(findings):
        return BoxState.UNSUPPORTED
    if result.failed or result.repaired_in_vain or any(each.code == CodeName.NOT_OBSERVED for each in findings):
        return BoxState.FAILED
    if any(each.counts for each in findings):
        return BoxState.DIFFERS
    if result.changed:
        return BoxState.CHANGED
    return BoxState.IN_SYNC_AS_SEEN if result.observed is not None and result.observed.unseen else BoxState.IN_SYNC


def is_unsupported(findings: Sequence[Finding]) -> bool:
    """Tell whether a box is one that this program cannot run on or does not know."""
    return any(each.has(Trait.UNSUPPORTED) for each in findings)


def is_busy(result: Result) -> bool:
    """Tell whether another run was at work on a box, so that it was not even looked at."""
    return result.observed is None and any(each.code == CodeName.BUSY for each in result.after)


def has_ended(result: Result, *, was_unfinished: bool) -> bool:
    """Tell whether no program of ours can still be at work on a box; no answer, or half of one, does not tell.

    Args:
        was_unfinished: an earlier run left one there, of which only a look can tell that it has ended.
    """
    if result.observed is not None:
        return True
    return not was_unfinished and any(each.entry.reached is not Reached.PROGRAM for each in result.after)
