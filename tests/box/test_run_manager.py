"""The thread that renews and reports: seen when it is dead, and not taken for dead when it lives."""

from __future__ import annotations

import pytest

from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.image import CERTIFICATE, KEY, LOG
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.pki import issue_wildcard_pair, mismatched
from reconciler.codes import CodeName

from ..support import runs
from ..support.runs import Fleet

C = CodeName
KINDS: tuple[LayoutKind, ...] = (*runs.KINDS, "ro_ini_18")


def killed_by_its_pair(kind: LayoutKind) -> Fleet:
    fleet = runs.managed(kind)
    fleet.box.storage.make_writable()
    pair = mismatched(issue_wildcard_pair(runs.CA, "d73e7513", now=runs.NOW))
    fleet.box.host.write(KEY, pair.private_key_pem.encode())
    fleet.box.odoo.restart()
    fleet.box.sleep(200)
    assert fleet.box.odoo.manager_dead
    return fleet


def put_right_by_hand(fleet: Fleet) -> None:
    for path in (CERTIFICATE, KEY):
        fleet.box.host.write(path, fleet.box.host.read(BYPASS + path))
    fleet.box.nginx.unit.reset_failed()
    fleet.box.nginx.restart()


@pytest.mark.parametrize("kind", KINDS)
def test_a_dead_manager_is_seen_on_every_branch(kind: LayoutKind) -> None:
    assert C.ODOO_MANAGER_DEAD in runs.codes(runs.check(killed_by_its_pair(kind).box))


@pytest.mark.parametrize("kind", KINDS)
def test_a_manager_that_lives_again_is_not_taken_for_dead(kind: LayoutKind) -> None:
    """Somebody put the pair right and restarted Odoo from its homepage; the log goes on after that."""
    fleet = killed_by_its_pair(kind)
    put_right_by_hand(fleet)
    fleet.box.odoo.restart_in_place()
    fleet.box.sleep(200)
    fleet.box.odoo.log("WARNING", "odoo.addons.hw_drivers.websocket_client", "connection lost")
    result = runs.check(fleet.box)
    assert runs.codes(result) == []
    assert result.plan == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_dead_manager_is_seen_behind_minutes_of_other_tracebacks(kind: LayoutKind) -> None:
    fleet = killed_by_its_pair(kind)
    fleet.box.odoo.asks_for_pairing(40)
    fleet.box.sleep(600)
    assert C.ODOO_MANAGER_DEAD in runs.codes(runs.check(fleet.box))


def test_a_dead_manager_is_seen_where_the_log_has_forgotten() -> None:
    fleet = killed_by_its_pair("ro_ini")
    fleet.box.host.write(LOG, b"")
    assert C.ODOO_MANAGER_DEAD in runs.codes(runs.check(fleet.box))


def test_tills_that_hold_requests_open_do_not_look_like_a_manager() -> None:
    fleet = killed_by_its_pair("ro_ini")
    fleet.box.odoo.long_poll = True
    assert C.ODOO_MANAGER_DEAD in runs.codes(runs.check(fleet.box))


def test_the_error_that_ended_it_is_named() -> None:
    (dead,) = (each for each in runs.check(killed_by_its_pair("rw_ini").box).after if each.code == C.ODOO_MANAGER_DEAD)
    assert "CalledProcessError" in dead.evidence
