"""Killed between any two calls, cut off from power with anything not yet synced: the box has the old pair or the new.

Every kill point is a call by which a run changes the box. After the kill the box is rebooted, must be whole, and the
next run must finish the work.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator

import pytest

from iotbox_simulator.machine.box import SimulatedBox
from iotbox_simulator.machine.choices import sampled_choices
from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.image import CERTIFICATE, KEY
from iotbox_simulator.machine.recorder import Killed
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.box import odoo
from reconciler.box.layout import observe_layout
from reconciler.box.store_files import StoreFiles

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


ARRANGEMENTS: dict[str, Arrange] = {
    "first reconcile": runs.fresh,
    "renewal": runs.due,
    "copy to the mirror": lambda kind: spoiled(kind, BYPASS),
    "copy from the mirror": lambda kind: spoiled(kind, ""),
    "permissions": root_owned,
}
ALL = [(kind, name) for name in ARRANGEMENTS for kind in runs.KINDS]
EACH_ROOT: list[tuple[LayoutKind, str]] = [(kind, name) for name in ARRANGEMENTS for kind in ("ro_ini", "rw_ini")]


def calls_of_a_run(fleet: Fleet) -> int:
    box = fleet.box
    numbers: list[int] = []
    box.recorder.after.append(lambda *_: numbers.append(box.recorder.count))
    runs.reconcile(box)
    return max(numbers)


def killed_at(fleet: Fleet, number: int, *, after: bool) -> SimulatedBox:
    fleet.box.recorder.kill_at(number, after=after)
    with pytest.raises(Killed):
        runs.reconcile(fleet.box)
    fleet.box.kill()
    return fleet.box


def assert_whole(box: SimulatedBox, allowed: set[str]) -> None:
    """A box after its boot: one pair in both trees, loaded by nginx, Odoo running, root as fstab says."""
    live, mirror = runs.leaf_of(box, ""), runs.leaf_of(box, BYPASS)
    assert live == mirror
    assert live in allowed
    assert box.nginx.running
    pid = odoo.process(box)
    assert pid is not None
    assert not odoo.stopped(box, pid)
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


def kill_points(fleet: Fleet) -> Iterator[tuple[int, bool]]:
    """Yield every point: before each call, and after the last; after one call is before the next."""
    last = calls_of_a_run(Fleet(fleet.box.clone(), fleet.authority))
    yield from ((number, False) for number in range(1, last + 1))
    yield last, True


def outcomes(fleet: Fleet) -> set[str]:
    """Return the fingerprints of the pairs that may be there: those of before, and that of an undisturbed run."""
    old = {runs.leaf_of(fleet.box, tree) for tree in runs.TREES}
    undisturbed = fleet.box.clone()
    runs.reconcile(undisturbed)
    return {*old, runs.leaf_of(undisturbed, "")}


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_killed_anywhere_a_reboot_finds_the_box_whole_and_the_next_run_finishes(kind: LayoutKind, name: str) -> None:
    fleet = ARRANGEMENTS[name](kind)
    allowed = outcomes(fleet)
    for number, after in kill_points(fleet):
        box = killed_at(Fleet(fleet.box.clone(), fleet.authority), number, after=after)
        box.reboot()
        assert_whole(box, allowed)
        assert root_is_as_fstab_says(box)
        assert runs.codes(runs.reconcile(box)) == []
        assert not runs.reconcile(box).changed
        count("kill points, then reboot")


@pytest.mark.parametrize(("kind", "name"), EACH_ROOT)
def test_killed_anywhere_the_timer_wakes_odoo_and_the_next_run_finishes(kind: LayoutKind, name: str) -> None:
    fleet = ARRANGEMENTS[name](kind)
    for number, after in kill_points(fleet):
        box = killed_at(Fleet(fleet.box.clone(), fleet.authority), number, after=after)
        box.sleep(120)
        pid = odoo.process(box)
        assert pid is not None
        assert not odoo.stopped(box, pid)
        assert runs.codes(runs.reconcile(box)) == []
        assert not runs.reconcile(box).changed
        count("kill points, no reboot")


@pytest.mark.parametrize(("kind", "name"), EACH_ROOT)
def test_after_a_power_cut_anywhere_the_pair_loads(kind: LayoutKind, name: str) -> None:
    fleet = ARRANGEMENTS[name](kind)
    allowed = outcomes(fleet)
    for number, after in kill_points(fleet):
        box = killed_at(Fleet(fleet.box.clone(), fleet.authority), number, after=after)
        for choose in sampled_choices(number, POWER_CUTS_PER_CALL):
            cut = box.clone()
            cut.power_cut(choose)
            assert_whole(cut, allowed)
            count("power cuts")
        assert runs.codes(runs.reconcile(cut)) == []
