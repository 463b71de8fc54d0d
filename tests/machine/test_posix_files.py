"""The real file system: what is promised about owners, modes, links, pipes and errors half-way."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import pytest

from reconciler.machine.posix.files import PosixFiles
from reconciler.machine.system import FileKind

FILES = PosixFiles()
ME = os.getuid()
MY_GROUP = os.getgid()


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "file")


def test_read_returns_all_bytes(path: str) -> None:
    content = bytes(range(256)) * 1000
    Path(path).write_bytes(content)
    assert FILES.read(path) == content


def test_read_follows_links(path: str, tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"x")
    Path(path).symlink_to("target")
    assert FILES.read(path) == b"x"


@pytest.mark.parametrize(("size", "limit"), [(0, 0), (1, 1), (70_000, 70_000), (5, 9)])
def test_read_accepts_up_to_the_limit(path: str, size: int, limit: int) -> None:
    Path(path).write_bytes(b"a" * size)
    assert FILES.read(path, limit) == b"a" * size


@pytest.mark.parametrize(("size", "limit"), [(1, 0), (70_001, 70_000)])
def test_read_refuses_more_than_the_limit(path: str, size: int, limit: int) -> None:
    Path(path).write_bytes(b"a" * size)
    with pytest.raises(OSError, match=f"Longer than {limit} bytes") as caught:
        FILES.read(path, limit)
    assert (caught.value.errno, caught.value.filename) == (errno.EFBIG, path)


def test_read_works_where_the_kernel_reports_no_size() -> None:
    assert FILES.read("/proc/self/stat").startswith(str(os.getpid()).encode())
    assert Path("/proc/self/stat").stat().st_size == 0


def test_read_bounds_a_file_that_reports_no_size() -> None:
    with pytest.raises(OSError, match="Longer than 3 bytes"):
        FILES.read("/proc/self/stat", 3)


def test_read_does_not_wait_on_a_pipe(path: str) -> None:
    os.mkfifo(path)
    with pytest.raises(OSError, match="Not a regular file") as caught:
        FILES.read(path)
    assert caught.value.errno == errno.EINVAL


def test_read_refuses_a_device_without_opening_it(monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = os.open

    def only_look(path: str, flags: int, *, dir_fd: int | None = None) -> int:
        assert flags & os.O_PATH, f"{path} was opened"
        return genuine(path, flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", only_look)
    with pytest.raises(OSError, match="Not a regular file"):
        FILES.read("/dev/zero")


def test_read_refuses_what_became_a_device_in_between(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(path).write_bytes(b"")
    genuine = os.open

    def exchanged(name: str, flags: int, *, dir_fd: int | None = None) -> int:
        return genuine(name, flags, dir_fd=dir_fd) if flags & os.O_PATH else genuine("/dev/zero", flags)

    monkeypatch.setattr(os, "open", exchanged)
    with pytest.raises(OSError, match="Not a regular file"):
        FILES.read(path)


def test_read_of_a_directory_or_of_nothing_is_the_kernels_error(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        FILES.read(str(tmp_path))
    with pytest.raises(FileNotFoundError):
        FILES.read(str(tmp_path / "absent"))


@pytest.mark.parametrize(
    ("length", "expected"), [(3, b"789"), (10, b"0123456789"), (11, b"0123456789"), (1 << 30, b"0123456789"), (0, b"")]
)
def test_read_end_returns_the_last_bytes(path: str, length: int, expected: bytes) -> None:
    Path(path).write_bytes(b"0123456789")
    assert FILES.read_end(path, length) == expected


def test_read_end_is_bounded_for_a_file_that_grows(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(path).write_bytes(b"old")
    genuine = os.lseek

    def grow(descriptor: int, offset: int, whence: int) -> int:
        with Path(path).open("ab") as log:
            log.write(b"new" * 100_000)
        return genuine(descriptor, offset, whence)

    monkeypatch.setattr(os, "lseek", grow)
    assert FILES.read_end(path, 2) == b"ld"


def test_read_end_does_not_wait_on_a_pipe(path: str) -> None:
    os.mkfifo(path)
    with pytest.raises(OSError, match="Not a regular file"):
        FILES.read_end(path, 10)


def test_status_tells_kinds_apart_without_following(path: str, tmp_path: Path) -> None:
    os.mkfifo(path)
    (tmp_path / "link").symlink_to(path)
    (tmp_path / "plain").write_bytes(b"123")
    kinds = {name: FILES.status(str(tmp_path / name)).kind for name in ("file", "link", "plain", ".")}
    expected = {"file": FileKind.OTHER, "link": FileKind.LINK, "plain": FileKind.FILE, ".": FileKind.DIRECTORY}
    assert kinds == expected
    assert FILES.status(str(tmp_path / "link"), follow=True).kind is FileKind.OTHER


def test_status_has_permissions_owner_size_and_time(path: str) -> None:
    Path(path).write_bytes(b"123")
    Path(path).chmod(0o4640)
    os.utime(path, (1_700_000_000, 1_700_000_000.5))
    found = FILES.status(path)
    assert (found.mode, found.uid, found.gid, found.size) == (0o4640, ME, MY_GROUP, 3)
    assert found.mtime == 1_700_000_000.5


def test_links_keep_their_target_as_written(path: str) -> None:
    FILES.symlink("./a//b", path)
    assert FILES.read_link(path) == "./a//b"
    with pytest.raises(FileExistsError):
        FILES.symlink("other", path)


def test_list_is_sorted(tmp_path: Path) -> None:
    for name in ("b", "a", ".c"):
        (tmp_path / name).touch()
    assert FILES.list(str(tmp_path)) == (".c", "a", "b")


def test_rename_replaces(path: str, tmp_path: Path) -> None:
    Path(path).write_bytes(b"old")
    (tmp_path / "new").write_bytes(b"new")
    FILES.rename(str(tmp_path / "new"), path)
    assert (Path(path).read_bytes(), FILES.list(str(tmp_path))) == (b"new", ("file",))


def test_remove_takes_files_links_and_empty_directories(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "directory").mkdir()
    (tmp_path / "link").symlink_to("kept")
    (tmp_path / "kept").touch()
    for name in ("file", "link", "directory"):
        FILES.remove(str(tmp_path / name))
    assert FILES.list(str(tmp_path)) == ("kept",)


def test_remove_keeps_a_directory_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(OSError, match="not empty"):
        FILES.remove(str(tmp_path / "full"))


def test_mode_and_owner_are_set_through_links(path: str, tmp_path: Path) -> None:
    (tmp_path / "target").touch(0o600)
    Path(path).symlink_to("target")
    FILES.set_mode(path, 0o640)
    FILES.set_owner(path, ME, MY_GROUP)
    found = FILES.status(str(tmp_path / "target"))
    assert (found.mode, found.uid, found.gid) == (0o640, ME, MY_GROUP)


def test_sync_reaches_the_kernel_for_the_right_object(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(path).touch()
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_ino))
    FILES.sync_file(path)
    FILES.sync_directory(str(tmp_path))
    assert synced == [Path(path).stat().st_ino, tmp_path.stat().st_ino]


def test_sync_really_works_on_both(path: str, tmp_path: Path) -> None:
    Path(path).touch()
    FILES.sync_file(path)
    FILES.sync_directory(str(tmp_path))
    with pytest.raises(NotADirectoryError):
        FILES.sync_directory(path)


def test_free_bytes_counts_what_is_reserved_for_root(monkeypatch: pytest.MonkeyPatch) -> None:
    values = (4096, 1024, 1000, 70, 20, 9, 9, 9, 0, 255)
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result(values))
    assert FILES.free_bytes("/") == 70 * 1024


def test_free_bytes_of_a_real_file_system() -> None:
    assert FILES.free_bytes(tempfile.gettempdir()) > 0
    with pytest.raises(FileNotFoundError):
        FILES.free_bytes("/absent/nowhere")
