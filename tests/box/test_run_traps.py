"""The traps of real boxes, each seen on one and each by itself."""

from __future__ import annotations

import signal
from dataclasses import replace
from functools import partial

import pytest

from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.image import KEY
from iotbox_simulator.machine.recorder import CallKind
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.pki import issue_wildcard_pair, mismatched
from reconciler.box.paths import RUNTIME
from reconciler.codes import CodeName
from reconciler.model.repair import RepairKind

from ..support import runs
from ..support.calls import changes, once_done
from ..support.runs import Fleet

C = CodeName
CONFIGURATION = {"ro_flat": "sites-enabled/default", "ro_ini": "sites-enabled/default"}


def wrong_key(fleet: Fleet, tree: str) -> None:
    fleet.box.storage.make_writable()
    pair = mismatched(issue_wildcard_pair(runs.CA, "d73e7513", now=runs.NOW))
    fleet.box.host.write(tree + KEY, pair.private_key_pem.encode())
    fleet.box.storage.disk.sync_all()


@pytest.mark.parametrize("kind", runs.KINDS)
def test_a_mixed_pair_in_the_mirror_is_found_while_all_still_looks_well(kind: LayoutKind) -> None:
    """At the next boot nginx would not start, and ports 80 and 443 would be dead."""
    fleet = runs.managed(kind)
    wrong_key(fleet, BYPASS)
    assert runs.codes(runs.check(fleet.box)) == [C.NOT_PERSISTED]
    runs.reconcile(fleet.box)
    fleet.box.reboot()
    assert fleet.box.nginx.running


def test_nginx_that_hit_its_start_limit_is_started_again() -> None:
    fleet = runs.managed("rw_ini")
    wrong_key(fleet, "")
    fleet.box.nginx.stop()
    for _ in range(8):
        fleet.box.nginx.start()
    assert runs.codes(runs.reconcile(fleet.box)) == []
    assert fleet.box.nginx.running


@pytest.mark.parametrize("kind", runs.KINDS)
def test_odoo_that_was_held_is_restarted_only_when_nginx_can_start(kind: LayoutKind) -> None:
    """It starts nginx; with a pair that nginx refuses, some branches' thread that renews dies of that for good."""
    fleet = runs.managed(kind)
    wrong_key(fleet, "")
    fleet.box.nginx.stop()
    fleet.box.odoo.signal(signal.SIGSTOP)
    fleet.box.clock.advance(60)
    began = fleet.box.clock.elapsed
    assert runs.codes(runs.reconcile(fleet.box)) == []
    assert fleet.box.nginx.running
    assert fleet.box.clock.elapsed - began < 10


def test_nginx_that_was_started_by_hand_is_reloaded_and_not_restarted() -> None:
    fleet = runs.due("rw_ini")
    fleet.box.nginx.stop()
    fleet.box.nginx.start_by_hand()
    result = runs.reconcile(fleet.box)
    assert runs.codes(result) == []
    assert fleet.box.nginx.running


@pytest.mark.parametrize("kind", runs.KINDS)
def test_a_configuration_broken_by_hand_is_named_and_nothing_is_put_in_place(kind: LayoutKind) -> None:
    fleet = runs.due(kind)
    before = runs.leaf_of(fleet.box, "")
    path = f"/etc/nginx/{CONFIGURATION.get(kind, 'conf.d/iot.conf')}"
    fleet.box.host.write(path, b"server { listen 443\n")
    result = runs.reconcile(fleet.box)
    assert C.NGINX_CONFIG_BROKEN in runs.codes(result)
    assert RepairKind.INSTALL_CERTIFICATE not in [each.repair.kind for each in result.outcomes]
    assert runs.leaf_of(fleet.box, "") == before
    assert fleet.box.nginx.running


def test_a_renewal_does_not_cut_tills_off() -> None:
    """A certificate of the same name needs a reload of nginx and no restart of Odoo."""
    for kind in runs.KINDS:
        fleet = runs.due(kind)
        started = fleet.box.host.status("/run/odoo/odoo.pid").mtime
        assert runs.reconcile(fleet.box).changed
        assert fleet.box.host.status("/run/odoo/odoo.pid").mtime == started


def test_a_manager_that_died_for_want_of_dns_is_started_again_once_dns_works() -> None:
    """19.0 looks its database up at its start, and gives up for good when it cannot."""
    fleet = runs.managed("rw_ini")
    fleet.box.host.write("/etc/resolv.conf", b"nameserver 192.0.2.53\n")
    fleet.box.odoo.restart()
    fleet.box.sleep(10)
    assert C.ODOO_MANAGER_DEAD in runs.codes(runs.check(fleet.box))
    assert runs.codes(runs.reconcile(fleet.box)) == []
    assert not fleet.box.odoo.manager_dead


def test_a_manager_that_was_mended_is_not_taken_for_dead_where_the_log_names_no_start() -> None:
    """17.0 late logs warnings only, so the end of the old thread stays the last word of its log."""
    fleet = runs.managed("ro_ini")
    wrong_key(fleet, "")
    fleet.box.odoo.restart()
    fleet.box.sleep(10)
    assert C.ODOO_MANAGER_DEAD in runs.codes(runs.check(fleet.box))
    assert runs.codes(runs.reconcile(fleet.box)) == []
    assert not runs.reconcile(fleet.box).changed


def test_a_box_in_access_point_mode_is_left_alone() -> None:
    fleet = runs.fresh("rw_ini")
    fleet.box.spec = replace(fleet.box.spec, address="10.11.12.1")
    fleet.box.programs.spec = fleet.box.spec
    result = runs.reconcile(fleet.box)
    assert C.ACCESS_POINT_MODE in runs.codes(result)
    assert result.plan == ()


def test_a_machine_that_is_no_iot_box_is_refused() -> None:
    fleet = runs.fresh("rw_ini")
    fleet.box.host.remove("/home/pi/odoo/addons/iot_drivers/tools/helpers.py")
    result = runs.reconcile(fleet.box)
    assert runs.codes(result) == [C.UNSUPPORTED_LAYOUT]
    assert result.failed
    assert not result.changed


def test_a_link_that_somebody_replaced_by_a_file_becomes_a_link_again_at_the_next_renewal() -> None:
    fleet = runs.due("ro_ini")
    content = fleet.box.host.read(KEY)
    fleet.box.host.remove(KEY)
    fleet.box.host.write(KEY, content)
    fleet.box.host.set_owner(KEY, 1000, 1000)
    fleet.box.host.set_mode(KEY, 0o600)
    assert runs.codes(runs.reconcile(fleet.box)) == []
    assert fleet.box.host.read_link(KEY) == "../iot-https/current/nginx-cert.key"


def test_one_old_generation_is_kept_for_root_alone() -> None:
    fleet = runs.due("rw_ini")
    for _ in range(4):
        runs.renewed(fleet)
        runs.reconcile(fleet.box)
        fleet.box.clock.advance(84 * 86400)
    folder = "/etc/ssl/iot-https"
    current = fleet.box.host.read_link(f"{folder}/current")
    generations = [name for name in fleet.box.host.list(folder) if name != "current"]
    assert len(generations) == 2
    (old,) = (name for name in generations if name != current)
    for name in ("nginx-cert.crt", "nginx-cert.key"):
        status = fleet.box.host.status(f"{folder}/{old}/{name}")
        assert (status.uid, status.mode) == (0, 0o600)


@pytest.mark.parametrize("kind", runs.KINDS)
def test_leftovers_of_a_killed_run_are_gone_after_the_next_even_if_it_has_nothing_else_to_do(kind: LayoutKind) -> None:
    fleet = runs.managed(kind)
    fleet.box.storage.make_writable()
    store = "token" if kind == "ro_flat" else "odoo.conf"
    paths = [f"/home/pi/.{store}.iot-https-new", *(f"{tree}/etc/.resolv.conf.iot-https-new" for tree in runs.TREES)]
    paths += [f"{tree}/etc/ssl/iot-https/.20270101-00.iot-https-new" for tree in runs.TREES]
    for tree in runs.TREES:
        (name,) = {fleet.box.host.read_link(f"{tree}/etc/ssl/iot-https/current")}
        paths.append(f"{tree}/etc/ssl/iot-https/{name}/.nginx-cert.key.iot-https-new")
    for path in paths:
        fleet.box.host.write(path, b"half")
    assert runs.reconcile(fleet.box).changed
    folders = {path.rpartition("/")[0] for path in paths}
    assert not [name for folder in folders for name in fleet.box.host.list(folder) if name.endswith("iot-https-new")]
    assert not runs.reconcile(fleet.box).changed


def test_a_restart_of_nginx_by_odoo_during_the_last_look_is_not_taken_for_a_fault() -> None:
    fleet = runs.due("ro_ini")
    nginx = fleet.box.nginx

    def restart() -> None:
        nginx.stop()
        fleet.box.clock.later(2.0, nginx.start)

    is_last_repair = partial(changes, kind=CallKind.REMOVE, path=f"{RUNTIME}/odoo-restart-pending")
    once_done(fleet.box, is_last_repair, restart)
    assert runs.codes(runs.reconcile(fleet.box)) == []
    assert nginx.running
