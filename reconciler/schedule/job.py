"""One scheduled run: its options and times, and what refuses it because it would wait for a person."""

from __future__ import annotations

import os
import pwd
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..model.desired import Mode
from ..model.variables import VARIABLES
from . import alarm
from .errors import ScheduleError

__all__ = ["PREFIX", "Job", "ScheduleError", "check", "check_name", "default_user", "home_of", "own_program"]

PREFIX: Final = "iot-https-"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
_UNIT = re.compile(r"[A-Za-z0-9:_.@%\\-]+\.(service|target|path|timer|socket)")
_HIDDEN_BY_PRIVATE_TMP = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - named, not used
_LONGEST_DAYS = 86400 * 7
_SECRETS = re.compile(
    r"\b("
    + "|".join(sorted(name for name, variable in VARIABLES.items() if variable.secret))
    + r"|ansible_\w*pass\w*)[\"']?\s*[=:]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One schedule.

    Args:
        name: of the schedule; its units are called `iot-https-<name>`.
        program: the command itself, the first part an absolute path.
        arguments: options of the verb: inventory, limit and so on; `--yes` is added where the verb asks.
        user: account that it runs as, whose SSH keys and inventory it uses.
        directory: where relative paths of the arguments and an `ansible.cfg` are looked for.
        calendar: when, as systemd's `OnCalendar`.
        splay_seconds: each run begins after a random part of this.
        run_seconds: when a run must have ended; then it is told to end as by `stop_seconds`.
        stop_seconds: how long boxes that are being mended are waited for when a run is told to end.
        alarm: which exit statuses fail a run.
        counts_missed: let the run count which boxes it misses, where that alarm wants it.
        on_failure: unit that is started when a run fails, for the alarm.
        local: it changes the machine that it runs on, which needs rights that a hardened service has not.
        writable: further paths that the arguments make it write to.
        prompts: arguments that make it ask somebody.
        catches_up: a run that was missed while this machine was off starts when it is on again.
    """

    name: str
    program: tuple[str, ...]
    user: str
    directory: Path
    verb: Mode = Mode.RECONCILE
    arguments: tuple[str, ...] = ()
    calendar: str = "*-*-* 03:00:00"
    splay_seconds: int = 900
    run_seconds: int = 7200
    stop_seconds: int = 300
    alarm: alarm.Alarm = alarm.DEFAULT
    counts_missed: bool = True
    on_failure: str | None = None
    local: bool = False
    writable: tuple[Path, ...] = ()
    prompts: tuple[str, ...] = ()
    catches_up: bool = True

    @property
    def command(self) -> tuple[str, ...]:
        """The whole command line."""
        agreed = self.verb is Mode.RECONCILE and "--yes" not in self.arguments
        missed = ("--missed-runs", str(self.alarm.runs_to_miss))
        counts = self.counts_missed and self.alarm.counts_missed
        own = (*(("--yes",) if agreed else ()), *(missed if counts else ()))
        return (*self.program, self.verb.value, *own, *self.arguments)

    @property
    def service(self) -> str:
        """Name of the unit that runs it."""
        return f"{PREFIX}{self.name}.service"

    @property
    def timer(self) -> str:
        """Name of the unit that starts it."""
        return f"{PREFIX}{self.name}.timer"


def check_name(name: str) -> str:
    """Return the name of a schedule if it can be one.

    Raises:
        ScheduleError: it cannot be part of the name of a unit.
    """
    if not _NAME.fullmatch(name):
        raise ScheduleError(f"{name!r} cannot name a schedule: use up to 60 letters, digits, - and _")
    return name


def check(job: Job) -> None:
    """Find out whether a job can run with nobody there.

    Raises:
        ScheduleError: all that is wrong with it.
    """
    check_name(job.name)
    problems = [*_wrong_command(job), *_wrong_paths(job), *_wrong_settings(job)]
    if problems:
        raise ScheduleError("\n".join(problems))


def own_program(argv: Sequence[str] = sys.argv, executable: str = sys.executable) -> tuple[str, ...]:
    """Return how this very installation is called, whatever PATH says at night."""
    script = Path(argv[0]).absolute()
    if script.name == "iot-https" and os.access(script, os.X_OK):
        return (str(script),)
    return (executable, "-m", "iot_https")


def default_user(environment: Mapping[str, str] = os.environ, uid: int | None = None) -> str:
    """Return who runs this command, and behind sudo who called that."""
    number = os.geteuid() if uid is None else uid
    return (environment.get("SUDO_USER") if number == 0 else None) or pwd.getpwuid(number).pw_name


def home_of(user: str) -> Path:
    """Return a user's home.

    Raises:
        ScheduleError: there is no such user.
    """
    try:
        return Path(pwd.getpwnam(user).pw_dir)
    except KeyError:
        raise ScheduleError(f"there is no user {user!r} on this machine: name one by --user") from None


def _wrong_command(job: Job) -> Iterator[str]:
    if not job.program or not job.program[0].startswith("/") or "$" in job.program[0]:
        yield f"the program must be an absolute path without $, not {' '.join(job.program)!r}"
    for argument in (*job.program, *job.arguments):
        if not argument.isprintable():
            yield f"{argument!r} holds a control character"
        if _SECRETS.search(argument):
            yield "an argument holds a secret, and everybody can read units: put it into the inventory's vault"
    for prompt in job.prompts:
        yield (
            f"nobody is there to answer {prompt}: use a file (--vault-password-file) for the vault's password, and a "
            "key, or a vaulted variable such as ansible_become_password, for the boxes"
        )


def _wrong_paths(job: Job) -> Iterator[str]:
    if not job.directory.is_absolute() or not job.directory.is_dir():
        yield f"{job.directory} is not a folder with an absolute path"
    values = (each.rpartition("=")[2] for each in (*job.program, *job.arguments))
    for path in (job.directory, *(Path(each) for each in values if each.startswith("/")), *job.writable):
        hidden = next(filter(path.is_relative_to, _HIDDEN_BY_PRIVATE_TMP), None)
        if hidden is not None and not job.local:
            yield f"{path} is not seen by a service, which gets a private {hidden}: move it out of {hidden}"
    home = home_of(job.user)
    for path in job.writable:
        if not path.is_dir():
            yield f"there is no folder {path} to write to: make it first"
        elif home.is_relative_to(path):
            yield f"a file in {path} would open all of it to the service: keep it in a folder of its own, below {home}"
    for path in (job.directory, *job.writable, home):
        if not str(path).isprintable() or re.search(r"[\"'\\]|\s$", str(path)):
            yield f"{path} holds a character that a unit cannot: a quote, a backslash or a blank at the end"


def _wrong_settings(job: Job) -> Iterator[str]:
    if not job.calendar.strip() or not job.calendar.isprintable():
        yield "the calendar is empty or more than one line: give a time such as 'Mon..Fri 03:00'"
    if job.on_failure is not None and not _UNIT.fullmatch(job.on_failure):
        yield f"{job.on_failure!r} is not the name of a unit, such as alarm@%n.service"
    bounds = {"splay": (job.splay_seconds, 0), "run time": (job.run_seconds, 60), "stop time": (job.stop_seconds, 10)}
    for what, (seconds, least) in bounds.items():
        if not least <= seconds <= _LONGEST_DAYS:
            yield f"the {what} must be {least} to {_LONGEST_DAYS} seconds, not {seconds}"
