"""Restart the vendor's program the quick way and see that it runs afterwards; where that fails, by systemd.

SIGHUP makes it restart itself in place within 2 s, where systemd needs up to 50 s while a till holds a long poll and
the HTTP route up to 47 s. But its main thread alone obeys signals, sleeps for up to a minute, and gets none while it is
stopped or was continued just now: another thread takes HUP then, it is obeyed a minute later, and the TERM of whoever
did not want to wait is lost with it. So it runs on for a moment first, and what shows that it was told is its new
start. Before it has set its handlers HUP kills it, which systemd takes for a clean end.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass

from ...machine.deadline import Deadline
from ...machine.processes import Process, any_thread_stopped, is_there, look
from ...machine.reason import reason
from ...machine.system import System
from ...model.repair import RestartWay
from ...model.statement import Statement, say, told
from . import odoo

_CONTINUED_SECONDS = 5.0
_SETTLES_SECONDS = 0.3
"""After its last thread was continued: of signals sent then none was lost, of those sent at once every fourth."""

_HANDLERS_SECONDS = 20.0
"""What a start takes; the timer that would wake it, were it held, must not come in between."""
_HEARD_SECONDS = 6.0
"""With a long poll open it needs 2.5 s to end."""
_GONE_SECONDS = 6.0
_BACK_SECONDS = 65.0
_DEAD_SECONDS = 15.0
"""Without any process: systemd waits 5 or 10 s before it starts one that failed."""
_SERVICE_SECONDS = 120.0
"""systemd kills after 90 s what does not end; it must not be us who give up before."""
_START_SECONDS = 15.0
"""However little time is left: an Odoo that is gone is started."""
_STARTED_AT_MOST = 2
_EVERY = 0.25


@dataclass(frozen=True, slots=True)
class Restarted:
    """What came of a restart. `problem`: why it does not answer."""

    way: RestartWay
    problem: Statement | None = None


def restart(
    system: System, service_user: str, deadline: Deadline, port: int, wake: Callable[[], None] = lambda: None
) -> Restarted:
    """Restart the program, held or not, and wait until it answers.

    Args:
        wake: called as soon as the program is to run and the timer that would wake it is of no use any more.
    """
    note = odoo.note_log_length(system)
    done = _Restart(system, service_user, deadline, port).do(wake)
    note()
    return done


def hang_up(system: System, deadline: Deadline, found: Process) -> bool:
    """Let the program run on, and tell it to restart itself.

    Returns:
        False when it is gone, or does not set its handlers.
    """
    try:
        system.signal(found.id, signal.SIGCONT)
        deadline.poll(lambda: not _is_stopped(system, found), _CONTINUED_SECONDS, _EVERY)
        system.sleep(_SETTLES_SECONDS)
        if not deadline.poll(lambda: _catches(system, found) is not False, _HANDLERS_SECONDS, _EVERY):
            return False
        system.signal(found.id, signal.SIGHUP)
    except ProcessLookupError:
        return False
    return True


def _is_stopped(system: System, found: Process) -> bool:
    try:
        return any_thread_stopped(system, found.id.pid)
    except (OSError, ValueError, IndexError):
        return False  # a thread that ended just now, or the process, as the next signal will tell


def _catches(system: System, found: Process) -> bool | None:
    """Say whether it has set its handlers; None when it is gone, as the next signal will tell."""
    now = look(system, found.id.pid)
    return now.catches(signal.SIGHUP) if now is not None and now.id == found.id else None


class _Restart:
    """One restart."""

    def __init__(self, system: System, service_user: str, deadline: Deadline, port: int) -> None:
        self._system, self._user, self._deadline, self._port = system, service_user, deadline, port
        self._before = odoo.start_mark(system)

    def do(self, wake: Callable[[], None]) -> Restarted:
        found = odoo.process(self._system, self._user)
        try:
            is_told = found is not None and hang_up(self._system, self._deadline, found)
        finally:
            wake()
        way = self._heard(found) if found is not None and is_told else None
        if way is not None and self._comes_up():
            return Restarted(way)
        return Restarted(RestartWay.BY_SYSTEMD, self._by_systemd())

    def _heard(self, found: Process) -> RestartWay | None:
        """Wait for its new start; tell it again where it goes on answering as if it had not been told."""

        def is_over() -> bool:
            return self._has_begun() or self._is_gone(found)

        way = RestartWay.AT_ONCE
        if not self._poll(is_over, _HEARD_SECONDS) and self._answers():
            way = RestartWay.TOLD_TWICE
            hang_up(self._system, self._deadline, found)
        self._poll(is_over, _GONE_SECONDS)
        return way if self._has_begun() and not self._is_gone(found) else None

    def _has_begun(self) -> bool:
        """Say whether the pid file was written anew, as at every start, also in the same process."""
        return odoo.start_mark(self._system) not in (None, self._before)

    def _is_gone(self, found: Process) -> bool:
        return not is_there(self._system, found.id)

    def _comes_up(self) -> bool:
        """Wait until it answers, unless there is none and nobody starts one."""
        seen = self._system.monotonic()

        def is_over() -> bool:
            nonlocal seen
            if self._answers():
                return True
            now = self._system.monotonic()
            if odoo.process(self._system, self._user) is not None:
                seen = now
            return now - seen > _DEAD_SECONDS

        return self._poll(is_over, _BACK_SECONDS) and self._answers()

    def _by_systemd(self) -> Statement | None:
        """Restart by `service`, and start once more what ended again, as by a signal of somebody else in its start."""
        problem: Statement | None = None
        for _ in range(_STARTED_AT_MOST):
            # `service` is the common denominator: with a SysV script `systemctl start` of a dead unit does nothing
            self._system.run(("systemctl", "reset-failed", "odoo"), _START_SECONDS)
            problem = self._run_service()
            if self._comes_up():
                return None
            if odoo.process(self._system, self._user) is not None:
                break
        return problem or say("port_silent", port=self._port)

    def _run_service(self) -> Statement | None:
        try:
            patience = max(self._deadline.within(_SERVICE_SECONDS), _START_SECONDS)
            done = self._system.run(("service", "odoo", "restart"), patience)
        except TimeoutError as error:
            return reason(error)  # systemd goes on with it, whoever waits
        lines = done.errors.strip().splitlines()
        return told(lines[-1]) if done.status != 0 and lines else None

    def _answers(self) -> bool:
        return odoo.answers(self._system, self._deadline, self._port)

    def _poll(self, ready: Callable[[], bool], seconds: float) -> bool:
        return self._deadline.poll(ready, seconds, _EVERY)
