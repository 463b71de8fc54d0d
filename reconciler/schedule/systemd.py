"""Every call of systemd's programs, behind one function that tests replace."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from .errors import NoSystemd, ScheduleError

_LONGEST = 1800.0
"""Seconds; stopping a service waits for the boxes that it is mending."""
_OF_A_NEWER_SYSTEMD = re.compile(r"Unknown (key|lvalue)")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended."""

    status: int
    output: str = ""
    errors: str = ""


Runner = Callable[[Sequence[str]], Ended]


def run_program(command: Sequence[str]) -> Ended:
    """Run a program of systemd.

    Raises:
        ScheduleError: it is not there, or does not end.
    """
    environment = {**os.environ, "LC_ALL": "C", "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0"}
    try:
        ended = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            env=environment,
            timeout=_LONGEST,
            check=False,
        )
    except FileNotFoundError:
        raise NoSystemd(f"there is no {command[0]} here: schedules need systemd (on Debian: systemd)") from None
    except subprocess.TimeoutExpired:
        raise ScheduleError(f"{' '.join(command)} did not end within {_LONGEST:.0f} s") from None
    return Ended(ended.returncode, ended.stdout, ended.stderr)


@dataclass(frozen=True, slots=True)
class Systemd:
    """What this program asks of systemd."""

    run: Runner = run_program

    def do(self, *command: str) -> str:
        """Run a command that must succeed; return what it printed.

        Raises:
            ScheduleError: it did not.
        """
        ended = self.run(command)
        if ended.status:
            raise ScheduleError(f"{' '.join(command)}: {_first_line(ended)}")
        return ended.output

    def asks(self, *command: str) -> bool:
        """Tell whether a command that answers by its exit status says yes."""
        return self.run(command).status == 0

    def need_running(self) -> None:
        """Find out whether systemd is what started this machine.

        Raises:
            ScheduleError: it is not, as in most containers.
        """
        ended = self.run(("systemctl", "show", "--property=Version"))
        if ended.status:
            why = f"systemd does not run on this machine ({_first_line(ended)})"
            raise ScheduleError(f"{why}: use --print, and install the units where it does")

    def check_calendar(self, calendar: str) -> None:
        """Find out whether systemd understands a time.

        Raises:
            ScheduleError: it does not.
        """
        ended = self.run(("systemd-analyze", "calendar", "--", calendar))
        if ended.status:
            raise ScheduleError(f"calendar {calendar!r}: {_first_line(ended)}; try systemd-analyze calendar")

    def verify(self, units: Mapping[str, str]) -> tuple[str, ...]:
        """Let systemd look at units before it gets them; return what it would leave out.

        Args:
            units: file name -> content.

        Raises:
            ScheduleError: it refuses them.
        """
        with TemporaryDirectory(prefix="iot-https-") as folder:
            for name, content in units.items():
                Path(folder, name).write_text(content, encoding="utf-8")
            paths = [str(Path(folder, name)) for name in units]
            ended = self.run(("systemd-analyze", "verify", "--man=no", *paths))
            lines = [line.replace(f"{folder}/", "") for line in ended.errors.splitlines()]
        about = [line for line in lines if any(name in line for name in units)]
        wrong = [line for line in about if not _OF_A_NEWER_SYSTEMD.search(line)]
        if wrong or ended.status:
            raise ScheduleError("\n".join(["systemd does not take these units:", *(wrong or lines)]))
        return tuple(line for line in about if line not in wrong)

    def properties(self, unit: str, *names: str) -> dict[str, str]:
        """Return properties of a unit, empty text where it has none.

        Raises:
            ScheduleError: systemd does not answer.
        """
        shown = self.do("systemctl", "show", unit, *(f"--property={name}" for name in names))
        found = dict(line.partition("=")[::2] for line in shown.splitlines() if "=" in line)
        return {name: found.get(name, "") for name in names}


def _first_line(ended: Ended) -> str:
    lines = (ended.errors.strip() or ended.output.strip() or f"exit status {ended.status}").splitlines()
    return lines[0]
