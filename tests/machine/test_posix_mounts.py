"""Mount namespaces, in child processes: nothing here may be seen by the machine that runs the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRELUDE = """import ctypes, os, sys, threading
from reconciler.machine.posix.system import PosixMachine
machine = PosixMachine()
"""

MAY_UNSHARE = "import ctypes; raise SystemExit(ctypes.CDLL(None).unshare(0x00020000) != 0)"


def can_unshare() -> bool:
    return os.geteuid() == 0 and subprocess.run([sys.executable, "-c", MAY_UNSHARE], check=False).returncode == 0


needs_namespaces = pytest.mark.skipif(not can_unshare(), reason="needs root with CAP_SYS_ADMIN")


def child(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", PRELUDE + code, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@needs_namespaces
def test_a_mount_of_ours_is_not_seen_outside(tmp_path: Path) -> None:
    code = """
machine.private_mounts()
done = machine.run(("mount", "-t", "tmpfs", "none", sys.argv[1]), 10)
assert done.status == 0, done
print(os.path.ismount(sys.argv[1]))
"""
    assert child(code, str(tmp_path)) == "True"
    assert str(tmp_path) not in Path("/proc/self/mountinfo").read_text()


@needs_namespaces
def test_nothing_propagates_even_from_a_shared_mount(tmp_path: Path) -> None:
    """The outer process stands for the host: its own namespace, with everything shared as systemd has it."""
    code = """
libc = ctypes.CDLL(None)
assert libc.unshare(0x00020000) == 0
for private_then_shared in (1 << 18, 1 << 20):
    assert libc.mount(b"none", b"/", None, ctypes.c_ulong(0x4000 | private_then_shared), None) == 0
pid = os.fork()
if pid == 0:
    machine.private_mounts()
    assert machine.run(("mount", "-t", "tmpfs", "none", sys.argv[1]), 10).status == 0
    os._exit(0 if os.path.ismount(sys.argv[1]) else 1)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
print(os.path.ismount(sys.argv[1]))
"""
    assert child(code, str(tmp_path)) == "False"


@needs_namespaces
def test_once_is_enough() -> None:
    code = """
machine.private_mounts()
first = os.readlink("/proc/self/ns/mnt")
PosixMachine().private_mounts()
print(os.readlink("/proc/self/ns/mnt") == first)
"""
    assert child(code) == "True"


@needs_namespaces
def test_a_thread_that_was_there_before_leaves_by_itself() -> None:
    code = """
gone, seen = threading.Event(), []
def work():
    gone.wait(60)
    machine.private_mounts()
    seen.append(os.readlink("/proc/thread-self/ns/mnt"))
thread = threading.Thread(target=work)
host = os.readlink("/proc/self/ns/mnt")
thread.start()
machine.private_mounts()
gone.set()
thread.join()
print(seen[0] != host)
"""
    assert child(code) == "True"


@needs_namespaces
def test_a_read_only_mount_becomes_writable_inside_only(tmp_path: Path) -> None:
    """As on a box: the file system is writable, the mount is read-only, and stays so for everybody else."""
    code = """
path = sys.argv[1]
libc = ctypes.CDLL(None)
assert libc.unshare(0x00020000) == 0
for arguments in (("mount", "--make-rprivate", "/"), ("mount", "-t", "tmpfs", "none", path),
                  ("mount", "-o", "remount,bind,ro", path)):
    assert machine.run(arguments, 10).status == 0
pid = os.fork()
if pid == 0:
    machine.private_mounts()
    machine.remount_writable(path)
    open(path + "/inside", "w").close()
    os._exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
try:
    open(path + "/outside", "w").close()
except OSError as error:
    print(error.strerror, os.listdir(path))
"""
    assert child(code, str(tmp_path)) == "Read-only file system ['inside']"


@needs_namespaces
def test_what_is_no_mount_cannot_be_remounted(tmp_path: Path) -> None:
    code = """
machine.private_mounts()
try:
    machine.remount_writable(sys.argv[1])
except OSError as error:
    print(error)
"""
    said = child(code, str(tmp_path))
    assert said.startswith(f"{tmp_path}: Cannot remount: ")
    assert "mount" in said.removeprefix(f"{tmp_path}: Cannot remount: ")
    assert "\n" not in said


def test_without_permission_the_error_is_the_kernels(tmp_path: Path) -> None:
    code = """
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
for _ in range(2):
    try:
        machine.private_mounts()
    except OSError as error:
        print(error)
"""
    assert child(code).splitlines() == ["Operation not permitted (private mount namespace)"] * 2
