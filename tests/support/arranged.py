"""Boxes from which a run has something to do, by what it is."""

from __future__ import annotations

from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.image import CERTIFICATE, KEY
from iotbox_simulator.machine.spec import LayoutKind

from . import runs
from .runs import Arrange, Fleet


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
