"""Units are written whole or not at all, only ours are touched, and a second install changes nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from reconciler.model.desired import Mode
from reconciler.schedule.alarm import WORDS, read
from reconciler.schedule.install import install, remove
from reconciler.schedule.job import ScheduleError
from reconciler.schedule.systemd import run_program

from .machine import Memory, job

SERVICE, TIMER = "iot-https-night.service", "iot-https-night.timer"


def put(folder: Path, machine: Memory | None = None, **changes: object) -> bool:
    return install(job(**changes), directory=folder, run=(machine or Memory()).run).changed


def test_both_units_are_written_and_the_timer_is_switched_on(tmp_path: Path) -> None:
    machine = Memory()
    assert put(tmp_path, machine)
    assert {path.name for path in tmp_path.iterdir()} == {SERVICE, TIMER}
    assert machine.did("systemctl daemon-reload")
    assert machine.did(f"systemctl enable {TIMER}")
    assert machine.is_on


def test_a_second_install_changes_nothing(tmp_path: Path) -> None:
    machine = Memory()
    put(tmp_path, machine)
    machine.commands.clear()
    assert not put(tmp_path, machine)
    assert not machine.did("daemon-reload")


def test_a_changed_schedule_replaces_the_old_one(tmp_path: Path) -> None:
    machine = Memory()
    put(tmp_path, machine)
    assert put(tmp_path, machine, calendar="Mon 04:00")
    assert "OnCalendar=Mon 04:00" in (tmp_path / TIMER).read_text()


@pytest.mark.parametrize(("catches_up", "persistent"), [(True, "true"), (False, "false")])
def test_a_run_that_was_missed_is_made_up_for_or_left_out(
    tmp_path: Path,
    catches_up: bool,  # noqa: FBT001
    persistent: str,
) -> None:
    put(tmp_path, catches_up=catches_up)
    assert f"\nPersistent={persistent}\n" in (tmp_path / TIMER).read_text()


def test_a_timer_that_somebody_switched_off_is_switched_on_again(tmp_path: Path) -> None:
    machine = Memory()
    put(tmp_path, machine)
    machine.is_on = False
    assert put(tmp_path, machine)
    assert machine.is_on


@pytest.mark.parametrize(
    ("fails", "words"),
    [
        ({"systemd-analyze calendar": "Failed to parse calendar specification"}, "calendar"),
        ({"systemd-analyze verify": f"{SERVICE}:3: bad"}, "systemd does not take these units"),
        ({"systemctl cat": "No files found"}, "there is no unit alarm@iot-https-night.service.service"),
    ],
)
def test_what_systemd_refuses_is_not_written(tmp_path: Path, fails: dict[str, str], words: str) -> None:
    with pytest.raises(ScheduleError, match=words):
        put(tmp_path, Memory(fails), on_failure="alarm@%n.service")
    assert list(tmp_path.iterdir()) == []


def test_a_switch_that_fails_says_that_the_units_are_there(tmp_path: Path) -> None:
    with pytest.raises(ScheduleError, match="the units are written and not switched on"):
        put(tmp_path, Memory({"systemctl enable": "no bus"}))


@pytest.mark.parametrize("by", ["text", "link"])
def test_a_unit_that_somebody_else_made_is_left_alone(tmp_path: Path, by: str) -> None:
    unit = tmp_path / TIMER
    if by == "text":
        unit.write_text("[Timer]\n")
    else:
        unit.symlink_to("/dev/null")
    for action in (lambda: put(tmp_path), lambda: remove("night", directory=tmp_path, run=Memory().run)):
        with pytest.raises(ScheduleError, match="was not made by this program"):
            action()
    assert os.path.lexists(unit)


def test_remove_stops_deletes_and_is_done_once(tmp_path: Path) -> None:
    machine = Memory()
    put(tmp_path, machine)
    assert remove("night", directory=tmp_path, run=machine.run).changed
    assert list(tmp_path.iterdir()) == []
    assert machine.did(f"systemctl disable --now {TIMER}")
    assert not remove("night", directory=tmp_path, run=machine.run).changed


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze (Debian: systemd)")
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"on_failure": "alarm@%n.service"},
        {"arguments": ("-i", "/srv/inv of 100% $HOME", "--limit", 'a"b\\c;d', ";")},
        {"local": True},
        {"verb": Mode.CHECK},
        {"user": "root"},
        {"alarm": read("failed")},
        {"alarm": read(",".join(WORDS))},
    ],
)
def test_systemd_itself_takes_the_units(tmp_path: Path, changes: dict[str, object]) -> None:
    done = install(job(program=("/bin/true",), **changes), directory=tmp_path, active=False, run=run_program)
    assert done.changed
    assert done.warnings == ()
