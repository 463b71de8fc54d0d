"""List schedules: what runs, when it ran, how it ended, and which command prints the report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .install import SYSTEM_UNITS
from .job import PREFIX, ScheduleError, check_name
from .systemd import Runner, Systemd, run_program
from .units import installed, not_installed


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One schedule as it stands.

    Args:
        command: as the unit has it.
        next_run, last_run: in systemd's words, empty for never.
        last_status: exit status of the last run since this machine was started, empty where there was none.
        last_result: `success`, `exit-code`, `timeout`, ... as systemd judges the last run.
        running: a run is under way.
        catches_up: a run that was missed while the machine was off is made up for.
    """

    name: str
    command: str
    calendar: str
    enabled: bool
    active: bool
    running: bool
    next_run: str
    last_run: str
    last_status: str
    last_result: str
    catches_up: bool

    @property
    def timer(self) -> str:
        """The unit that starts the runs."""
        return f"{PREFIX}{self.name}.timer"

    @property
    def journal(self) -> str:
        """The command that shows what the runs printed."""
        return f"journalctl --unit={PREFIX}{self.name}.service"


def show(name: str | None = None, *, directory: Path = SYSTEM_UNITS, run: Runner = run_program) -> tuple[Schedule, ...]:
    """Return one schedule, or all that this program made.

    Raises:
        ScheduleError: there is none of that name, or systemd does not answer.
    """
    names = [check_name(name)] if name else sorted(installed(directory))
    if name and name not in set(installed(directory)):
        raise ScheduleError(not_installed(name, directory))
    return tuple(_look(each, directory, Systemd(run)) for each in names)


def _look(name: str, directory: Path, systemd: Systemd) -> Schedule:
    unit = f"{PREFIX}{name}"
    timer = systemd.properties(
        f"{unit}.timer", "UnitFileState", "ActiveState", "NextElapseUSecRealtime", "LastTriggerUSec"
    )
    service = systemd.properties(f"{unit}.service", "ActiveState", "Result", "ExecMainStatus", "ExecMainExitTimestamp")
    ran = bool(service["ExecMainExitTimestamp"])
    return Schedule(
        name=name,
        command=_setting(directory / f"{unit}.service", "ExecStart"),
        calendar=_setting(directory / f"{unit}.timer", "OnCalendar"),
        enabled=timer["UnitFileState"] == "enabled",
        active=timer["ActiveState"] == "active",
        running=service["ActiveState"] == "activating",
        next_run=timer["NextElapseUSecRealtime"],
        last_run=timer["LastTriggerUSec"] or service["ExecMainExitTimestamp"],
        last_status=service["ExecMainStatus"] if ran else "",
        last_result=service["Result"] if ran else "",
        catches_up=_setting(directory / f"{unit}.timer", "Persistent") == "true",
    )


def _setting(path: Path, key: str) -> str:
    if not path.is_file():
        return f"({path} is missing: install again)"
    found = re.search(rf"^{key}=(.*)$", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return found[1] if found else ""
