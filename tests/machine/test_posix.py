"""The machine: clock, accounts, signals, the lock, and mounts of our own."""

from __future__ import annotations

import fcntl
import grp
import os
import pwd
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reconciler.machine.posix.mounts import remount_writable
from reconciler.machine.posix.system import PosixMachine, PosixSystem
from reconciler.machine.system import Completed, LockHeld, System, User

from ..support.patience import PATIENCE

MACHINE = PosixMachine()
ROOT = Path(__file__).parents[2]


def test_the_real_system_has_every_part_of_the_protocol() -> None:
    system: System = PosixSystem()
    promised = {name for half in System.__mro__ for name in vars(half) if not name.startswith("_")}
    assert {name for name in promised if not callable(getattr(system, name, None))} == set()
    assert len(promised) > 20


def test_no_two_halves_share_a_name() -> None:
    names = [name for half in PosixSystem.__bases__ for name in vars(half) if not name.startswith("_")]
    assert len(names) == len(set(names))


def test_now_is_utc_and_says_so() -> None:
    now = MACHINE.now()
    assert now.utcoffset() == timedelta(0)
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_monotonic_does_not_go_back_and_sleep_lets_time_pass() -> None:
    before = MACHINE.monotonic()
    MACHINE.sleep(0.01)
    assert MACHINE.monotonic() >= before + 0.01


def test_a_user_has_his_primary_group_first(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = pwd.struct_passwd(("pi", "x", 1000, 1000, "", "/home/pi", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwnam", {"pi": entry}.__getitem__)
    monkeypatch.setattr(os, "getgrouplist", lambda name, group: [27, group, 44])
    assert MACHINE.user("pi") == User(name="pi", uid=1000, groups=(1000, 27, 44))


def test_accounts_of_this_machine_are_found() -> None:
    root = MACHINE.user("root")
    assert (root.uid, grp.getgrgid(root.groups[0]).gr_name) == (0, "root")
    with pytest.raises(KeyError):
        MACHINE.user("no-such-user")


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "run" / "lock"


def test_the_lock_makes_its_directory_and_names_its_holder(lock: Path) -> None:
    before = os.umask(0o077)
    try:
        with MACHINE.lock(str(lock)):
            assert lock.read_text() == f"{os.getpid()}\n"
            assert stat.S_IMODE(lock.stat().st_mode) == 0o600
            assert stat.S_IMODE(lock.parent.stat().st_mode) == 0o755
    finally:
        os.umask(before)


def test_a_second_run_is_refused_with_the_pid_of_the_first(lock: Path) -> None:
    with MACHINE.lock(str(lock)), pytest.raises(LockHeld, match=f"process {os.getpid()}"), MACHINE.lock(str(lock)):
        pytest.fail("two holders")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"-7\n", b"12 34"])
def test_a_holder_that_has_not_written_its_pid_is_not_invented(lock: Path, content: bytes) -> None:
    lock.parent.mkdir()
    with lock.open("w+b") as held:
        held.write(content)
        held.flush()
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(LockHeld) as caught, MACHINE.lock(str(lock)):
            pytest.fail("two holders")
    assert caught.value.process is None


def test_the_lock_is_free_again_and_its_file_stays(lock: Path) -> None:
    with MACHINE.lock(str(lock)):
        inode = lock.stat().st_ino
    assert lock.read_bytes() == b""
    with MACHINE.lock(str(lock)):
        assert lock.stat().st_ino == inode


def test_the_lock_is_released_when_the_work_fails(lock: Path) -> None:
    with pytest.raises(ZeroDivisionError), MACHINE.lock(str(lock)):
        raise ZeroDivisionError
    with MACHINE.lock(str(lock)):
        pass


HOLDER = """
import sys
from reconciler.machine.posix.system import PosixMachine
with PosixMachine().lock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


def test_the_kernel_gives_the_lock_back_when_its_holder_is_killed(lock: Path) -> None:
    with another_process(HOLDER, str(lock)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(LockHeld, match=f"process {process.pid}"), MACHINE.lock(str(lock)):
            pytest.fail("two holders")
        process.kill()
        process.wait(PATIENCE)
        with MACHINE.lock(str(lock)):
            assert lock.read_text() == f"{os.getpid()}\n"


def test_the_lock_is_not_inherited_by_programs(lock: Path) -> None:
    with MACHINE.lock(str(lock)):
        open_files = MACHINE.run(("ls", "-l", "/proc/self/fd"), 10).output
    assert str(lock) not in open_files


def test_the_lock_does_not_follow_a_link(lock: Path, tmp_path: Path) -> None:
    lock.parent.mkdir()
    (tmp_path / "victim").write_bytes(b"content")
    lock.symlink_to(tmp_path / "victim")
    with pytest.raises(OSError, match="symbolic links"), MACHINE.lock(str(lock)):
        pytest.fail("followed")
    assert (tmp_path / "victim").read_bytes() == b"content"


def test_remounting_runs_mount() -> None:
    calls: list[tuple[str, ...]] = []

    def run(arguments: tuple[str, ...], timeout: float) -> Completed:
        calls.append(arguments)
        return Completed(0, "", "")

    remount_writable("/root_bypass_ramdisks", run)
    assert calls == [("mount", "-o", "remount,rw", "/root_bypass_ramdisks")]


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        ("warning\nmount: /x: permission denied.\n\n", "mount: /x: permission denied."),
        ("", "exit status 32"),
    ],
)
def test_a_failed_remount_repeats_the_last_line_of_mount(errors: str, said: str) -> None:
    with pytest.raises(OSError, match="Cannot remount") as caught:
        remount_writable("/x", lambda *_: Completed(32, "", errors))
    assert str(caught.value) == f"/x: Cannot remount: {said}"
