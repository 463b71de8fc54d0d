"""The vendor's program as a process: is it there, does it answer, hold it still, restart it the quick way.

SIGHUP makes it restart itself in place within 2 s, where systemd needs up to 50 s while a till holds a long poll and
the HTTP route up to 47 s. While we hold it stopped, a timer of systemd wakes it should we die.
"""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable
from contextlib import suppress

from .deadline import Deadline
from .log_lines import LOG
from .paths import RUNTIME
from .persist import ROOT_DIRECTORY, ROOT_FILE, Disk
from .processes import Process, look
from .reason import reason
from .system import ProcessId, System

PID_FILE = "/run/odoo/odoo.pid"
_PID_FILE_OF_SYSV = "/run/odoo.pid"
_NOTE = f"{RUNTIME}/odoo-start.json"
RESUME_UNIT = "iot-https-resume-odoo"
_RESUME_AFTER = 60
"""Seconds. Odoo is held for a few renames; a slow SD card needs 2 s for all of them."""

_GONE_SECONDS = 12.0
_BACK_SECONDS = 65.0
_SYSTEMD_SECONDS = 90.0
_WAKE_ATTEMPTS = 3
_PYTHON = re.compile(r"python3(?:\.\d+)?")
_SCRIPT = "odoo-bin"
_RESUME = (
    'grep -qE "^$1 [(].*[)] [A-Za-z]( -?[0-9]+){18} $2 " "/proc/$1/stat"'
    ' && setpriv --reuid="$3" --clear-groups sh -c "kill -CONT $1 && kill -HUP $1"'
    "; service odoo start"
)
"""Pid, start and user of the process. The pid may be another's by then, so its start is compared, and only the rights
of the user are used; the name in brackets has 15 bytes at most, which is too few to pretend to a start."""


def process(system: System, service_user: str) -> Process | None:
    """Return the program's process, or None when it does not run.

    The pid file is the service user's, who may write any number into it: only a process that this user may signal
    without us is believed to be the program. Images with a SysV script have one of root's, too.
    """
    try:
        uid = system.user(service_user).uid
    except KeyError:
        return None
    for path in (PID_FILE, _PID_FILE_OF_SYSV):
        found = look(system, _number_in(system, path))
        if found is not None and found.runs_as(uid) and _is_odoo(found):
            return found
    return None


def _number_in(system: System, path: str) -> int:
    """Return the first number in a file, 0 where there is none."""
    try:
        return int(system.read(path, 64).split()[0])
    except (OSError, ValueError, IndexError):
        return 0


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
        disk = Disk(system, ())
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
    cancel_timer(system)
    arguments = ("systemd-run", f"--on-active={_RESUME_AFTER}", f"--unit={RESUME_UNIT}", "--collect", "--quiet")
    which = (str(found.id.pid), str(found.id.started), str(found.uids[0]))
    armed = system.run((*arguments, "/bin/sh", "-c", _RESUME, "sh", *which), 15.0)
    if armed.status != 0:
        raise OSError(0, f"cannot set the timer that would wake Odoo: {armed.errors.strip()[-200:]}")
    try:
        system.signal(found.id, signal.SIGSTOP)
    except ProcessLookupError:
        return False
    return True


def release(system: System, process_id: ProcessId) -> tuple[str, ...]:
    """Let the process run on as it was; return what could not be put in order.

    The timer is taken back only when the process runs: else it is what wakes it.
    """
    problem = _wake(system, process_id)
    if problem is not None:
        return (f"Odoo could not be woken, a timer does it within {_RESUME_AFTER} s: {problem}",)
    try:
        cancel_timer(system)
    except OSError as error:
        return (f"the timer that wakes Odoo could not be taken back: {reason(error)}",)
    return ()


def _wake(system: System, process_id: ProcessId) -> str | None:
    problem = None
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


def cancel_timer(system: System) -> None:
    """Take the timer back; where there is none, systemd says so and nothing happens."""
    system.run(("systemctl", "stop", f"{RESUME_UNIT}.timer"), 15.0)
    system.run(("systemctl", "reset-failed", f"{RESUME_UNIT}.timer", f"{RESUME_UNIT}.service"), 15.0)


def restart(
    system: System, service_user: str, deadline: Deadline, port: int, wake: Callable[[], None] = lambda: None
) -> str | None:
    """Restart the program, held or not, and wait until it answers; return None, or why it does not.

    The pid file is written anew at every start, also when the process restarts itself and keeps its pid. HUP is
    sent before CONT, so that a held process restarts before it can write what it had read earlier.

    Args:
        wake: called as soon as the program is to run, for whoever holds it.
    """
    note = note_log_length(system)
    problem = _restart(system, service_user, deadline, port, wake)
    note()
    return problem


def _restart(system: System, service_user: str, deadline: Deadline, port: int, wake: Callable[[], None]) -> str | None:
    found, before = process(system, service_user), start_mark(system)
    if found is not None:
        with suppress(ProcessLookupError):
            system.signal(found.id, signal.SIGHUP)
            system.signal(found.id, signal.SIGCONT)
    wake()
    if found is not None and _came_back(system, before, deadline, port):
        return None
    return _restart_by_systemd(system, deadline, port)


def _came_back(system: System, before: float | None, deadline: Deadline, port: int) -> bool:
    """Wait for the start after this one, and until the program answers."""
    has_gone = deadline.poll(lambda: start_mark(system) not in (None, before), _GONE_SECONDS, 0.25)
    return has_gone and wait_until_up(system, deadline, port)


def wait_until_up(system: System, deadline: Deadline, port: int) -> bool:
    """Wait for the alive route."""
    return deadline.poll(lambda: answers(system, deadline, port), _BACK_SECONDS, 0.25)


def start_mark(system: System) -> float | None:
    """Return the time of the last start, as the pid file's mtime."""
    try:
        return system.status(PID_FILE, follow=True).mtime
    except OSError:
        return None


def _restart_by_systemd(system: System, deadline: Deadline, port: int) -> str | None:
    # `service` is the common denominator: on images with a SysV script `systemctl start` of a dead unit does nothing
    system.run(("systemctl", "reset-failed", "odoo"), deadline.within(15.0))
    started = system.run(("service", "odoo", "restart"), deadline.within(_SYSTEMD_SECONDS))
    if wait_until_up(system, deadline, port):
        return None
    reason = started.errors.strip().splitlines()
    return reason[-1] if started.status != 0 and reason else f"port {port} does not answer"
