"""The generation that is kept is out of the hands of whoever had its files open while they were his."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.box.pair.generations import adopt, tidy
from reconciler.box.paths import CERTIFICATE, GENERATIONS, KEY, Tree
from reconciler.machine.durable import DurableDisk
from reconciler.machine.posix.system import PosixSystem
from reconciler.machine.system import User


@pytest.mark.skipif(os.geteuid() != 0, reason="files are given to root")
def test_who_has_a_kept_file_open_changes_nothing_in_it(tmp_path: Path) -> None:
    folder = Path(f"{tmp_path}{GENERATIONS}")
    (folder / "old").mkdir(parents=True)
    (folder / "new").mkdir()
    (folder / "current").symlink_to("new")
    key = folder / "old" / "nginx-cert.key"
    key.write_bytes(b"as root left it")
    os.chown(key, 4321, 4321)
    with key.open("r+b", buffering=0) as held:
        tidy(DurableDisk(PosixSystem(), ()), Tree(str(tmp_path)), "old")
        held.write(b"as somebody likes it")
    assert key.read_bytes() == b"as root left it"
    assert (key.stat().st_uid, key.stat().st_mode & 0o777) == (0, 0o600)


_HOLDER = """
import fcntl, os, signal, sys
signal.signal(signal.SIGIO, signal.SIG_IGN)
fcntl.fcntl(os.open(sys.argv[1], os.O_RDWR), fcntl.F_SETLEASE, fcntl.F_WRLCK)
print("held", flush=True)
sys.stdin.read()
"""


def test_a_key_that_somebody_holds_is_not_taken_for_one_that_is_not_there(tmp_path: Path) -> None:
    for path in (CERTIFICATE, KEY):
        place = Path(f"{tmp_path}{path}")
        place.parent.mkdir(parents=True)
        place.write_bytes(b"as it was")
    key = Path(f"{tmp_path}{KEY}")
    command = (sys.executable, "-c", _HOLDER, str(key))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(BlockingIOError):
            adopt(DurableDisk(PosixSystem(), ()), Tree(str(tmp_path)), User("me", os.getuid(), (os.getgid(),)))
        holder.kill()
    assert not key.is_symlink()
    assert key.read_bytes() == b"as it was"
