"""Which paths are followed: the same table on a real disk and on a simulated one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from iotbox_simulator.machine.filesystem import FileSystem
from iotbox_simulator.machine.mounts import ROOT
from iotbox_simulator.machine.view import FileView
from reconciler.machine.guarded import ForeignFile, enter, is_own_link
from reconciler.machine.posix import walk as posix_walk
from reconciler.machine.posix.files import PosixFiles
from reconciler.machine.system import Files
from reconciler.model.statement import say

PI = 1000
NEEDS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give folders away")
Call = Callable[[Files, str], object]
CALLS: dict[str, Call] = {
    "read": lambda files, path: files.read(path),
    "hold": lambda files, path: files.hold(path).content,
    "read_end": lambda files, path: files.read_end(path, 100),
    "status": lambda files, path: files.status(path, follow=True).kind,
    "set_mode": lambda files, path: files.set_mode(path, 0o640),
    "set_owner": lambda files, path: files.set_owner(path, 0, 0),
    "sync_file": lambda files, path: files.sync_file(path),
}
READS = ("read", "hold", "read_end")


@dataclass(frozen=True)
class Row:
    """`refused`: the calls of the table above that end with `ForeignFile`."""

    path: str
    refused: tuple[str, ...]


ALL = tuple(CALLS)
CHANGES = ("set_mode", "set_owner")
TABLE = (
    Row("roots/file", ()),
    Row("roots/link", ()),
    Row("roots/second", ()),
    Row("roots/to-pi/file", CHANGES),
    Row("roots/of-pi", ()),
    Row("pi/file", CHANGES),
    Row("pi/link", ALL),
    Row("pi/second", (*READS, *CHANGES)),
    Row("pi/of-root/file", CHANGES),
    Row("pi/of-root/link", ALL),
    Row("pi/folder/file", ALL),
    Row("shared/of-root/file", ()),
    Row("shared/of-root/link", ()),
    Row("shared/of-pi", CHANGES),
    Row("shared/link", ALL),
    Row("shared/root-link", ()),
    Row("group/link", ALL),
    Row("ssl/private/nginx-cert.key", ()),
    Row("pi/private/nginx-cert.key", CHANGES),
    Row("pi/other/nginx-cert.key", ALL),
)


def arrange(make: Any) -> None:
    """Make the tree that the table speaks of."""
    for name, owner, mode in (
        ("roots", 0, 0o755),
        ("pi", PI, 0o755),
        ("pi/of-root", 0, 0o755),
        ("shared", 0, 0o1777),
        ("shared/of-root", 0, 0o755),
        ("group", 0, 0o775),
        ("ssl", 0, 0o755),
        ("ssl/private", PI, 0o755),
        ("ssl/iot-https", 0, 0o755),
        ("ssl/iot-https/g1", 0, 0o755),
        ("pi/private", 0, 0o755),
        ("pi/other", 0, 0o755),
        ("pi/iot-https", PI, 0o755),
        ("pi/iot-https/g1", PI, 0o755),
    ):
        make.folder(name, owner, mode)
    for name in ("roots/file", "pi/file", "pi/of-root/file", "shared/of-root/file", "group/file"):
        make.file(name, 0)
    for name in ("ssl/iot-https/g1/nginx-cert.key", "pi/iot-https/g1/nginx-cert.key"):
        make.file(name, 0)
    make.file("roots/of-pi", PI)
    make.file("shared/of-pi", PI)
    for name, target, owner in (
        ("roots/link", "file", 0),
        ("roots/to-pi", "../pi", 0),
        ("pi/link", "../roots/file", 0),
        ("pi/of-root/link", "file", 0),
        ("pi/folder", "../roots", PI),
        ("shared/of-root/link", "file", 0),
        ("shared/link", "../roots/file", PI),
        ("shared/root-link", "../roots/file", 0),
        ("group/link", "file", 0),
        ("ssl/private/nginx-cert.key", "../iot-https/current/nginx-cert.key", PI),
        ("ssl/iot-https/current", "g1", 0),
        ("pi/private/nginx-cert.key", "../iot-https/current/nginx-cert.key", PI),
        ("pi/iot-https/current", "g1", PI),
        ("pi/other/nginx-cert.key", "../iot-https/current/nginx-cert.key", PI),
    ):
        make.link(name, target, owner)
    make.second("roots/second", "roots/file")
    make.second("pi/second", "shared/of-root/file")


@dataclass(frozen=True)
class OnDisk:
    base: Path

    def folder(self, name: str, owner: int, mode: int) -> None:
        (self.base / name).mkdir()
        os.chown(self.base / name, owner, owner)
        (self.base / name).chmod(mode)

    def file(self, name: str, owner: int) -> None:
        (self.base / name).write_bytes(b"content")
        os.chown(self.base / name, owner, owner)

    def link(self, name: str, target: str, owner: int) -> None:
        (self.base / name).symlink_to(target)
        os.lchown(self.base / name, owner, owner)

    def second(self, name: str, existing: str) -> None:
        (self.base / name).hardlink_to(self.base / existing)


@dataclass(frozen=True)
class Simulated:
    view: FileView

    def folder(self, name: str, owner: int, mode: int) -> None:
        self.view.make_directory(f"/{name}", mode, owner, owner)

    def file(self, name: str, owner: int) -> None:
        self.view.create(f"/{name}", b"content", 0o644, owner, owner)

    def link(self, name: str, target: str, owner: int) -> None:
        self.view.symlink(target, f"/{name}")
        self.view.namespace.walk(f"/{name}", ROOT, follow=False).there(name).owner = (owner, owner)

    def second(self, name: str, existing: str) -> None:
        self.view.hard_link(f"/{existing}", f"/{name}")


@pytest.fixture(scope="module")
def on_disk() -> Iterator[tuple[Files, str]]:
    with tempfile.TemporaryDirectory() as folder:
        arrange(OnDisk(Path(folder)))
        yield PosixFiles(), folder


@pytest.fixture
def simulated() -> tuple[Files, str]:
    storage = FileSystem(lambda: 0.0)
    arrange(Simulated(storage.view()))
    return FileView(storage.host, careful=True), ""


def refused(files: Files, base: str, path: str) -> tuple[str, ...]:
    found = []
    for name, call in CALLS.items():
        try:
            call(files, f"{base}/{path}")
        except ForeignFile:
            found.append(name)
    return tuple(found)


@NEEDS_ROOT
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.path)
def test_on_a_real_disk(row: Row, on_disk: tuple[Files, str]) -> None:
    assert set(refused(*on_disk, row.path)) == set(row.refused)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.path)
def test_on_a_simulated_disk(row: Row, simulated: tuple[Files, str]) -> None:
    assert set(refused(*simulated, row.path)) == set(row.refused)


@NEEDS_ROOT
def test_error_names_the_link_and_its_target(on_disk: tuple[Files, str]) -> None:
    files, base = on_disk
    with pytest.raises(ForeignFile) as caught:
        files.read(f"{base}/pi/folder/file")
    assert (caught.value.path, caught.value.target) == (f"{base}/pi/folder", "../roots")
    assert caught.value.statement == say("foreign_link", target="../roots")


@pytest.mark.parametrize("ignored", [0, 0o020])
def test_only_root_minds_that_the_group_may_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ignored: int
) -> None:
    monkeypatch.setattr(posix_walk, "_IGNORED", ignored)
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to("file")
    tmp_path.chmod(0o775)
    if ignored:
        assert PosixFiles().read(f"{tmp_path}/link") == b"content"
    else:
        with pytest.raises(ForeignFile):
            PosixFiles().read(f"{tmp_path}/link")


@pytest.mark.parametrize(
    ("uid", "mode", "guarded", "closed", "shared"),
    [
        (0, 0o40755, True, True, False),
        (0, 0o40755, False, False, False),
        (1000, 0o40755, True, False, False),
        (0, 0o40775, True, False, True),
        (0, 0o40757, True, False, True),
        (0, 0o41777, True, True, True),
        (1000, 0o41777, True, False, True),
    ],
)
def test_folder(uid: int, mode: int, *, closed: bool, shared: bool, guarded: bool) -> None:
    folder = enter(uid, mode, {0}, guarded=guarded)
    assert (folder.closed, folder.shared) == (closed, shared)


@pytest.mark.parametrize(
    ("folder", "name", "target", "own"),
    [
        ("private", "nginx-cert.key", "../iot-https/current/nginx-cert.key", True),
        ("private", "nginx-cert.key", "../iot-https/current/nginx-cert.crt", False),
        ("private", "nginx-cert.key", "/etc/ssl/iot-https/current/nginx-cert.key", False),
        ("private", "nginx-cert.key", "../iot-https/current/nginx-cert.key\n", False),
        ("home", "nginx-cert.key", "../iot-https/current/nginx-cert.key", False),
        ("certs", "nginx-cert.crt", "../iot-https/current/nginx-cert.crt", True),
        ("iot-https", "current", "20270222-0123456789abcdef-2", True),
        ("iot-https", "current", "original", True),
        ("iot-https", "current", "..", False),
        ("iot-https", "current", "../private", False),
        ("iot-https", "current", ".x.iot-https-new", False),
        ("other", "current", "original", False),
    ],
)
def test_own_links(folder: str, name: str, target: str, *, own: bool) -> None:
    assert is_own_link(folder, name, target) is own
