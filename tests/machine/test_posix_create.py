"""New files and directories: right from the first moment, or not there at all."""

from __future__ import annotations

import errno
import os
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.machine.posix import files as posix_files
from reconciler.machine.posix.files import PosixFiles
from reconciler.machine.system import FileKind

FILES = PosixFiles()
_NOBODY = 0xFFFFFFFF
ME = os.getuid()
MY_GROUP = os.getgid()


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    """Hide nothing by the umask: what is not seen is then hidden by the code."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "file")


@pytest.mark.parametrize("umask", [0, 0o077])
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o400, 0o755])
def test_create_gives_exactly_that_mode_and_content(path: str, mode: int, umask: int) -> None:
    os.umask(umask)
    FILES.create(path, b"content" * 20_000, mode, ME, MY_GROUP)
    found = FILES.status(path)
    assert (found.mode, found.uid, found.gid) == (mode, ME, MY_GROUP)
    assert found.size == 140_000


def test_create_shows_nothing_before_owner_and_mode_are_right(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int, int]] = []

    def spy(name: str) -> None:
        genuine = getattr(os, name)

        def call(descriptor: int, *arguments: object) -> object:
            found = Path(path).lstat()
            seen.append((name, stat.S_IMODE(found.st_mode), found.st_size))
            return genuine(descriptor, *arguments)

        monkeypatch.setattr(os, name, call)

    for name in ("fchown", "fchmod", "write"):
        spy(name)
    FILES.create(path, b"secret", 0o640, ME, MY_GROUP)
    assert seen == [("fchown", 0, 0), ("fchmod", 0, 0), ("write", 0o640, 0)]


def test_create_goes_on_after_a_short_write(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: genuine(descriptor, data[:3]))
    FILES.create(path, b"0123456789", 0o600, ME, MY_GROUP)
    assert Path(path).read_bytes() == b"0123456789"


@pytest.mark.parametrize("taken_by", ["file", "dangling link", "directory"])
def test_create_never_touches_a_name_that_is_taken(path: str, tmp_path: Path, taken_by: str) -> None:
    if taken_by == "file":
        Path(path).write_bytes(b"old")
    elif taken_by == "directory":
        Path(path).mkdir()
    else:
        Path(path).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        FILES.create(path, b"new", 0o600, ME, MY_GROUP)
    assert FILES.list(str(tmp_path)) == ("file",)
    assert not Path(path).is_file() or Path(path).read_bytes() == b"old"


@pytest.mark.parametrize("call", ["fchown", "fchmod", "write", "close"])
def test_create_leaves_nothing_behind_when_it_fails(path: str, call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = os.close

    def fail(descriptor: int, *_: object) -> None:
        if call == "close":
            genuine(descriptor)
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(OSError, match="full"):
        FILES.create(path, b"x", 0o600, ME, MY_GROUP)
    assert not Path(path).exists()


def test_create_keeps_the_first_error_when_the_rest_cannot_be_removed(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(posix_files, "_write_all", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    monkeypatch.setattr(os, "unlink", fail)
    with pytest.raises(OSError, match="full") as caught:
        FILES.create(path, b"x", 0o600, ME, MY_GROUP)
    assert caught.value.__notes__ == [f"{path} is left over: read-only"]


@pytest.mark.parametrize("umask", [0, 0o077])
def test_make_directory_gives_exactly_that_mode(path: str, umask: int) -> None:
    os.umask(umask)
    FILES.make_directory(path, 0o755, ME, MY_GROUP)
    assert (FILES.status(path).kind, FILES.status(path).mode) == (FileKind.DIRECTORY, 0o755)
    with pytest.raises(FileExistsError):
        FILES.make_directory(path, 0o755, ME, MY_GROUP)


def test_make_directory_leaves_nothing_behind_when_it_fails(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no")

    monkeypatch.setattr(os, "fchown", fail)
    with pytest.raises(PermissionError):
        FILES.make_directory(path, 0o755, 12345, 12345)
    assert not Path(path).exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_root_creates_files_and_directories_for_others(path: str) -> None:
    FILES.make_directory(path, 0o750, 1234, 2345)
    FILES.create(f"{path}/file", b"x", 0o600, 1234, 2345)
    assert {(FILES.status(name).uid, FILES.status(name).gid) for name in (path, f"{path}/file")} == {(1234, 2345)}
    FILES.create(f"{path}-of-root", b"x", 0o600, 1234, 2345)
    FILES.set_owner(f"{path}-of-root", 0, 0)
    assert FILES.status(f"{path}-of-root").uid == 0


def _default_list(folder: Path, uid: int) -> None:
    """Let a user into all that is made in this folder from now on, as its owner may with `setfacl -d`."""
    entries = ((1, 7, _NOBODY), (2, 7, uid), (4, 0, _NOBODY), (16, 7, _NOBODY), (32, 0, _NOBODY))
    packed = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    try:
        os.setxattr(folder, "system.posix_acl_default", packed)
    except OSError as error:
        if error.errno == errno.EOPNOTSUPP:
            pytest.skip("this file system has no access lists")
        raise


def test_what_is_made_inherits_no_user_from_its_folder(tmp_path: Path) -> None:
    _default_list(tmp_path, ME + 4321)
    FILES.create(str(tmp_path / "file"), b"secret", 0o640, ME, MY_GROUP)
    FILES.make_directory(str(tmp_path / "folder"), 0o750, ME, MY_GROUP)
    assert os.listxattr(tmp_path / "file") == []
    assert os.listxattr(tmp_path / "folder") == []
