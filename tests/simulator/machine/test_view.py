"""The calls of the file system answer as the kernel does."""

from __future__ import annotations

import errno
from collections.abc import Callable

import pytest

from iotbox_simulator.machine.filesystem import FileSystem
from iotbox_simulator.machine.mounts import Credentials
from iotbox_simulator.machine.view import FileView
from reconciler.machine.system import FileKind

from .disks import bare

PI = Credentials(1000, (1000,))


@pytest.fixture
def storage() -> FileSystem:
    return bare()


@pytest.fixture
def view(storage: FileSystem) -> FileView:
    made = storage.view()
    made.make_directory("/home/dir", 0o755, 0, 0)
    made.make_directory("/home/full", 0o755, 0, 0)
    made.create("/home/full/child", b"child", 0o644, 0, 0)
    made.create("/home/file", b"content", 0o640, 1000, 1000)
    made.create("/etc/live", b"ram", 0o644, 0, 0)
    made.symlink("file", "/home/relative")
    made.symlink("/home/dir/../file", "/home/absolute")
    made.symlink("../full", "/home/dir/up")
    made.symlink("nowhere", "/home/dangling")
    made.symlink("loop-b", "/home/loop-a")
    made.symlink("loop-a", "/home/loop-b")
    return made


FAILURES: dict[str, tuple[Callable[[FileView], object], int]] = {
    "read nothing": (lambda v: v.read("/home/nothing"), errno.ENOENT),
    "read through nothing": (lambda v: v.read("/home/nothing/file"), errno.ENOENT),
    "read through a file": (lambda v: v.read("/home/file/below"), errno.ENOTDIR),
    "read a file with a slash behind it": (lambda v: v.read("/home/file/"), errno.ENOTDIR),
    "read a directory": (lambda v: v.read("/home/dir"), errno.EISDIR),
    "read the end of a directory": (lambda v: v.read_end("/home/dir", 3), errno.EISDIR),
    "read a dangling link": (lambda v: v.read("/home/dangling"), errno.ENOENT),
    "read a circle of links": (lambda v: v.read("/home/loop-a"), errno.ELOOP),
    "read more than the limit": (lambda v: v.read("/home/file", 6), errno.EFBIG),
    "stat a circle of links": (lambda v: v.status("/home/loop-a", follow=True), errno.ELOOP),
    "stat nothing": (lambda v: v.status("/home/nothing"), errno.ENOENT),
    "stat a name that is too long": (lambda v: v.status("/home/" + "n" * 256), errno.ENAMETOOLONG),
    "stat a relative path": (lambda v: v.status("home"), errno.ENOENT),
    "read link of a file": (lambda v: v.read_link("/home/file"), errno.EINVAL),
    "list a file": (lambda v: v.list("/home/file"), errno.ENOTDIR),
    "create over a file": (lambda v: v.create("/home/file", b"", 0o600, 0, 0), errno.EEXIST),
    "create over a link": (lambda v: v.create("/home/dangling", b"", 0o600, 0, 0), errno.EEXIST),
    "create below nothing": (lambda v: v.create("/home/nothing/x", b"", 0o600, 0, 0), errno.ENOENT),
    "create below a file": (lambda v: v.create("/home/file/x", b"", 0o600, 0, 0), errno.ENOTDIR),
    "link over a directory": (lambda v: v.symlink("x", "/home/dir"), errno.EEXIST),
    "make a directory over a file": (lambda v: v.make_directory("/home/file", 0o755, 0, 0), errno.EEXIST),
    "write to a directory": (lambda v: v.write("/home/dir", b""), errno.EISDIR),
    "rename nothing": (lambda v: v.rename("/home/nothing", "/home/x"), errno.ENOENT),
    "rename a file over a directory": (lambda v: v.rename("/home/file", "/home/dir"), errno.EISDIR),
    "rename a directory over a file": (lambda v: v.rename("/home/dir", "/home/file"), errno.ENOTDIR),
    "rename a directory over a full one": (lambda v: v.rename("/home/dir", "/home/full"), errno.ENOTEMPTY),
    "rename a directory into itself": (lambda v: v.rename("/home/full", "/home/full/x"), errno.EINVAL),
    "rename to a ramdisk": (lambda v: v.rename("/home/file", "/etc/file"), errno.EXDEV),
    "rename to the same disk by another mount": (
        lambda v: v.rename("/home/file", "/root_bypass_ramdisks/home/x"),
        errno.EXDEV,
    ),
    "remove nothing": (lambda v: v.remove("/home/nothing"), errno.ENOENT),
    "remove a full directory": (lambda v: v.remove("/home/full"), errno.ENOTEMPTY),
    "remove a mount point": (lambda v: v.remove("/etc"), errno.EBUSY),
    "change the mode of nothing": (lambda v: v.set_mode("/home/nothing", 0o600), errno.ENOENT),
    "sync nothing": (lambda v: v.sync_file("/home/nothing"), errno.ENOENT),
    "sync a file as a directory": (lambda v: v.sync_directory("/home/file"), errno.ENOTDIR),
    "ask for space below nothing": (lambda v: v.free_bytes("/nothing"), errno.ENOENT),
}


def errno_of(call: Callable[[], object]) -> int | None:
    try:
        call()
    except OSError as error:
        return error.errno
    return None


@pytest.mark.parametrize("name", FAILURES)
def test_error_is_the_kernels(view: FileView, name: str) -> None:
    call, expected = FAILURES[name]
    assert errno_of(lambda: call(view)) == expected


def test_python_gives_the_usual_subclass_for_an_errno(view: FileView) -> None:
    with pytest.raises(FileExistsError):
        view.create("/home/file", b"", 0o600, 0, 0)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/home/file", b"content"),
        ("/home/../home/./file", b"content"),
        ("/../home/file", b"content"),
        ("/home/relative", b"content"),
        ("/home/absolute", b"content"),
        ("/home/dir/up/child", b"child"),
        ("/home/dir/up/../file", b"content"),
        ("/root_bypass_ramdisks/home/absolute", b"content"),
    ],
)
def test_path_leads_to_content(view: FileView, path: str, content: bytes) -> None:
    assert view.read(path) == content


@pytest.mark.parametrize(("length", "content"), [(3, b"ent"), (7, b"content"), (100, b"content"), (0, b"")])
def test_end_of_a_file_is_read(view: FileView, length: int, content: bytes) -> None:
    assert view.read_end("/home/relative", length) == content


def test_status_does_not_follow_a_link_unless_told(view: FileView) -> None:
    assert view.status("/home/relative").kind is FileKind.LINK
    followed = view.status("/home/relative", follow=True)
    assert (followed.kind, followed.mode, followed.uid, followed.gid, followed.size) == (
        FileKind.FILE,
        0o640,
        1000,
        1000,
        7,
    )


def test_mode_and_owner_change_through_a_link(view: FileView) -> None:
    view.set_mode("/home/relative", 0o600)
    view.set_owner("/home/relative", 7, 8)
    found = view.status("/home/file")
    assert (found.mode, found.uid, found.gid) == (0o600, 7, 8)


@pytest.mark.parametrize("target", ["/home/relative", "/home/full/child", "/home/new"])
def test_rename_replaces_files_and_links_themselves(view: FileView, target: str) -> None:
    view.rename("/home/file", target)
    assert view.status(target).kind is FileKind.FILE
    assert view.read(target) == b"content"
    with pytest.raises(FileNotFoundError):
        view.status("/home/file")


def test_rename_of_a_directory_replaces_an_empty_one(view: FileView) -> None:
    view.rename("/home/full", "/home/dir/../empty")
    assert view.list("/home/empty") == ("child",)


def test_write_goes_through_a_link_and_keeps_owner_and_mode(view: FileView) -> None:
    view.write("/home/relative", b"new")
    found = view.status("/home/file")
    assert (view.read("/home/file"), found.uid, found.mode) == (b"new", 1000, 0o640)


def test_write_through_a_dangling_link_makes_its_target(view: FileView) -> None:
    view.write("/home/dangling", b"made")
    assert view.read("/home/nowhere") == b"made"


def test_ramdisk_hides_the_disk_and_the_bypass_shows_it(view: FileView) -> None:
    assert "live" in view.list("/etc")
    assert "live" not in view.list("/root_bypass_ramdisks/etc")


PERMISSIONS: dict[str, tuple[Callable[[FileView], object], int | None]] = {
    "own file": (lambda v: v.write("/home/file", b""), None),
    "file of root": (lambda v: v.write("/home/full/child", b""), errno.EACCES),
    "new name in a directory of root": (lambda v: v.create("/home/new", b"", 0o600, 1000, 1000), errno.EACCES),
    "remove own file from a directory of root": (lambda v: v.remove("/home/file"), errno.EACCES),
    "mode of own file": (lambda v: v.set_mode("/home/file", 0o600), None),
    "mode of a file of root": (lambda v: v.set_mode("/home/full/child", 0o600), errno.EPERM),
    "owner of own file": (lambda v: v.set_owner("/home/file", 0, 0), errno.EPERM),
    "pass a closed directory": (lambda v: v.write("/home/closed/own", b""), errno.EACCES),
    "read a closed file": (lambda v: v.read("/home/secret"), errno.EACCES),
    "rename out of a sticky directory": (lambda v: v.rename("/home/sticky/root", "/home/sticky/x"), errno.EPERM),
    "rename own file in a sticky directory": (lambda v: v.rename("/home/sticky/own", "/home/sticky/x"), None),
}


@pytest.mark.parametrize("name", PERMISSIONS)
def test_rights_of_a_user_who_is_not_root(storage: FileSystem, view: FileView, name: str) -> None:
    view.make_directory("/home/closed", 0o700, 0, 0)
    view.create("/home/closed/own", b"", 0o644, 1000, 1000)
    view.create("/home/secret", b"", 0o600, 0, 0)
    view.make_directory("/home/sticky", 0o1777, 0, 0)
    view.create("/home/sticky/root", b"", 0o644, 0, 0)
    view.create("/home/sticky/own", b"", 0o644, 1000, 1000)
    call, expected = PERMISSIONS[name]
    assert errno_of(lambda: call(storage.view(PI))) == expected


def test_full_disk_leaves_no_new_file(storage: FileSystem, view: FileView) -> None:
    storage.disk.free = 3
    with pytest.raises(OSError, match="No space"):
        view.create("/home/new", b"four", 0o600, 0, 0)
    assert "new" not in view.list("/home")
    assert view.free_bytes("/home") == 3


def test_removed_and_replaced_files_give_their_space_back(storage: FileSystem, view: FileView) -> None:
    before = view.free_bytes("/home")
    view.create("/home/new", b"12345", 0o600, 0, 0)
    view.rename("/home/new", "/home/file")  # 7 bytes are replaced by 5
    view.remove("/home/full/child")
    assert view.free_bytes("/home") == before + 7 - 5 + 5


def test_each_ramdisk_has_a_budget_of_its_own(storage: FileSystem, view: FileView) -> None:
    storage.ramdisk("/etc").free = 0
    view.create("/home/new", b"fits", 0o600, 0, 0)
    with pytest.raises(OSError, match="No space"):
        view.create("/etc/new", b"does not", 0o600, 0, 0)
