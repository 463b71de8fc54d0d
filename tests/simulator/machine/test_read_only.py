"""A disk that two mounts show: the flag of the file system, the flag of each mount, and a namespace of our own."""

from __future__ import annotations

import errno

import pytest

from iotbox_simulator.machine.filesystem import BYPASS, CUPS, FileSystem
from iotbox_simulator.machine.mounts import Namespace
from iotbox_simulator.machine.view import FileView

from .disks import bare


@pytest.fixture
def storage() -> FileSystem:
    return bare(read_only_root=True)


@pytest.fixture
def ours(storage: FileSystem) -> Namespace:
    return storage.host.private_copy()


def writable(view: FileView) -> dict[str, bool]:
    """Try to write through every mount of the disk."""
    return {path: _can_create(view, path) for path in ("/home", f"{BYPASS}/etc", CUPS)}


def _can_create(view: FileView, path: str) -> bool:
    try:
        view.create(f"{path}/probe", b"", 0o600, 0, 0)
        view.remove(f"{path}/probe")
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        return False
    return True


def test_at_rest_only_the_mounts_are_read_only(storage: FileSystem) -> None:
    assert not storage.disk.read_only
    assert writable(storage.view()) == {"/home": False, f"{BYPASS}/etc": False, CUPS: True}


def test_each_view_has_to_be_remounted(storage: FileSystem, ours: Namespace) -> None:
    ours.at("/").remount(read_only=False)
    assert writable(FileView(ours)) == {"/home": True, f"{BYPASS}/etc": False, CUPS: True}
    ours.at(f"{BYPASS}/").remount(read_only=False)
    assert all(writable(FileView(ours)).values())


def test_remount_in_our_namespace_leaves_the_hosts_flags(storage: FileSystem, ours: Namespace) -> None:
    for point in ("/", BYPASS):
        ours.at(point).remount(read_only=False)
    assert not storage.host.at("/").writable
    assert not storage.host.at(BYPASS).writable


def test_the_vendors_remount_closes_our_views_too(storage: FileSystem, ours: Namespace) -> None:
    for point in ("/", BYPASS):
        ours.at(point).remount(read_only=False)
    storage.make_read_only(cups=False)
    assert not any(writable(FileView(ours)).values())
    ours.at("/").remount(read_only=False)
    assert writable(FileView(ours))["/home"]


def test_the_last_step_of_the_vendors_remount_opens_our_views_again(storage: FileSystem, ours: Namespace) -> None:
    for point in ("/", BYPASS):
        ours.at(point).remount(read_only=False)
    storage.make_read_only(cups=True)
    assert all(writable(FileView(ours)).values())
    assert not storage.host.at("/").writable


def test_a_file_open_for_writing_keeps_the_disk_writable(storage: FileSystem) -> None:
    storage.make_writable()
    view = storage.view()
    view.create("/home/file", b"", 0o600, 0, 0)
    opened = view.open_for_writing("/home/file")
    with pytest.raises(OSError, match="busy"):
        storage.host.at("/").remount(read_only=True)
    storage.make_read_only(cups=False)
    assert writable(view)["/home"]
    opened.close()
    storage.make_read_only(cups=False)
    assert not writable(view)["/home"]


def test_reading_and_syncing_work_on_a_read_only_disk(storage: FileSystem) -> None:
    view = storage.view()
    assert view.list("/home") == ()
    view.sync_directory("/home")


@pytest.mark.parametrize("point", ["/home", "/nothing"])
def test_only_mount_points_can_be_remounted(ours: Namespace, point: str) -> None:
    with pytest.raises(OSError, match="Invalid argument"):
        ours.at(point)


def test_ramdisks_are_always_writable(storage: FileSystem) -> None:
    storage.make_read_only(cups=False)
    storage.view().create("/etc/file", b"", 0o600, 0, 0)
    assert "file" in storage.view().list("/etc")
