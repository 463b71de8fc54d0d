"""What a power cut leaves of changes that were not synced, and of those that were."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest

from iotbox_simulator.machine.choices import every_choice, sampled_choices
from iotbox_simulator.machine.filesystem import FileSystem
from iotbox_simulator.machine.view import FileView

from .disks import bare

OLD, NEW = b"old content", b"new content"
Seen = dict[str, bytes]


@pytest.fixture
def storage() -> FileSystem:
    made = bare()
    made.view().create("/home/file", OLD, 0o644, 1000, 1000)
    made.disk.sync_all()
    return made


def outcomes(storage: FileSystem, act: Callable[[FileView], object]) -> list[Seen]:
    """Return every distinct `/home` that a power cut after `act` can leave, as name -> content."""
    act(storage.view())
    found: list[Seen] = []
    for choose in every_choice():
        after = copy.deepcopy(storage)
        after.power_cut(choose)
        view = after.view()
        seen = {name: view.read(f"/home/{name}") for name in view.list("/home")}
        if seen not in found:
            found.append(seen)
    return found


def replace(view: FileView, *, file_synced: bool, directory_synced: bool) -> None:
    view.create("/home/new", NEW, 0o644, 1000, 1000)
    if file_synced:
        view.sync_file("/home/new")
    view.rename("/home/new", "/home/file")
    if directory_synced:
        view.sync_directory("/home")


def test_recipe_leaves_the_new_file_and_nothing_else(storage: FileSystem) -> None:
    assert outcomes(storage, lambda v: replace(v, file_synced=True, directory_synced=True)) == [{"file": NEW}]


def test_recipe_without_its_last_step_leaves_old_or_new(storage: FileSystem) -> None:
    found = outcomes(storage, lambda v: replace(v, file_synced=True, directory_synced=False))
    assert found == [{"file": OLD}, {"file": OLD, "new": NEW}, {"file": NEW}]


@pytest.mark.parametrize("directory_synced", [True, False])
def test_rename_without_syncing_the_file_can_leave_it_empty_or_torn(
    storage: FileSystem, *, directory_synced: bool
) -> None:
    found = outcomes(storage, lambda v: replace(v, file_synced=False, directory_synced=directory_synced))
    contents = {seen["file"] for seen in found}
    assert {b"", NEW[: len(NEW) // 2], NEW} <= contents
    assert (OLD in contents) is not directory_synced


def test_write_in_place_can_leave_old_empty_torn_or_new(storage: FileSystem) -> None:
    found = outcomes(storage, lambda v: v.write("/home/file", NEW))
    assert [seen["file"] for seen in found] == [OLD, b"", NEW[: len(NEW) // 2], NEW]


def test_sync_of_the_file_alone_can_lose_its_name(storage: FileSystem) -> None:
    def act(view: FileView) -> None:
        view.create("/home/new", NEW, 0o644, 0, 0)
        view.sync_file("/home/new")

    assert outcomes(storage, act) == [{"file": OLD}, {"file": OLD, "new": NEW}]


def test_removal_can_be_lost(storage: FileSystem) -> None:
    assert outcomes(storage, lambda v: v.remove("/home/file")) == [{"file": OLD}, {}]


def test_changes_of_different_names_reach_the_disk_in_any_order(storage: FileSystem) -> None:
    def act(view: FileView) -> None:
        for name in ("a", "b"):
            view.create(f"/home/{name}", b"", 0o644, 0, 0)

    names = [set(seen) - {"file"} for seen in outcomes(storage, act)]
    assert sorted(map(sorted, names)) == [[], ["a"], ["a", "b"], ["b"]]


def test_a_later_change_of_a_name_implies_the_earlier_ones(storage: FileSystem) -> None:
    def act(view: FileView) -> None:
        view.create("/home/a", b"", 0o644, 0, 0)
        view.rename("/home/a", "/home/b")
        view.rename("/home/b", "/home/c")

    names = [set(seen) - {"file"} for seen in outcomes(storage, act)]
    assert sorted(map(sorted, names)) == [[], ["a"], ["b"], ["c"]]


def test_rename_between_directories_is_one_unit(storage: FileSystem) -> None:
    view = storage.view()
    view.make_directory("/home/one", 0o755, 0, 0)
    view.make_directory("/home/two", 0o755, 0, 0)
    view.create("/home/one/file", NEW, 0o644, 0, 0)
    storage.disk.sync_all()
    view.rename("/home/one/file", "/home/two/file")
    for choose in every_choice():
        after = copy.deepcopy(storage)
        after.power_cut(choose)
        assert sorted(after.view().list("/home/one") + after.view().list("/home/two")) == ["file"]


def test_sync_of_one_directory_of_a_rename_makes_both_durable(storage: FileSystem) -> None:
    view = storage.view()
    view.make_directory("/home/one", 0o755, 0, 0)
    storage.disk.sync_all()
    view.rename("/home/file", "/home/one/file")
    view.sync_directory("/home/one")
    storage.power_cut(lambda: False)
    assert (storage.view().list("/home"), storage.view().list("/home/one")) == (("one",), ("file",))


def test_mode_and_owner_can_be_lost_each_by_itself(storage: FileSystem) -> None:
    view = storage.view()
    view.set_mode("/home/file", 0o600)
    view.set_owner("/home/file", 0, 0)
    found = set()
    for choose in every_choice():
        after = copy.deepcopy(storage)
        after.power_cut(choose)
        status = after.view().status("/home/file")
        found.add((status.mode, status.uid))
    assert found == {(0o644, 1000), (0o600, 1000), (0o644, 0), (0o600, 0)}


@pytest.mark.parametrize(("sync", "expected"), [("sync_file", (0o600, 7)), (None, (0o644, 1000))])
def test_sync_keeps_mode_and_owner(storage: FileSystem, sync: str | None, expected: tuple[int, int]) -> None:
    view = storage.view()
    view.set_mode("/home/file", 0o600)
    view.set_owner("/home/file", 7, 7)
    if sync is not None:
        view.sync_file("/home/file")
    storage.power_cut(lambda: False)
    status = storage.view().status("/home/file")
    assert (status.mode, status.uid) == expected


def test_link_is_there_as_a_whole_or_not(storage: FileSystem) -> None:
    storage.view().symlink("file", "/home/link")
    found = []
    for choose in every_choice():
        after = copy.deepcopy(storage)
        after.power_cut(choose)
        found.append(after.view().list("/home"))
        if "link" in found[-1]:
            assert after.view().read_link("/home/link") == "file"
    assert found == [("file",), ("file", "link")]


def test_sync_of_everything_keeps_everything(storage: FileSystem) -> None:
    storage.view().create("/home/new", NEW, 0o600, 5, 5)
    storage.disk.sync_all()
    storage.power_cut(lambda: False)
    status = storage.view().status("/home/new")
    assert (storage.view().read("/home/new"), status.mode, status.uid) == (NEW, 0o600, 5)


def test_power_cut_empties_ramdisks_and_fills_them_from_the_disk(storage: FileSystem) -> None:
    view = storage.view()
    view.create("/etc/only-live", b"", 0o644, 0, 0)
    view.create("/run/state", b"", 0o644, 0, 0)
    view.create("/root_bypass_ramdisks/etc/only-mirror", b"", 0o640, 3, 4)
    storage.disk.sync_all()
    storage.power_cut(lambda: True)
    assert "only-live" not in storage.view().list("/etc")
    assert storage.view().list("/run") == ()
    status = storage.view().status("/etc/only-mirror")
    assert (status.mode, status.uid, status.gid) == (0o640, 3, 4)


@pytest.mark.parametrize("kept", [True, False])
def test_free_space_follows_what_was_kept(storage: FileSystem, *, kept: bool) -> None:
    before = storage.disk.free
    storage.view().create("/home/new", NEW, 0o600, 0, 0)
    storage.power_cut(lambda: kept)
    assert storage.disk.free == before - (len(NEW) if kept else 0)


def test_enumeration_asks_again_until_every_sequence_was_answered() -> None:
    seen = []
    for choose in every_choice():
        first = choose()
        seen.append((first, choose()) if first else (first,))
    assert seen == [(False,), (True, False), (True, True)]


def test_enumeration_that_is_too_big_is_refused() -> None:
    def ask_four_each() -> None:
        for choose in every_choice(limit=8):
            assert len([choose() for _ in range(4)]) == 4

    with pytest.raises(ValueError, match="more than 8 outcomes"):
        ask_four_each()


def test_sample_begins_with_the_extremes_and_is_the_same_each_time() -> None:
    def draw() -> list[list[bool]]:
        return [[choose() for _ in range(20)] for choose in sampled_choices(7, 6)]

    first = draw()
    assert first[:2] == [[False] * 20, [True] * 20]
    assert first == draw()
    assert len({tuple(answers) for answers in first}) == 6
