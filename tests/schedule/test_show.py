"""What is scheduled, in words: when, how it ended, where to read more."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.report.schedule_text import render
from reconciler.schedule.install import install
from reconciler.schedule.job import ScheduleError
from reconciler.schedule.show import show

from .machine import Memory, job

RAN = {
    "UnitFileState": "enabled",
    "ActiveState": "active",
    "NextElapseUSecRealtime": "Wed 2026-11-25 03:00:00 UTC",
    "LastTriggerUSec": "Tue 2026-11-24 03:04:10 UTC",
    "Result": "success",
    "ExecMainStatus": "2",
    "ExecMainExitTimestamp": "Tue 2026-11-24 03:04:50 UTC",
}


def shown(folder: Path, **changes: str) -> str:
    machine = Memory()
    install(job(), directory=folder, run=machine.run)
    machine.properties = RAN | changes
    return render(show(directory=folder, run=machine.run), width=160)


def test_a_schedule_that_ran_well(tmp_path: Path) -> None:
    text = shown(tmp_path)
    assert text.startswith("night: on")
    assert "next run   Wed 2026-11-25 03:00:00 UTC" in text
    assert "exit status 2 (differences or changes)" in text
    assert "exit status 22 (differences or changes; failures; boxes that could not be reached)" in shown(
        tmp_path, ExecMainStatus="22"
    )
    assert "journalctl --unit=iot-https-night.service" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"UnitFileState": "disabled"}, "night: OFF"),
        ({"LastTriggerUSec": "", "ExecMainExitTimestamp": ""}, "last run   never"),
        ({"Result": "timeout"}, "ended by timeout"),
        ({"ActiveState": "activating"}, "a run is under way"),
    ],
)
def test_other_states(tmp_path: Path, changes: dict[str, str], words: str) -> None:
    assert words in shown(tmp_path, **changes)


def test_nothing_is_scheduled(tmp_path: Path) -> None:
    (tmp_path / "iot-https-of-others.timer").write_text("[Timer]\n")
    assert render(show(directory=tmp_path, run=Memory().run)).startswith("Nothing is scheduled")


def test_a_schedule_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ScheduleError, match="not installed"):
        show("night", directory=tmp_path, run=Memory().run)
