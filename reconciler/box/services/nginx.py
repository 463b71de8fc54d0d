"""nginx on a box: it holds ports 80 and 443, has no unit that starts it at boot, and dies of a bad pair.

A reload keeps tills connected, a restart refuses them for seconds, so: reload when it runs, start when it does not.
When it was started outside systemd the unit is inactive and only `nginx -s reload` works, so that is used always.
"""

from __future__ import annotations

import re

from ...machine.deadline import Deadline
from ...machine.processes import look, pid_in
from ...machine.reason import Unable, without_path
from ...machine.system import System
from ...model.repair import NginxLoad
from ...model.statement import Statement, say, told
from ..pair.parse import fingerprint_of

_PID_FILE = "/run/nginx.pid"
_PAIR_ERRORS = re.compile(
    r"cannot load certificate|SSL_CTX_use_(PrivateKey|certificate)|SSL_CTX_add\w*_chain_cert|PEM_read_bio|"
    r"key values mismatch"
)
_LOG_PREFIX = re.compile(r"^.*\[(?:emerg|crit)\] (?:\d+#\d+: )?")
_TEST_SECONDS = 15.0
_START_SECONDS = 30.0
_SERVE_SECONDS = 15.0
"""An old pair was seen to be served up to 60 ms after a reload; the vendor's own restarts take up to 5 s."""
_RESTARTED_SECONDS = 5.0
"""Odoo restarts nginx within its first second; where its thread died before that, it never comes."""
_BACK_SECONDS = 12.0
"""A restart of nginx by Odoo refuses connections for up to 5 s while a till holds one open."""
_SERVED_IN_A_ROW = 3
"""On a busy box a worker from before the reload may take another connection after a new one has answered."""


def running(system: System) -> bool:
    """Say whether the master process lives, however it was started."""
    return master(system) is not None


def master(system: System) -> int | None:
    """Return the pid of the master process, or None when there is none."""
    found = look(system, pid_in(system, _PID_FILE))
    return found.id.pid if found is not None and found.runs_as(0) and found.program == "nginx" else None


def configuration_error(system: System, deadline: Deadline) -> Statement | None:
    """Return what `nginx -t` says of the configuration, or None; a bad pair is not the configuration's fault.

    Raises:
        OSError: there is no nginx, or it did not answer in time.
    """
    tested = system.run(("nginx", "-t"), deadline.within(_TEST_SECONDS))
    if tested.status == 0 or _PAIR_ERRORS.search(tested.errors):
        return None
    complaints = [line for line in tested.errors.splitlines() if "[emerg]" in line or "[crit]" in line]
    complaint = next(iter(complaints or tested.errors.splitlines()), None)
    return say("without_a_word") if complaint is None else told(_LOG_PREFIX.sub("", complaint).strip())


def accepts(system: System, deadline: Deadline) -> Statement | None:
    """Return why nginx would not load what is configured now, pair included, or None when it would."""
    tested = system.run(("nginx", "-t"), deadline.within(_TEST_SECONDS))
    if tested.status == 0:
        return None
    complaint = next((line.strip() for line in tested.errors.splitlines() if "[emerg]" in line), None)
    return say("nginx_refuses") if complaint is None else told(complaint)


def load(system: System, deadline: Deadline) -> NginxLoad:
    """Make nginx read its pair again, starting it if it is down; return what was done.

    Raises:
        OSError: it could not be reloaded or started; the text is the reason that systemd gives.
    """
    if running(system):
        reloaded = system.run(("nginx", "-s", "reload"), deadline.within(_TEST_SECONDS))
        if reloaded.status == 0:
            return NginxLoad.RELOADED
    # six starts in ten seconds leave the unit in start-limit-hit, where start does nothing
    system.run(("systemctl", "reset-failed", "nginx"), deadline.within(_TEST_SECONDS))
    started = system.run(("systemctl", "start", "nginx"), deadline.within(_START_SECONDS))
    if started.status != 0:
        raise Unable(say("nginx_does_not_start", reason=_last_line(started.errors)))
    return NginxLoad.STARTED


def wait_until_served(system: System, deadline: Deadline, port: int, name: str, fingerprint: str) -> bool:
    """Poll the handshake until it shows the leaf with this SHA-256 fingerprint (lower-case hex), and only that one."""
    in_a_row = 0

    def steady() -> bool:
        nonlocal in_a_row
        in_a_row = in_a_row + 1 if served(system, deadline, port, name)[0] == fingerprint else 0
        return in_a_row == _SERVED_IN_A_ROW

    return deadline.poll(steady, _SERVE_SECONDS, 0.1)


def wait_out_restart(system: System, deadline: Deadline, before: int | None, port: int, name: str) -> None:
    """Wait until nginx is back from the restart that Odoo gives it at its own start.

    Args:
        before: the master process before Odoo was restarted.
    """
    deadline.poll(lambda: master(system) not in (None, before), _RESTARTED_SECONDS, 0.1)
    wait_until_back(system, deadline, port, name)


def wait_until_back(system: System, deadline: Deadline, port: int, name: str) -> None:
    """Wait until a handshake succeeds, whatever certificate it shows, but not for ever."""
    deadline.poll(lambda: served(system, deadline, port, name)[1] is None, _BACK_SECONDS, 0.25)


def served(system: System, deadline: Deadline, port: int, name: str) -> tuple[str | None, Statement | None]:
    """Return the fingerprint that a handshake on the box itself shows, or the reason why there was none."""
    try:
        return fingerprint_of(system.served_certificate("127.0.0.1", port, name, deadline.within(5.0))), None
    except OSError as error:
        return None, without_path(error)


def _last_line(text: str) -> str | None:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else None
