"""What is scheduled, in words: when, how it ended, where to read more."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.report.schedule_text import render
from reconciler.schedule.install import install, remove
from reconciler.schedule.job import ScheduleError
from reconciler.schedule.show import show
from reconciler.schedule.units import MARKER
from tests.support.printed import commands

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


def shown(folder: Path, missing: dict[str, object] | None = None, **changes: str) -> str:
    machine = Memory()
    install(job(**missing or {}), directory=folder, run=machine.run)
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
    assert words in shown(tmp_path, None, **changes)


@pytest.mark.parametrize(
    ("catches_up", "words"), [(True, "starts when it is on again"), (False, "this machine was off is left out")]
)
def test_what_becomes_of_a_missed_run_is_told(tmp_path: Path, catches_up: bool, words: str) -> None:  # noqa: FBT001
    (line,) = (each for each in shown(tmp_path, {"catches_up": catches_up}).splitlines() if each.startswith("  missed"))
    assert words in line


def test_the_command_is_one_for_a_shell(tmp_path: Path) -> None:
    """The unit has it as systemd takes it apart, which is not how a shell does."""
    limits = ("--limit", "store_lotus__hanoi:&image_ro", "-i", "/srv/100%/$HOME's", ";")
    (command,) = commands(shown(tmp_path, {"arguments": limits}).replace("/usr/bin/iot-https", "iot-https"))
    assert command[-len(limits) :] == list(limits)


def test_a_command_that_somebody_edited_is_shown_as_it_is(tmp_path: Path) -> None:
    shown(tmp_path)
    unit = tmp_path / "iot-https-night.service"
    unit.write_text(unit.read_text().replace("ExecStart=", "ExecStart=-"))
    unit.write_text(unit.read_text().replace("reconcile --yes", "reconcile   '--yes'"))
    assert "    -/usr/bin/iot-https reconcile   '--yes'" in render(show(directory=tmp_path, run=Memory().run))


def test_a_timer_that_is_off_can_be_switched_on(tmp_path: Path) -> None:
    assert "`sudo systemctl enable --now iot-https-night.timer`" in shown(tmp_path, UnitFileState="disabled")


def test_nothing_is_scheduled(tmp_path: Path) -> None:
    (tmp_path / "iot-https-of-others.timer").write_text("[Timer]\n")
    assert render(show(directory=tmp_path, run=Memory().run)).startswith("Nothing is scheduled")


def test_a_schedule_that_is_misspelled_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "iot-https-night.timer").write_text(f"{MARKER}\n")
    with pytest.raises(ScheduleError, match=r"iot-https-nigth\.timer: not installed: did you mean night\?"):
        show("nigth", directory=tmp_path, run=Memory().run)
    assert "did you mean night?" in remove("nigth", directory=tmp_path, run=Memory().run).message


def test_a_schedule_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ScheduleError, match="not installed"):
        show("night", directory=tmp_path, run=Memory().run)
