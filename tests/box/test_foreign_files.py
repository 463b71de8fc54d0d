"""The box's own users put links, second names, pipes and folders where this program, as root, reads and writes.

Whatever they do between any two of its calls: nothing of root's is changed, and nothing that only root may read comes
into a file that somebody else may read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import pytest

from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.image import CERTIFICATE, KEY
from iotbox_simulator.machine.inode import Inode, every_inode
from iotbox_simulator.machine.recorder import Call
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.machine.system import FileKind, FileStatus
from reconciler.model.repair import RepairKind
from reconciler.results.result import RepairStatus

from ..support import runs
from ..support.calls import calls_of
from ..support.points import at_each
from ..support.runs import Fleet

SHADOW = "/etc/shadow"
SECRET = b"root:$6$only-root-may-read-this:19000:0:99999:7:::\n"
CONF = "/home/pi/odoo.conf"
BESIDE = "/home/pi/.odoo.conf.iot-https-new"
PRIVATE = "/etc/ssl/private"
PI = 1000
LINKED_ELSEWHERE = b"[iot.box]\nremote_server = https://db.example\n"
Attack = Callable[[Fleet], None]


def prepared(kind: LayoutKind = "rw_ini", *, due: bool = False) -> Fleet:
    """Return a box in sync on which only root may read one file, and `pi` owns the folders of the key."""
    fleet = runs.due(kind) if due else runs.managed(kind)
    host = fleet.box.host
    fleet.box.storage.make_writable()
    for tree in runs.TREES:
        host.create(tree + SHADOW, SECRET, 0o640, 0, 42)
        host.set_owner(tree + PRIVATE, PI, PI)
        host.set_owner(tree + "/etc/ssl/certs", PI, PI)
    host.create("/home/pi/wifi_network.txt", SECRET, 0o600, 0, 0)
    fleet.box.storage.disk.sync_all()
    return fleet


def replaced_by_link(path: str, target: str) -> Attack:
    def attack(fleet: Fleet) -> None:
        fleet.box.host.remove(path)
        fleet.box.host.symlink(target, path)

    return attack


def replaced_by_second_name(path: str, other: str) -> Attack:
    def attack(fleet: Fleet) -> None:
        fleet.box.host.remove(path)
        fleet.box.host.hard_link(other, path)

    return attack


def replaced_by_file_of_root(path: str, other: str) -> Attack:
    def attack(fleet: Fleet) -> None:
        fleet.box.host.rename(other, path)

    return attack


def harm(box: SimulatedBox) -> list[str]:
    """Return where somebody else than root may read what only root may, or where something of root's is gone."""
    found = [f"{SHADOW} changed" for tree in runs.TREES if box.host.status(tree + SHADOW) != _shadow(box, tree)]
    for mount in box.storage.host.mounts.values():
        if mount.superblock.generated is None:
            found += [f"{mount.point}: {each}" for each in every_inode(mount.top) if _shows(each)]
    return found


def _shadow(box: SimulatedBox, tree: str) -> FileStatus:
    status = box.host.status(tree + SHADOW)
    return FileStatus(FileKind.FILE, 0o640, 0, 42, len(SECRET), status.mtime, status.names, status.guarded)


def _shows(inode: Inode) -> bool:
    return SECRET in inode.content and (inode.owner[0] != 0 or bool(inode.mode & 0o004))


@dataclass(frozen=True)
class Planted:
    """What somebody put where before the run."""

    title: str
    attack: Attack
    kind: LayoutKind = "rw_ini"
    due: bool = False
    plain: bool = False


MIRROR_KEY = BYPASS + KEY
PLANTED = (
    Planted("key is a link to shadow", replaced_by_link(KEY, SHADOW)),
    Planted("key is a link to shadow, renewal", replaced_by_link(KEY, SHADOW), due=True),
    Planted("key is a link to shadow, never ours", replaced_by_link(KEY, SHADOW), plain=True, due=True),
    Planted("key in the mirror is a link", replaced_by_link(MIRROR_KEY, "../../shadow"), due=True),
    Planted("key in the mirror is a link, never ours", replaced_by_link(MIRROR_KEY, "../../shadow"), plain=True),
    Planted("certificate is a link", replaced_by_link(CERTIFICATE, SHADOW), plain=True),
    Planted("key is a second name of shadow", replaced_by_second_name(KEY, SHADOW), plain=True, due=True),
    Planted("certificate is a second name", replaced_by_second_name(CERTIFICATE, SHADOW), plain=True),
    Planted(
        "key in the mirror is a file of root's from the home",
        replaced_by_file_of_root(MIRROR_KEY, BYPASS + "/home/pi/wifi_network.txt"),
        plain=True,
    ),
    Planted(
        "certificate in the mirror is such a file, renewal",
        replaced_by_file_of_root(BYPASS + CERTIFICATE, BYPASS + "/home/pi/wifi_network.txt"),
        plain=True,
        due=True,
    ),
    Planted("store is a link to shadow", replaced_by_link(CONF, SHADOW)),
    Planted("store is a second name", replaced_by_second_name(CONF, BYPASS + SHADOW)),
    Planted("store is a file of root's", replaced_by_file_of_root(CONF, "/home/pi/wifi_network.txt")),
    Planted("flat value is a link", replaced_by_link("/home/pi/odoo-remote-server.conf", SHADOW), "ro_flat"),
    Planted("log is a link", replaced_by_link("/var/log/odoo/odoo-server.log", SHADOW)),
)


@pytest.mark.parametrize("case", PLANTED, ids=lambda case: case.title)
def test_what_is_planted_leads_to_nothing_of_roots(case: Planted) -> None:
    fleet = prepared(case.kind, due=case.due)
    if case.plain:
        runs.plain_pair(fleet)
    case.attack(fleet)
    checked, mended = runs.check(fleet.box), runs.reconcile(fleet.box)
    told = f"{checked} {mended} {runs.diagnose(fleet.box)}"
    assert harm(fleet.box) == []
    assert "only-root-may-read-this" not in told


def test_folder_that_somebody_gave_the_name_of_a_leftover_stays() -> None:
    fleet = prepared()
    fleet.box.host.rename("/home/pi/odoo", BESIDE)
    fleet.box.host.make_directory("/home/pi/odoo", 0o755, 0, 0)
    before = len(list(every_inode(fleet.box.storage.disk.root)))
    runs.reconcile(fleet.box)
    assert "helpers.py" in fleet.box.host.list(f"{BESIDE}/addons/iot_drivers/tools")
    assert len(list(every_inode(fleet.box.storage.disk.root))) >= before


def test_folder_of_a_generation_that_is_not_ours_is_named_and_stays() -> None:
    fleet = prepared()
    for path in ("/etc/ssl/iot-https/.x.iot-https-new", "/etc/ssl/iot-https/.x.iot-https-new/sub"):
        fleet.box.host.make_directory(path, 0o755, 0, 0)
    result = runs.reconcile(fleet.box)
    (told,) = [each.evidence for each in result.after if "sub" in each.evidence]
    assert told.endswith("/etc/ssl/iot-https/.x.iot-https-new: holds sub, which this program never put there")


def test_links_that_replaced_the_pair_are_replaced_and_the_box_is_in_sync() -> None:
    fleet = prepared()
    replaced_by_link(KEY, SHADOW)(fleet)
    replaced_by_link(MIRROR_KEY, SHADOW)(fleet)
    result = runs.reconcile(fleet.box)
    assert runs.codes(result) == []
    assert runs.is_loadable(fleet.box, "")
    assert runs.is_loadable(fleet.box, BYPASS)


def test_own_links_are_followed_in_a_folder_of_pi() -> None:
    fleet = prepared()
    assert runs.codes(runs.check(fleet.box)) == []
    assert not runs.reconcile(fleet.box).changed


def test_permissions_are_mended_where_only_root_may_rename() -> None:
    fleet = runs.managed("rw_ini")
    fleet.box.host.set_mode(PRIVATE, 0o700)
    assert runs.codes(runs.reconcile(fleet.box)) == []
    assert fleet.box.host.status(PRIVATE).mode == 0o701


@pytest.mark.parametrize("owner", [PI, 1234])
def test_folder_that_somebody_else_owns_is_not_opened(owner: int) -> None:
    fleet = runs.managed("rw_ini")
    fleet.box.host.set_owner(PRIVATE, owner, owner)
    fleet.box.host.set_mode(PRIVATE, 0o700)
    result = runs.reconcile(fleet.box)
    assert fleet.box.host.status(PRIVATE).mode == 0o700
    outcomes = {each.repair.kind: each.status for each in result.outcomes}
    assert outcomes[RepairKind.SET_PERMISSIONS] is RepairStatus.FAILED


def test_file_of_root_is_given_away_as_it_was_judged() -> None:
    fleet = prepared()
    runs.plain_pair(fleet)
    result = runs.reconcile(fleet.box)
    assert runs.codes(result) == []
    status = fleet.box.host.status(KEY, follow=True)
    assert (status.uid, status.mode) == (fleet.box.spec.image.uid, 0o600)


def test_mirrors_resolver_file_that_is_a_link_becomes_a_file_that_only_root_writes() -> None:
    fleet = runs.managed("rw_ini")
    replaced_by_link(f"{BYPASS}/etc/resolv.conf", "/run/resolv.conf")(fleet)
    assert runs.codes(runs.reconcile(fleet.box)) == []
    status = fleet.box.host.status(f"{BYPASS}/etc/resolv.conf")
    assert (status.kind, status.mode, status.uid) == (FileKind.FILE, 0o644, 0)


def test_store_of_a_stranger_is_given_to_the_service_user() -> None:
    fleet = runs.managed("rw_ini")
    fleet.box.host.write(CONF, fleet.box.host.read(CONF).replace(b"db.example", b"old.example"))
    fleet.box.host.set_owner(CONF, 1234, 1234)
    fleet.box.host.set_mode(CONF, 0o666)
    runs.reconcile(fleet.box, replace(runs.DESIRED, own_servers=("https://old.example",)))
    status = fleet.box.host.status(CONF)
    assert (status.uid, status.mode) == (fleet.box.spec.image.uid, 0o600)


@pytest.mark.parametrize(("mode", "expected"), [(0o644, (PI, 0o600)), (0o664, (PI, 0o600)), (0o600, (0, 0o600))])
def test_store_that_others_may_read_by_roots_leave_is_closed(mode: int, expected: tuple[int, int]) -> None:
    fleet = runs.managed("rw_ini")
    host = fleet.box.host
    owner = fleet.box.spec.image.uid
    host.set_owner("/home/pi", 1234, 1234)
    host.write(CONF, host.read(CONF).replace(b"db.example", b"old.example"))
    host.set_owner(CONF, 0, 0)
    host.set_mode(CONF, mode)
    runs.reconcile(fleet.box, replace(runs.DESIRED, own_servers=("https://old.example",)))
    status = host.status(CONF)
    assert (status.uid, status.mode) == (owner if expected[0] else 0, expected[1])


WIFI = "/home/pi/wifi_network.txt"
AT_ONCE: dict[str, tuple[tuple[str, Attack], ...]] = {
    "links": (
        (CONF, replaced_by_link(CONF, WIFI)),
        (BESIDE, replaced_by_link(BESIDE, SHADOW)),
        (KEY, replaced_by_link(KEY, SHADOW)),
        (MIRROR_KEY, replaced_by_link(MIRROR_KEY, "../../shadow")),
    ),
    "files of root's": (
        (CONF, replaced_by_file_of_root(CONF, WIFI)),
        (MIRROR_KEY, replaced_by_file_of_root(MIRROR_KEY, f"{BYPASS}{WIFI}")),
        (KEY, replaced_by_second_name(KEY, SHADOW)),
    ),
}


@pytest.mark.parametrize("name", AT_ONCE)
def test_exchanged_between_any_two_calls_nothing_of_roots_is_shown_or_changed(name: str) -> None:
    original = prepared(due=True)
    runs.plain_pair(original)
    store = original.box.host.read(CONF)
    original.box.host.write(CONF, store.replace(b"CANARY210101", b"OTHER"))

    def does_no_harm(call: Call) -> None:
        fleet = Fleet(original.box.clone(), original.authority)
        for path, attack in AT_ONCE[name]:
            fleet.box.recorder.at(call.number, partial(_act, fleet, path, attack))
        runs.reconcile(fleet.box)
        assert harm(fleet.box) == []

    at_each(calls_of(original.box.clone(), runs.reconcile), does_no_harm)


def _act(fleet: Fleet, path: str, attack: Attack) -> None:
    try:
        fleet.box.host.status(path)
        attack(fleet)
    except OSError:
        return  # nothing to exchange at this moment
