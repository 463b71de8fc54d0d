"""Install or remove the units of a schedule: all of them or none, and only units that this program wrote."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..machine.posix.files import PosixFiles
from .errors import NoSystemd
from .job import PREFIX, Job, ScheduleError, check, check_name
from .rehearsal import rehearse
from .systemd import Runner, Systemd, run_program
from .units import MARKER, not_installed, render, state_directory

SYSTEM_UNITS: Final = Path("/etc/systemd/system")
_READABLE = 0o644


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of a request. `warnings`: what worked only in part, a line each."""

    changed: bool
    message: str
    warnings: tuple[str, ...] = ()


def install(job: Job, *, directory: Path = SYSTEM_UNITS, active: bool = True, run: Runner = run_program) -> Done:
    """Write the units of a job and switch its timer on; do nothing if all is as it should be.

    Args:
        directory: where the units go.
        active: tell systemd about them; not for a directory in which it does not look.

    Raises:
        ScheduleError: why not; nothing was changed, unless the text says so.
    """
    systemd = Systemd(run)
    check(job)
    systemd.check_calendar(job.calendar)
    units = render(job)
    if _are(units, directory) and (not active or _is_on(systemd, job)):
        return Done(changed=False, message=f"{job.timer}: unchanged")
    _need_rights(directory)
    if active:
        systemd.need_running()
    warnings = systemd.verify(units)
    if active:
        _check_alarm(systemd, job)
        rehearse(job, run)
        state = str(state_directory(job))
        # As that user: root must not follow links which somebody may have laid in a home of their own.
        systemd.do("runuser", "-u", job.user, "--", "mkdir", "-p", "-m", "0700", "--", state)
    for name, content in units.items():
        _write(directory / name, content)
    if active:
        _switch_on(systemd, job)
    return Done(changed=True, message=f"{job.timer}: installed", warnings=warnings)


def to_print(job: Job, *, run: Runner = run_program) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the units of a job for some machine, and what could not be checked on this one.

    Raises:
        ScheduleError: why no machine could run it.
    """
    check(job)
    try:
        Systemd(run).check_calendar(job.calendar)
    except NoSystemd:
        return render(job), (f"the calendar {job.calendar!r} is not checked, since there is no systemd-analyze here",)
    return render(job), ()


def remove(name: str, *, directory: Path = SYSTEM_UNITS, active: bool = True, run: Runner = run_program) -> Done:
    """Switch a schedule off and delete its units; a run that is under way may finish its boxes first.

    Raises:
        ScheduleError: why not.
    """
    systemd = Systemd(run)
    unit = f"{PREFIX}{check_name(name)}"
    files = [path for path in (directory / f"{unit}.timer", directory / f"{unit}.service") if _is_ours(path)]
    if not files:
        return Done(changed=False, message=not_installed(name, directory))
    _need_rights(directory)
    warnings: tuple[str, ...] = ()
    if active:
        warnings = _switch_off(systemd, unit)
    for path in files:
        path.unlink()
    PosixFiles().sync_directory(str(directory))
    if active:
        systemd.do("systemctl", "daemon-reload")
    return Done(changed=True, message=f"{unit}.timer: removed", warnings=warnings)


def _are(units: Mapping[str, str], directory: Path) -> bool:
    """Tell whether both units are there as they should be.

    Raises:
        ScheduleError: there is a unit of that name which somebody else made.
    """
    paths = {directory / name: content for name, content in units.items()}
    there = [_is_ours(path) for path in paths]
    return all(there) and all(path.read_text(encoding="utf-8") == content for path, content in paths.items())


def _is_ours(path: Path) -> bool:
    """Tell whether a unit is there.

    Raises:
        ScheduleError: it is there and this program did not make it.
    """
    if not path.is_symlink() and not path.exists():
        return False
    if path.is_symlink() or not path.read_text(encoding="utf-8", errors="replace").startswith(MARKER):
        raise ScheduleError(f"{path} was not made by this program: nothing was changed; choose another name")
    return True


def _is_on(systemd: Systemd, job: Job) -> bool:
    return all(systemd.asks("systemctl", question, "--quiet", job.timer) for question in ("is-enabled", "is-active"))


def _need_rights(directory: Path) -> None:
    if not os.access(directory, os.W_OK):
        raise ScheduleError(f"{directory} cannot be written: run this with sudo, or use --print and install by hand")


def _check_alarm(systemd: Systemd, job: Job) -> None:
    """An alarm that does not exist is noticed when it should have rung."""
    if job.on_failure is None:
        return
    unit = job.on_failure
    for specifier, text in (("%n", job.service), ("%N", job.service.removesuffix(".service")), ("%%", "%")):
        unit = unit.replace(specifier, text)
    if not systemd.asks("systemctl", "cat", "--", unit):
        raise ScheduleError(f"there is no unit {unit} to start when a run fails: make it first")


def _write(path: Path, content: str) -> None:
    """Replace a file, durably: a power cut leaves the old one or the new one."""
    files, new = PosixFiles(), f"{path}.new"
    if os.path.lexists(new):
        files.remove(new)
    files.create(new, content.encode(), _READABLE, os.geteuid(), os.getegid())
    files.sync_file(new)
    files.rename(new, str(path))
    files.sync_directory(str(path.parent))


def _switch_on(systemd: Systemd, job: Job) -> None:
    """A timer that runs already keeps its old time until it is restarted."""
    try:
        systemd.do("systemctl", "daemon-reload")
        systemd.do("systemctl", "enable", job.timer)
        systemd.do("systemctl", "restart", job.timer)
    except ScheduleError as error:
        raise ScheduleError(f"{error}; the units are written and not switched on: mend this and run again") from None


def _switch_off(systemd: Systemd, unit: str) -> tuple[str, ...]:
    systemd.do("systemctl", "disable", "--now", f"{unit}.timer")
    systemd.do("systemctl", "stop", f"{unit}.service")
    if systemd.asks("systemctl", "is-failed", "--quiet", f"{unit}.service"):
        systemd.do("systemctl", "reset-failed", f"{unit}.service")
    if systemd.asks("systemctl", "clean", "--what=state", f"{unit}.timer"):
        return ()
    # Without this, a schedule of that name that is installed later makes up for all missed runs at once.
    return (f"systemd keeps when {unit}.timer last ran: /var/lib/systemd/timers/stamp-{unit}.timer can be deleted",)
