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
from .paths import RUNTIME
from .persist import ROOT_DIRECTORY, ROOT_FILE, Disk
from .system import System

PID_FILE = "/run/odoo/odoo.pid"
LOG = "/var/log/odoo/odoo-server.log"
_NOTE = f"{RUNTIME}/odoo-start.json"
RESUME_UNIT = "iot-https-resume-odoo"
_RESUME_AFTER = 60
"""Seconds. Odoo is held for a few renames; a slow SD card needs 2 s for all of them."""

_GONE_SECONDS = 12.0
_BACK_SECONDS = 65.0
_SYSTEMD_SECONDS = 90.0
_LOG_TAIL = 1 << 16
_START = re.compile(r"odoo: Odoo version |Initiating server reload")
_DEAD_MANAGER = re.compile(r"Exception in thread Thread-1\b")
_RESUME = 'kill -CONT "$1" && kill -HUP "$1"; service odoo start'


def process(system: System) -> int | None:
    """Return the pid, or None when the program does not run."""
    try:
        pid = int(system.read(PID_FILE, 64).split()[0])
        return pid if b"odoo" in system.read(f"/proc/{pid}/cmdline", 4096) else None
    except (OSError, ValueError, IndexError):
        return None


def stopped(system: System, pid: int) -> bool:
    """Say whether a signal stopped the process."""
    try:
        after_name = system.read(f"/proc/{pid}/stat", 4096).rpartition(b")")[2].split()
    except OSError:
        return False
    return bool(after_name) and after_name[0] in (b"T", b"t")


def answers(system: System, deadline: Deadline, port: int) -> bool:
    """Ask the one route that every branch has and that has no side effect."""
    try:
        reply = system.get(f"http://127.0.0.1:{port}/hw_proxy/hello", deadline.within(5.0), 64)
    except (OSError, ValueError):
        return False
    return reply.body.strip() == b"ping"


def manager_dead(system: System) -> bool:
    """Say whether the log shows that the thread which renews and reports died since the last start.

    Branches that log only warnings do not log their start. So a restart of ours notes how long the log was; without
    such a note, a log that was not written since the start says nothing of it.
    """
    try:
        tail = system.read_end(LOG, _LOG_TAIL)
        log = system.status(LOG, follow=True)
    except OSError:
        return False
    mark = start_mark(system)
    noted = _noted_length(system, mark)
    if noted is not None:
        tail = tail[-(log.size - noted) :] if log.size > noted else b""
    elif mark is not None and log.mtime < mark:
        return False
    text = tail.decode("utf-8", errors="replace")
    starts = [found.end() for found in _START.finditer(text)]
    return _DEAD_MANAGER.search(text, starts[-1] if starts else 0) is not None


def note_log_length(system: System) -> Callable[[], None]:
    """Read how long the log is now; the function that is returned notes it beside the start that came after."""
    try:
        size = system.status(LOG, follow=True).size
    except OSError:
        size = 0

    def note() -> None:
        disk = Disk(system, ())
        disk.directory(RUNTIME, ROOT_DIRECTORY)
        disk.replace(_NOTE, json.dumps({"start": start_mark(system), "log": size}).encode(), ROOT_FILE)

    return note


def _noted_length(system: System, mark: float | None) -> int | None:
    try:
        note = json.loads(system.read(_NOTE, 4096))
        return int(note["log"]) if note["start"] == mark else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def hold(system: System, pid: int) -> bool:
    """Stop the process until `release`; a timer wakes and restarts it if we die before that.

    Returns:
        False when there is no such process any more.

    Raises:
        OSError: the timer could not be set, so nothing was stopped.
    """
    cancel_timer(system)
    arguments = ("systemd-run", f"--on-active={_RESUME_AFTER}", f"--unit={RESUME_UNIT}", "--collect", "--quiet")
    armed = system.run((*arguments, "/bin/sh", "-c", _RESUME, "sh", str(pid)), 15.0)
    if armed.status != 0:
        raise OSError(0, f"cannot set the timer that would wake Odoo: {armed.errors.strip()[-200:]}")
    try:
        system.signal(pid, signal.SIGSTOP)
    except ProcessLookupError:
        cancel_timer(system)
        return False
    return True


def release(system: System, pid: int) -> None:
    """Let the process run on as it was."""
    with suppress(ProcessLookupError):
        system.signal(pid, signal.SIGCONT)
    cancel_timer(system)


def cancel_timer(system: System) -> None:
    """Take the timer back; where there is none, systemd says so and nothing happens."""
    system.run(("systemctl", "stop", f"{RESUME_UNIT}.timer"), 15.0)
    system.run(("systemctl", "reset-failed", f"{RESUME_UNIT}.timer", f"{RESUME_UNIT}.service"), 15.0)


def restart(system: System, deadline: Deadline, port: int) -> str | None:
    """Restart the program, held or not, and wait until it answers; return None, or why it does not.

    The pid file is written anew at every start, also when the process restarts itself and keeps its pid. HUP is
    sent before CONT, so that a held process restarts before it can write what it had read earlier.
    """
    note = note_log_length(system)
    problem = _restart(system, deadline, port)
    note()
    return problem


def _restart(system: System, deadline: Deadline, port: int) -> str | None:
    pid = process(system)
    if pid is not None:
        before = start_mark(system)
        with suppress(ProcessLookupError):
            system.signal(pid, signal.SIGHUP)
            system.signal(pid, signal.SIGCONT)
        if deadline.poll(lambda: start_mark(system) not in (None, before), _GONE_SECONDS, 0.25) and wait_until_up(
            system, deadline, port
        ):
            return None
    return _restart_by_systemd(system, deadline, port)


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
