"""The box's own users are not trusted: their pid files, their accounts and what fills `/run`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import boxes
from reconciler.box.services import resume_timer
from reconciler.codes import CodeName
from reconciler.model.desired import Mode

from . import look
from .lab import Lab, Unit, codes, names
from .test_ssh import run, way

DOCS = (Path(__file__).parents[2] / "docs/privileges.md").read_text(encoding="utf-8")
ACCOUNT, WITHOUT_PI = re.findall(r"^```sh\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)
PID_FILE = "/run/odoo/odoo.pid"
FILLERS = {
    "bytes": "dd if=/dev/zero of=/run/filler bs=64k",
    "files": "mkdir /run/filler && cd /run/filler && seq 1000000 | xargs touch",
}

on = pytest.mark.parametrize
on_each_user = on("kind", ["ro_ini", "rw_ini"])


@pytest.fixture
def unit(lab: Lab, kind: str) -> Unit:
    return lab.converged(kind, "work")


def state(unit: Unit, pid: str) -> str:
    return unit.box.shell(f"sed 's/.*) //' /proc/{pid}/stat").split()[0]


@contextmanager
def decoy(unit: Unit, user: str = "root") -> Iterator[str]:
    """Let a process of somebody look like Odoo, and the pid file name it."""
    unit.box.write("/tmp/odoo-bin", "import time\ntime.sleep(600)\n")
    pid = unit.box.exec(
        ["sh", "-c", "setsid python3 /tmp/odoo-bin >/dev/null 2>&1 & echo $!"], user=user
    ).stdout.strip()
    own = unit.box.read(PID_FILE)
    unit.box.write(PID_FILE, f"{pid}\n")
    try:
        yield pid
    finally:
        unit.box.write(PID_FILE, own)
        unit.box.shell(f"kill -9 {pid}", check=False)


@on_each_user
def test_a_pid_file_that_names_a_process_of_root_has_it_left_alone(unit: Unit) -> None:
    look.due(unit)
    with decoy(unit) as pid:
        result = unit.reconcile()
        assert state(unit, pid) in ("S", "R")
        assert codes(result.after) == []


@on("kind", boxes.KINDS)
def test_a_pid_file_that_names_another_process_of_the_service_user_does_not_hide_odoo(unit: Unit) -> None:
    own = unit.box.read(PID_FILE).strip()
    with decoy(unit, unit.box.facts.service_user) as pid:
        unit.box.shell(f"kill -STOP {own}")
        assert CodeName.ODOO_STOPPED in names(unit.check().before)
        assert codes(unit.reconcile().after) == []
        assert state(unit, pid) == "S"
        assert state(unit, own) == "S"


def resume(unit: Unit, pid: str, start: str) -> None:
    user, group = unit.box.shell(f"stat -c '%u %g' /proc/{pid}").split()
    unit.box.exec(["/bin/sh", "-c", resume_timer.SCRIPT, "sh", pid, start, user, group, "start"])


@on_each_user
def test_the_timer_wakes_the_process_that_was_held_and_no_other(unit: Unit) -> None:
    pid = unit.box.read(PID_FILE).strip()
    start = unit.box.shell(f"sed 's/.*) //' /proc/{pid}/stat").split()[19]
    unit.box.shell(f"kill -STOP {pid}")
    boxes.wait_for(lambda: state(unit, pid) == "T", "it does not stop", 5)
    resume(unit, pid, str(int(start) + 1))
    assert state(unit, pid) == "T"
    resume(unit, pid, start)
    boxes.wait_for(lambda: state(unit, pid) != "T", "it is not woken", 5)
    unit.box.wait_until_up()


@on("kind", ["ro_ini", "rw_newest"])
@on("filler", FILLERS)
def test_a_check_works_where_run_is_full_and_says_so(unit: Unit, tmp_path: Path, filler: str) -> None:
    look.due(unit)
    before = look.whole(unit)
    unit.box.shell("mount -o remount,size=8m,nr_inodes=5k /run; rm -f /run/iot-https/*")
    unit.box.shell(FILLERS[filler], check=False)
    try:
        found = run(unit, way(unit, tmp_path))
        assert sorted(names(found.before)) == [str(CodeName.DISK_FULL), str(CodeName.RENEWAL_OVERDUE)]
        assert "/run " in found.before[0].evidence
        result = run(unit, way(unit, tmp_path), Mode.RECONCILE)
        assert CodeName.DISK_FULL in names(result.after)
        assert not result.changed
        assert look.whole(unit) == before
    finally:
        unit.box.shell("rm -rf /run/filler; mount -o remount,size=64m,nr_inodes=800k /run")
    assert codes(run(unit, way(unit, tmp_path), Mode.RECONCILE).after) == []


@on("kind", ["rw_ini"])
def test_an_account_of_its_own_checks_and_mends_where_pi_is_not_root(unit: Unit, tmp_path: Path, lab: Lab) -> None:
    try:
        unit.box.write("/tmp/key.pub", Path(f"{unit.box.ssh_key}.pub").read_text(encoding="utf-8"))
        unit.box.exec(["sh", "-eux", "-c", ACCOUNT + WITHOUT_PI])
        through = replace(way(unit, tmp_path), user="iot-https")
        assert codes(run(unit, through).before) == []
        assert "password is required" in unit.box.shell("su pi -s /bin/sh -c 'sudo -n true' 2>&1", check=False)
        assert names(run(unit, way(unit, tmp_path)).after) == [str(CodeName.SUDO_REFUSED)]
        look.due(unit)
        assert codes(run(unit, through, Mode.RECONCILE).after) == []
        unit.box.reboot()
        assert codes(run(unit, through).before) == []
        refused = unit.box.shell("su iot-https -s /bin/sh -c 'sudo -n id' 2>&1", check=False)
        assert "password is required" in refused
    finally:
        lab.anew(unit)
