"""The vendor's program as a process: is it there, does it answer, hold it still.

While we hold it stopped, a timer of systemd wakes it should we die, see `resume_timer`; how it is restarted is in
`restart`.
"""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable
from contextlib import suppress

from ...machine.deadline import Deadline
from ...machine.durable import ROOT_DIRECTORY, ROOT_FILE, DurableDisk
from ...machine.processes import Process, look, pid_in
from ...machine.reason import reason
from ...machine.system import ProcessId, System
from ...model.statement import Statement, say
from ..paths import RUNTIME
from . import resume_timer
from .log_lines import LOG

PID_FILE = "/run/odoo/odoo.pid"
_PID_FILE_OF_SYSV = "/run/odoo.pid"
_NOTE = f"{RUNTIME}/odoo-start.json"
_WAKE_ATTEMPTS = 3
_PYTHON = re.compile(r"python3(?:\.\d+)?")
_SCRIPT = "odoo-bin"


def process(system: System, service_user: str) -> Process | None:
    """Return the program's process, or None when it does not run.

    systemd knows which it is, and the SysV script has a pid file of root's. The program's own is the service user's,
    who may write any number into it, and is asked last. Whoever says it, only a process that this user may signal
    without us is believed to be the program.
    """
    try:
        uid = system.user(service_user).uid
    except KeyError:
        return None
    for pid_of in _WHO_KNOWS:
        found = look(system, pid_of(system))
        if found is not None and found.runs_as(uid) and _is_odoo(found):
            return found
    return None


def main_pid(system: System) -> int:
    """Return the process that systemd started for the unit, 0 where it does not know: it has none, or a SysV script."""
    try:
        shown = system.run(("systemctl", "show", "--property=MainPID", "--value", "odoo"), 10.0)
        return int(shown.output)
    except (OSError, ValueError):
        return 0


_WHO_KNOWS: tuple[Callable[[System], int], ...] = (
    main_pid,
    lambda system: pid_in(system, _PID_FILE_OF_SYSV),
    lambda system: pid_in(system, PID_FILE),
)


def _is_odoo(found: Process) -> bool:
    names = (argument.rpartition("/")[2] for argument in found.arguments)
    return _PYTHON.fullmatch(found.program) is not None and _SCRIPT in names


def answers(system: System, deadline: Deadline, port: int) -> bool:
    """Ask the one route that every branch has and that has no side effect."""
    try:
        reply = system.get(f"http://127.0.0.1:{port}/hw_proxy/hello", deadline.within(5.0), 64)
    except (OSError, ValueError):
        return False
    return reply.body.strip() == b"ping"


def note_log_length(system: System) -> Callable[[], None]:
    """Read how long the log is now; the function that is returned notes it beside the start that came after."""
    try:
        size = system.status(LOG, follow=True).size
    except OSError:
        size = 0

    def note() -> None:
        disk = DurableDisk(system, ())
        with suppress(OSError):  # where /run is full a finding says so; the restart has happened all the same
            disk.directory(RUNTIME, ROOT_DIRECTORY)
            disk.replace(_NOTE, json.dumps({"start": start_mark(system), "log": size}).encode(), ROOT_FILE)

    return note


def log_since_start(system: System, size: int) -> int | None:
    """Return how many bytes of the log were written since the present start, None where no restart of ours was it.

    Args:
        size: of the log; one that is shorter than it was then has been begun anew since.
    """
    try:
        note = json.loads(system.read(_NOTE, 4096))
        length = int(note["log"])
        if note["start"] != start_mark(system) or note["start"] is None:
            return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return size - length if length <= size else size


def hold(system: System, found: Process) -> bool:
    """Stop the process until `release`; a timer wakes and restarts it if we die before that.

    Returns:
        False when there is no such process any more.

    Raises:
        OSError: the timer could not be set, so nothing was stopped.
    """
    resume_timer.arm(system, found, by_systemd=main_pid(system) == found.id.pid)
    try:
        system.signal(found.id, signal.SIGSTOP)
    except ProcessLookupError:
        return False
    return True


def release(system: System, process_id: ProcessId) -> tuple[Statement, ...]:
    """Let the process run on as it was; return what could not be put in order.

    The timer is taken back only when the process runs: else it is what wakes it.
    """
    problem = _wake(system, process_id)
    if problem is not None:
        return (say("not_woken", seconds=resume_timer.SECONDS, reason=problem),)
    try:
        resume_timer.cancel(system)
    except OSError as error:
        return (say("timer_left", reason=reason(error)),)
    return ()


def _wake(system: System, process_id: ProcessId) -> Statement | None:
    problem: Statement | None = None
    for _ in range(_WAKE_ATTEMPTS):
        try:
            system.signal(process_id, signal.SIGCONT)
        except ProcessLookupError:
            return None
        except OSError as error:
            problem = reason(error)
        else:
            return None
    return problem


def start_mark(system: System) -> float | None:
    """Return the time of the last start, as the pid file's mtime."""
    try:
        return system.status(PID_FILE, follow=True).mtime
    except OSError:
        return None
