"""Rehearse a scheduled run up to its first connection, as its user and in the environment of a service.

What a shell has and a service lacks (variables, an agent, rights) is found when a schedule is installed, not at night.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from typing import Final

from .errors import ScheduleError
from .job import Job, home_of
from .systemd import Runner

VERB: Final = "rehearse"
_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Of a service, as systemd.exec(5) says."""
_OF_A_SHELL: Final = (
    "ANSIBLE_VAULT_PASSWORD_FILE",
    "ANSIBLE_VAULT_IDENTITY_LIST",
    "ANSIBLE_INVENTORY",
    "ANSIBLE_CONFIG",
)
_MOST_LINES: Final = 20


def rehearse(job: Job, run: Runner, environment: Mapping[str, str] = os.environ) -> None:
    """Find out whether the run could begin.

    Raises:
        ScheduleError: why not, in the words of the command, with what only this shell has.
    """
    ended = run(command(job))
    if ended.status == 0:
        return
    said = [line.removeprefix("iot-https: ") for line in ended.errors.splitlines() if line.strip()]
    problems = [line for line in said if not line.startswith("warning: ")] or [f"the run ends with {ended.status}"]
    only_here = [name for name in _OF_A_SHELL if name in environment]
    if only_here:
        problems.append(f"a service does not see {', '.join(only_here)} of this shell: use options or ansible.cfg")
    raise ScheduleError("\n".join(problems[:_MOST_LINES]))


def command(job: Job) -> tuple[str, ...]:
    """Return what is run for it: nothing of this process's environment comes along."""
    variables = {
        "HOME": str(home_of(job.user)),
        "USER": job.user,
        "LOGNAME": job.user,
        "PATH": _PATH,
        "LANG": "C.UTF-8",
        "ANSIBLE_LOCAL_TEMP": "/tmp",  # noqa: S108 - as in the unit
    }
    given = (f"{name}={value}" for name, value in variables.items())
    local = ("--local",) if job.local else ()
    meant = ("schedule", VERB, *local, "--", job.verb.value, *job.arguments)
    return (*_as_user(job.user), "env", "-i", f"--chdir={job.directory}", *given, *job.program, *meant)


def _as_user(user: str) -> tuple[str, ...]:
    return () if pwd.getpwnam(user).pw_uid == os.geteuid() else ("runuser", "-u", user, "--")
