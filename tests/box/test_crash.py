"""Killed between any two calls, cut off from power with anything not yet synced: the box has the old pair or the new.

Every kill point is a call by which a run changes the box. After the kill the box is rebooted, must be whole, and the
next run must finish the work.
"""

from __future__ import annotations

import errno
from typing import Any

import pytest

from iotbox_simulator.machine.box import SimulatedBox
from iotbox_simulator.machine.choices import sampled_choices
from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.image import CERTIFICATE, KEY
from iotbox_simulator.machine.inode import every_inode
from iotbox_simulator.machine.recorder import Killed, Recorder
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.box.layout import observe_layout
from reconciler.box.services import odoo
from reconciler.box.store.files import StoreFiles

from ..support import runs
from ..support.runs import Arrange, Fleet
from ..support.tally import count

POWER_CUTS_PER_CALL = 4


def spoiled(kind: LayoutKind, tree: str) -> Fleet:
    """Return a mended box, one of whose two pairs was overwritten with the temporary certificate of its image."""
    fleet = runs.managed(kind)
    image = runs.fresh(kind).box
    fleet.box.storage.make_writable()
    for path in (CERTIFICATE, KEY):
        fleet.box.host.write(tree + path, image.host.read(path))
    fleet.box.storage.disk.sync_all()
    return fleet


def root_owned(kind: LayoutKind) -> Fleet:
    """Return a mended box whose certificate files somebody gave to root."""
    fleet = runs.managed(kind)
    fleet.box.storage.make_writable()
    for tree in runs.TREES:
        for path in (CERTIFICATE, KEY):
            fleet.box.host.set_owner(tree + path, 0, 0)
    fleet.box.storage.disk.sync_all()
    return fleet


def folders_of_pi(kind: LayoutKind) -> Fleet:
    """Return a mended box with plain files of root's in folders of `pi`, where each gets a new file instead."""
    fleet = root_owned(kind)
    runs.plain_pair(fleet)
    for tree in runs.TREES:
        for path in (CERTIFICATE, KEY):
            fleet.box.host.set_owner(tree + path.rpartition("/")[0], 1000, 1000)
    fleet.box.storage.disk.sync_all()
    return fleet


ARRANGEMENTS: dict[str, Arrange] = {
    "first reconcile": runs.fresh,
    "renewal": runs.due,
    "copy to the mirror": lambda kind: spoiled(kind, BYPASS),
    "copy from the mirror": lambda kind: spoiled(kind, ""),
    "permissions": root_owned,
    "permissions in folders of pi": folders_of_pi,
}
ROOTS: tuple[LayoutKind, ...] = ("ro_ini", "rw_ini")
WHOLE_RUNS = ("first reconcile", "renewal")
"""What begins with nothing in place, and with all; the others do a part of the same."""


def cells(kinds: tuple[LayoutKind, ...], others: int) -> list[Any]:
    """Return each kind of box with each arrangement; those that only the long form needs are marked.

    Args:
        others: kinds that the short form has of an arrangement that is no whole run; each arrangement has other ones.
    """
    rows = []
    for number, name in enumerate(ARRANGEMENTS):
        turned = kinds[number % len(kinds) :] + kinds[: number % len(kinds)]
        short = kinds if name in WHOLE_RUNS else turned[:others]
        rows += [pytest.param(kind, name, marks=() if kind in short else pytest.mark.soak) for kind in kinds]
    return rows


def calls_of_a_run(box: SimulatedBox) -> int:
    numbers: list[int] = []
    box.recorder.after.append(lambda call: numbers.append(call.number))
    runs.reconcile(box)
    return max(numbers)


def killed_anywhere(fleet: Fleet) -> list[SimulatedBox]:
    """Return the box as it is before each call of one run, and after the last; each time the tool is dead."""
    last = calls_of_a_run(fleet.box.clone())
    box = fleet.box.clone()
    copies: list[SimulatedBox] = []
    box.recorder.before.append(lambda _: copies.append(box.clone()))
    box.recorder.after.append(lambda call: copies.append(box.clone()) if call.number == last else None)
    runs.reconcile(box)
    assert len(copies) == last + 1
    for copy in copies:
        copy.recorder = Recorder()
        copy.kill()
    return copies


def assert_whole(box: SimulatedBox, allowed: set[str]) -> None:
    """A box after its boot: one pair in both trees, loaded by nginx, Odoo running, root as fstab says."""
    live, mirror = runs.leaf_of(box, ""), runs.leaf_of(box, BYPASS)
    assert live == mirror
    assert live in allowed
    assert box.nginx.running
    found = odoo.process(box, box.spec.image.service_user)
    assert found is not None
    assert not found.stopped
    store = StoreFiles(box, observe_layout(box)).observe()
    assert store.malformed is None
    assert store.unreadable is None


def root_is_as_fstab_says(box: SimulatedBox) -> bool:
    """Try to write as root outside the tool."""
    try:
        box.host.write("/home/pi/.probe", b"")
    except OSError as error:
        return error.errno == errno.EROFS and box.spec.image.read_only_root
    return not box.spec.image.read_only_root


def outcomes(fleet: Fleet) -> set[str]:
    """Return the fingerprints of the pairs that may be there: those of before, and that of an undisturbed run."""
    old = {runs.leaf_of(fleet.box, tree) for tree in runs.TREES}
    undisturbed = fleet.box.clone()
    runs.reconcile(undisturbed)
    return {*old, runs.leaf_of(undisturbed, "")}


def everything(box: SimulatedBox) -> tuple[object, ...]:
    """Return all that there is of a box: its mounts, what lies below them and what of that is on the disk."""
    mounts = [
        (each.point, each.writable, each.superblock.open_for_writing, len(each.superblock.journal))
        for each in box.storage.host.mounts.values()
    ]
    files = [
        (mount.point, each.mode, each.owner, each.content, each.mtime, each.unsynced, tuple(each.entries))
        for mount in box.storage.host.mounts.values()
        for each in every_inode(mount.top)
    ]
    timers = sorted(box.programs.timers.waiting)
    return mounts, files, timers, box.clock.elapsed, box.odoo.stopped, box.nginx.served, box.locks


@pytest.mark.parametrize("arranged", [runs.fresh, runs.due], ids=["first reconcile", "renewal"])
def test_a_copy_of_the_box_is_what_a_kill_leaves_of_it(arranged: Arrange) -> None:
    fleet = arranged("ro_ini")
    copies = killed_anywhere(fleet)
    for number, copy in enumerate(copies[:-1], start=1):
        box = fleet.box.clone()
        box.recorder.kill_at(number)
        with pytest.raises(Killed):
            runs.reconcile(box)
        assert everything(box) == everything(copy), number


@pytest.mark.parametrize(("kind", "name"), cells(runs.KINDS, others=2))
def test_killed_anywhere_a_reboot_finds_the_box_whole_and_the_next_run_finishes(kind: LayoutKind, name: str) -> None:
    fleet = ARRANGEMENTS[name](kind)
    allowed = outcomes(fleet)
    for box in killed_anywhere(fleet):
        box.reboot()
        assert_whole(box, allowed)
        assert root_is_as_fstab_says(box)
        assert runs.codes(runs.reconcile(box)) == []
        assert not runs.reconcile(box).changed
        count("kill points, then reboot")


@pytest.mark.parametrize(("kind", "name"), cells(ROOTS, others=1))
def test_killed_anywhere_the_timer_wakes_odoo_and_the_next_run_finishes(kind: LayoutKind, name: str) -> None:
    for box in killed_anywhere(ARRANGEMENTS[name](kind)):
        box.sleep(120)
        found = odoo.process(box, box.spec.image.service_user)
        assert found is not None
        assert not found.stopped
        assert runs.codes(runs.reconcile(box)) == []
        assert not runs.reconcile(box).changed
        count("kill points, no reboot")


@pytest.mark.parametrize(("kind", "name"), cells(ROOTS, others=1))
def test_after_a_power_cut_anywhere_the_pair_loads(kind: LayoutKind, name: str) -> None:
    fleet = ARRANGEMENTS[name](kind)
    allowed = outcomes(fleet)
    for number, box in enumerate(killed_anywhere(fleet), start=1):
        for choose in sampled_choices(number, POWER_CUTS_PER_CALL):
            cut = box.clone()
            cut.power_cut(choose)
            assert_whole(cut, allowed)
            count("power cuts")
        assert runs.codes(runs.reconcile(cut)) == []
