"""Render a job as its service unit and its timer unit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..model.near import instead
from . import quoting
from .job import PREFIX, Job, home_of

MARKER: Final = "# Made by iot-https schedule"
"""How every unit of this program begins; others are never touched."""

_STATE = Path(".local/state/iot-https")


def state_directory(job: Job) -> Path:
    """Return where runs of the job's user keep lock and journal: the same place as for runs by hand.

    A StateDirectory of its own would be simpler, and a run by hand would not see that the night's is still at work.
    """
    return home_of(job.user) / _STATE


def render(job: Job) -> dict[str, str]:
    """Return file name -> content of the service and the timer, which must have passed `job.check`."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(  # noqa: S701 - unit files, not HTML; every value goes through quoting
        loader=PackageLoader("reconciler.schedule"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"value": quoting.value, "path": quoting.path, "command": quoting.command}
    writable = [str(each) for each in (state_directory(job), *job.writable)]
    values = {"job": job, "marker": MARKER, "writable": writable}
    return {
        job.service: environment.get_template("service.j2").render(values),
        job.timer: environment.get_template("timer.j2").render(values),
    }


def not_installed(name: str, directory: Path) -> str:
    """Return that there is no schedule of a name, and which one may be meant."""
    return f"{PREFIX}{name}.timer: not installed{instead(name, installed(directory))}"


def installed(directory: Path) -> Iterator[str]:
    """Yield the names of the schedules that this program made."""
    for path in directory.glob(f"{PREFIX}*.timer"):
        if path.is_file() and path.read_text(encoding="utf-8", errors="replace").startswith(MARKER):
            yield path.stem.removeprefix(PREFIX)
