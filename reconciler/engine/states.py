"""From what came of a box to where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from ..codes import CodeName
from ..codes.connection import CODES as CONNECTION
from ..model.fleet import BoxState
from ..model.result import Finding, Result

_AFTER_THE_PROGRAM_WAS_SENT = frozenset({CodeName.REPLY_CUT_OFF, CodeName.SUDO_REFUSED, CodeName.PYTHON_MISSING})
_NO_WAY = frozenset(str(code.name) for code in CONNECTION if code.name not in _AFTER_THE_PROGRAM_WAS_SENT)


def state_of(result: Result, findings: Sequence[Finding], *, was_to_be_changed: bool = False) -> BoxState:
    """Return where a box stands.

    Args:
        result: what the box program answered, or what stands for it when it did not.
        findings: all that is left, the look from outside included.
        was_to_be_changed: something is known to be due on it.
    """
    if result.observed is None and any(each.code in _NO_WAY for each in findings):
        return BoxState.DEFERRED if was_to_be_changed else BoxState.UNREACHABLE
    if result.failed:
        return BoxState.FAILED
    if any(each.counts for each in findings):
        return BoxState.DIFFERS
    return BoxState.CHANGED if result.changed else BoxState.IN_SYNC
