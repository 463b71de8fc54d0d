"""An errand on one box: the same lock, deadline and gate as a run, and nothing of a box that is somebody else's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from ..checks import Case, gate
from ..checks.clock import judged_at
from ..machine.deadline import Deadline, DeadlinePassed
from ..machine.reason import reason
from ..machine.system import Lock, LockHeld, System
from ..model.errand import Brought, Errand, ErrandKind
from ..model.observed import Observed
from ..model.statement import Statement, say
from . import log_level
from .collect import collect
from .context import Box
from .look.observe import observe
from .paths import LOCK

_Done = tuple[Brought, bytes]


def bring(system: System, errand: Errand) -> _Done:
    """Run an errand; what goes wrong is said in what comes back.

    Returns:
        The reply, and the bytes that follow it.
    """
    deadline = Deadline.after(system, errand.deadline_seconds)
    try:
        with system.lock(LOCK) as lock:
            return _on_ours(system, errand, deadline, lock)
    except LockHeld as error:
        return _not_done(say("busy", process=error.process and f"process {error.process}"))
    except DeadlinePassed:
        return _not_done(say("late"))
    except OSError as error:
        return _not_done(say("reads", reason=reason(error)))


def _on_ours(system: System, errand: Errand, deadline: Deadline, lock: Lock) -> _Done:
    box = Box.look(system, errand.desired, deadline)
    sent = errand.sent_at
    since = timedelta(seconds=errand.deadline_seconds - deadline.remaining())
    observed = observe(box, sent and sent + since, lock)
    closed = gate(Case(errand.desired, observed, judged_at(observed)))
    if closed is not None:
        return _not_done(say("closed", code=closed.code, seen=closed.evidence))
    return _ERRANDS[errand.errand](box, observed, errand)


def _raise(box: Box, _: Observed, errand: Errand) -> _Done:
    if errand.level is None or errand.until is None:
        return _not_done(say("no_level_given"))
    return log_level.raise_level(box, errand.level, errand.until), b""


_ERRANDS: Final[Mapping[ErrandKind, Callable[[Box, Observed, Errand], _Done]]] = MappingProxyType(
    {
        ErrandKind.COLLECT: lambda box, observed, _: collect(box, observed),
        ErrandKind.RAISE_LOG_LEVEL: _raise,
        ErrandKind.PUT_BACK_LOG_LEVEL: lambda box, _, errand: (log_level.put_back(box, errand.before), b""),
    }
)


def _not_done(why: Statement) -> _Done:
    return Brought(done=False, seen=(say("nothing_done"), why)), b""
