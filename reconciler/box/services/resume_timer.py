"""The timer of systemd that wakes the vendor's program and restarts it, should we die while we hold it stopped.

Its shell signals as `restart` does: the process runs on for a while before it is told to restart, and is not told
before it has set its handlers. The pid may be another's by then: so its start is compared, and only user and group of
the process are used. Its name may hold anything, line breaks too, but has 15 bytes at most, which is too few to pretend
to a start. A process that is gone, whatever ended it, is started again.
"""

from __future__ import annotations

from ...machine.processes import Process
from ...machine.reason import Unable
from ...machine.system import System
from ...model.statement import say

UNIT = "iot-https-resume-odoo"
SECONDS = 60
"""Until it wakes Odoo, which is held for a few renames; a slow SD card needs 2 s for all of them."""

_IS_THERE = 'grep -qzE "^$1 [(].*[)] [A-Za-z]( -?[0-9]+){18} $2 " "/proc/$1/stat"'
_CATCHES_HANGUP = 'grep -qE "^SigCgt:[[:space:]]*[0-9a-f]{15}[13579bdf]" "/proc/$1/status"'
_AS_USER = 'setpriv --reuid="$3" --regid="$4" --clear-groups sh -c'
SCRIPT = (
    f'{_IS_THERE} && {_AS_USER} "kill -CONT $1" && sleep 1'
    f' && {_CATCHES_HANGUP} && {_IS_THERE} && {_AS_USER} "kill -HUP $1"'
    f'; sleep 1; {_IS_THERE} || service odoo "$5"'
)
"""Arguments: pid, start, user and group of the process, and the verb for `service` that starts it where it is gone."""


def arm(system: System, held: Process, *, by_systemd: bool) -> None:
    """Set it for a process that is to be stopped now.

    Args:
        by_systemd: systemd has this process; with a SysV script its `start` would do nothing for a dead one.

    Raises:
        OSError: it could not be set.
    """
    cancel(system)
    arguments = ("systemd-run", f"--on-active={SECONDS}", f"--unit={UNIT}", "--collect", "--quiet")
    which = (str(held.id.pid), str(held.id.started), str(held.uids[0]), str(held.gids[0]))
    verb = "start" if by_systemd else "restart"
    armed = system.run((*arguments, "/bin/sh", "-c", SCRIPT, "sh", *which, verb), 15.0)
    if armed.status != 0:
        raise Unable(say("timer_not_set", reason=armed.errors.strip()[-200:]))


def cancel(system: System) -> None:
    """Take it back; where there is none, systemd says so and nothing happens."""
    system.run(("systemctl", "stop", f"{UNIT}.timer"), 15.0)
    system.run(("systemctl", "reset-failed", f"{UNIT}.timer", f"{UNIT}.service"), 15.0)
