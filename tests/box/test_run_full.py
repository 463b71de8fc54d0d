"""A check needs no room to write; a reconcile says where there is none, and changes nothing without its lock."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from iotbox_simulator.boxes.linux import SimulatedBox
from reconciler.box.paths import LOCK, RUNTIME
from reconciler.codes import CodeName
from reconciler.results.result import Result

from ..support import runs

C = CodeName
ROOT = Path(__file__).parents[2]
Spoil = Callable[[SimulatedBox], None]


def no_bytes(box: SimulatedBox) -> None:
    box.storage.ramdisk("/run").free = 0


def no_files(box: SimulatedBox) -> None:
    box.storage.ramdisk("/run").free_files = 0


def read_only(box: SimulatedBox) -> None:
    box.storage.host.at("/run").read_only = True


def nobody_was_here(box: SimulatedBox) -> None:
    """Take the folder away that an earlier run made: the box has booted since."""
    for name in box.host.list(RUNTIME):
        box.host.remove(f"{RUNTIME}/{name}")
    box.host.remove(RUNTIME)


@dataclass(frozen=True)
class Case:
    """What is wrong with `/run`, and how it is told."""

    title: str
    spoil: Spoil
    told: str


CASES = (
    Case("full", no_bytes, "/run has 0.0 MiB free; at least 0.5 MiB is needed"),
    Case("full of files", no_files, "/run can take no more files"),
    Case("read-only", read_only, "/run cannot be written: Read-only file system"),
)
BEFORE: dict[str, Spoil] = {"after a run": lambda _: None, "first run since boot": nobody_was_here}


def spoiled(case: Case, before: str) -> runs.Fleet:
    fleet = runs.due("ro_ini")
    BEFORE[before](fleet.box)
    case.spoil(fleet.box)
    return fleet


def told(result: Result) -> str:
    (found,) = [each for each in result.after if each.code == C.DISK_FULL]
    return found.evidence


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_check_looks_at_everything_and_says_what_is_full(case: Case, before: str) -> None:
    result = runs.check(spoiled(case, before).box)
    assert told(result) == case.told
    assert C.RENEWAL_DUE in runs.codes(result)
    assert C.NOT_OBSERVED not in runs.codes(result)
    assert not result.failed


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_reconcile_says_what_is_full_and_installs_nothing(case: Case, before: str) -> None:
    fleet = spoiled(case, before)
    pair = runs.leaf_of(fleet.box, "")
    result = runs.reconcile(fleet.box)
    assert told(result) == case.told
    assert not result.changed
    assert (runs.leaf_of(fleet.box, ""), fleet.authority.count) == (pair, 1)
    fleet.box.reboot()
    assert runs.codes(runs.reconcile(fleet.box)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_diagnosis_names_it_too(case: Case) -> None:
    assert C.DISK_FULL in runs.codes(runs.diagnose(spoiled(case, "first run since boot").box))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_nothing_is_changed_without_the_lock(case: Case) -> None:
    """Even what needs no room, such as starting nginx: another run could do the same at the same moment."""
    fleet = runs.managed("ro_ini")
    fleet.box.nginx.stop()
    nobody_was_here(fleet.box)
    case.spoil(fleet.box)
    result = runs.reconcile(fleet.box)
    has_lock = "iot-https" in fleet.box.host.list("/run") and "lock" in fleet.box.host.list(RUNTIME)
    assert fleet.box.nginx.running is has_lock
    assert C.DISK_FULL in runs.codes(result)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_another_run_is_noticed_all_the_same(case: Case) -> None:
    fleet = spoiled(case, "after a run")
    fleet.box.hold_lock(LOCK, "4711")
    assert runs.codes(runs.check(fleet.box)) == [C.BUSY]


REAL = """
import json, os, subprocess, sys
where, option, made, how = sys.argv[1:]
subprocess.run(["mount", "-t", "tmpfs", "-o", option, "tmpfs", where], check=True)
path = where + "/iot-https/lock"
sys.path.insert(0, os.getcwd())  # of the repository
from reconciler.machine.posix.system import PosixSystem
system = PosixSystem()
if made == "made":
    with system.lock(path):
        pass
if how == "bytes":
    with open(where + "/filler", "wb", buffering=0) as filler:
        try:
            while True:
                filler.write(bytes(4096))
        except OSError:
            pass
elif how == "files":
    try:
        for number in range(1000):
            os.mkdir(where + "/%d" % number)
    except OSError:
        pass
else:
    subprocess.run(["mount", "-o", "remount,ro", where], check=True)
with system.lock(path) as lock:
    free = system.free_bytes(where), system.free_files(where)
    second = subprocess.run(["flock", "-n", path, "true"]).returncode if made == "made" else None
    print(json.dumps([lock.is_held, lock.problem, *free, second]))
"""
NO_ROOM, RO = "No space left on device", "Read-only file system"
ROWS = (
    ("made", "bytes", True, NO_ROOM),
    ("made", "files", True, None),
    ("made", "ro", True, RO),
    ("new", "bytes", True, NO_ROOM),
    ("new", "files", False, NO_ROOM),
    ("new", "ro", False, RO),
)


@pytest.mark.parametrize(("made", "how", "is_held", "problem"), ROWS)
def test_the_lock_on_a_real_file_system(
    made: str, how: str, problem: str | None, tmp_path: Path, *, is_held: bool
) -> None:
    command = ["unshare", "-m", sys.executable, "-c", REAL, str(tmp_path), "size=64k,nr_inodes=20", made, how]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if "Operation not permitted" in done.stderr or "must be superuser" in done.stderr:
        pytest.skip("only root may mount")
    assert done.returncode == 0, done.stderr
    held, told_problem, free_bytes, free_files, second = json.loads(done.stdout)
    assert (held, told_problem) == (is_held, problem)
    assert second == (1 if made == "made" else None)
    assert (free_bytes == 0) is (how == "bytes")
    assert (free_files == 0) is (how == "files")
