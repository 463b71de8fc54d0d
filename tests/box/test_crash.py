"""Killed between any two calls, cut off from power with anything not yet synced: the box has the old pair or the new.

Every kill point is a call by which a run changes the box. After the kill the box is rebooted, must be whole, and the
next run must finish the work.
"""

from __future__ import annotations

import errno
from typing import Any

import pytest

from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.inode import every_inode
from iotbox_simulator.machine.recorder import Killed
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.box.layout import observe_layout
from reconciler.box.services import odoo
from reconciler.box.store.files import StoreFiles

from ..support import runs
from ..support.arranged import ARRANGEMENTS
from ..support.kill_points import POWER_CUTS_PER_CALL, KillPoint, PowerCut, killed_anywhere, power_cuts
from ..support.points import at_each
from ..support.runs import Arrange, Fleet
from ..support.states import once_for_each_state
from ..support.tally import count

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


def assert_whole(box: SimulatedBox, allowed: set[str]) -> None:
    """A box after its boot: one pair in both trees, loaded by nginx, Odoo running, root as fstab says."""
    live, mirror = runs.leaf_of(box, ""), runs.leaf_of(box, BYPASS)
    assert live == mirror
    assert live in allowed
    assert box.nginx.running
    assert_odoo_runs(box)
    store = StoreFiles(box, observe_layout(box)).observe()
    assert store.malformed == ()
    assert store.unreadable is None


def assert_odoo_runs(box: SimulatedBox) -> None:
    """Odoo is there, and not held."""
    found = odoo.process(box, box.spec.image.service_user)
    assert found is not None
    assert not found.stopped


def assert_the_next_run_finishes(box: SimulatedBox) -> None:
    """What was begun is done, and nothing is left for a third run."""
    assert runs.codes(runs.reconcile(box)) == []
    assert not runs.reconcile(box).changed


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

    def is_what_a_kill_leaves(point: KillPoint) -> None:
        box = fleet.box.clone()
        box.recorder.kill_at(point.call.number)
        with pytest.raises(Killed):
            runs.reconcile(box)
        assert everything(box) == everything(point.box)

    at_each(killed_anywhere(fleet)[:-1], is_what_a_kill_leaves)


@pytest.mark.parametrize(("kind", "name"), cells(runs.KINDS, others=2))
def test_killed_anywhere_a_reboot_finds_the_box_whole_and_the_next_run_finishes(kind: LayoutKind, name: str) -> None:
    fleet = ARRANGEMENTS[name](kind)
    allowed = outcomes(fleet)

    def is_whole_after_a_reboot(point: KillPoint) -> None:
        point.box.reboot()
        assert_whole(point.box, allowed)
        assert root_is_as_fstab_says(point.box)
        assert_the_next_run_finishes(point.box)

    count("kill points, then reboot", at_each(killed_anywhere(fleet), once_for_each_state(is_whole_after_a_reboot)))


@pytest.mark.parametrize(("kind", "name"), cells(ROOTS, others=1))
def test_killed_anywhere_the_timer_wakes_odoo_and_the_next_run_finishes(kind: LayoutKind, name: str) -> None:
    def is_awake_in_time(point: KillPoint) -> None:
        point.box.sleep(120)
        assert_odoo_runs(point.box)
        assert_the_next_run_finishes(point.box)

    points = killed_anywhere(ARRANGEMENTS[name](kind))
    count("kill points, no reboot", at_each(points, once_for_each_state(is_awake_in_time)))


@pytest.mark.parametrize(("kind", "name"), cells(ROOTS, others=1))
def test_after_a_power_cut_anywhere_the_pair_loads(kind: LayoutKind, name: str) -> None:
    fleet = ARRANGEMENTS[name](kind)
    allowed = outcomes(fleet)

    def is_whole(cut: PowerCut) -> None:
        box = cut.point.box if cut.number == POWER_CUTS_PER_CALL else cut.point.box.clone()
        box.power_cut(cut.choose)
        assert_whole(box, allowed)
        if cut.number == POWER_CUTS_PER_CALL:
            assert runs.codes(runs.reconcile(box)) == []

    count("power cuts", at_each(power_cuts(killed_anywhere(fleet)), is_whole))
