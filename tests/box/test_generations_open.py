"""The generation that is kept is out of the hands of whoever had its files open while they were his."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.box.generations import tidy
from reconciler.box.paths import GENERATIONS, Tree
from reconciler.box.persist import Disk
from reconciler.box.posix import PosixSystem


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
        tidy(Disk(PosixSystem(), ()), Tree(str(tmp_path)), "old")
        held.write(b"as somebody likes it")
    assert key.read_bytes() == b"as root left it"
    assert (key.stat().st_uid, key.stat().st_mode & 0o777) == (0, 0o600)
