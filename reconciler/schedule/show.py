"""List schedules: what runs, when it ran, how it ended, and which command prints the report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..model.status import in_words
from .install import SYSTEM_UNITS
from .job import PREFIX, ScheduleError, check_name
from .systemd import Runner, Systemd, run_program
from .units import MARKER

_NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One schedule as it stands.

    Args:
        command: as the unit has it.
        next_run, last_run: in systemd's words, empty for never.
        last_status: exit status of the last run since this machine was started, empty where there was none.
        last_result: `success`, `exit-code`, `timeout`, ... as systemd judges the last run.
        running: a run is under way.
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

    @property
    def journal(self) -> str:
        """The command that shows what the runs printed."""
        return f"journalctl --unit={PREFIX}{self.name}.service"


def show(name: str | None = None, *, directory: Path = SYSTEM_UNITS, run: Runner = run_program) -> tuple[Schedule, ...]:
    """Return one schedule, or all that this program made.

    Raises:
        ScheduleError: there is none of that name, or systemd does not answer.
    """
    names = [check_name(name)] if name else sorted(_installed(directory))
    if name and name not in set(_installed(directory)):
        raise ScheduleError(f"{PREFIX}{name}.timer: not installed")
    return tuple(_look(each, directory, Systemd(run)) for each in names)


def render(schedules: Sequence[Schedule]) -> str:
    """Return schedules for a person."""
    if not schedules:
        return "Nothing is scheduled. iot-https schedule install schedules a run."
    return "\n\n".join("\n".join(_lines(each)) for each in schedules)


def _installed(directory: Path) -> Iterator[str]:
    for path in directory.glob(f"{PREFIX}*.timer"):
        if path.is_file() and path.read_text(encoding="utf-8", errors="replace").startswith(MARKER):
            yield path.stem.removeprefix(PREFIX)


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
    )


def _setting(path: Path, key: str) -> str:
    if not path.is_file():
        return f"({path} is missing: install again)"
    found = re.search(rf"^{key}=(.*)$", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return found[1] if found else ""


def _lines(each: Schedule) -> Iterator[str]:
    state = "on" if each.enabled and each.active else "OFF: iot-https schedule install switches it on"
    yield f"{each.name}: {state}{', a run is under way' if each.running else ''}"
    yield f"  command   {each.command}"
    yield f"  calendar  {each.calendar}"
    yield f"  next run  {each.next_run or _NEVER}"
    yield f"  last run  {each.last_run or _NEVER}{_outcome(each)}"
    yield f"  log       {each.journal}"


def _outcome(each: Schedule) -> str:
    if not each.last_status:
        return ""
    if each.last_result not in ("success", "exit-code"):
        return f", ended by {each.last_result}"
    number = each.last_status
    return f", exit status {number} ({in_words(int(number) if number.isdigit() else -1)})"
