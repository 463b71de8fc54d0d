"""A dead manager is not revived in vain: not while what kills it is known, nor night after night without success."""

from __future__ import annotations

import pytest

from iotbox_simulator.machine.authority import Mode
from iotbox_simulator.machine.image import KEY
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.pki import issue_wildcard_pair, mismatched
from reconciler.codes import CodeName
from reconciler.model.repair import RepairKind
from reconciler.results.result import RepairStatus, Result

from ..support import runs
from ..support.runs import Fleet

C = CodeName
KINDS: tuple[LayoutKind, ...] = (*runs.KINDS, "ro_ini_18")
NIGHT = 86400.0


def restarts_in(result: Result) -> list[RepairStatus]:
    return [each.status for each in result.outcomes if each.repair.kind is RepairKind.RESTART_ODOO]


def asking(kind: LayoutKind, mode: Mode) -> Fleet:
    """Return a box whose certificate is due, whose own program asks at each start, and gets such an answer."""
    fleet = runs.due(kind)
    fleet.authority.mode = mode
    fleet.box.odoo.tend = fleet.box.vendor.tends
    fleet.box.odoo.restart()
    fleet.box.sleep(200)
    return fleet


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("rw_ini", "noresult"),
        ("rw_newest", "null"),
        ("ro_ini", "noresult"),
        ("ro_ini", "null"),
        ("ro_ini", "error"),
        ("ro_ini", "garbage"),
        ("ro_flat", "null"),
        ("ro_flat", "garbage"),
        ("ro_ini_18", "null"),
    ],
)
def test_odoo_is_not_restarted_while_the_answer_of_the_authority_ends_its_manager(kind: LayoutKind, mode: Mode) -> None:
    fleet = asking(kind, mode)
    assert fleet.box.odoo.manager_dead
    for _ in range(3):
        began = fleet.box.odoo.starts
        result = runs.reconcile(fleet.box)
        assert RepairStatus.DONE not in restarts_in(result)
        assert fleet.box.odoo.starts == began
        assert C.ODOO_MANAGER_DEAD in runs.codes(result)
        fleet.box.sleep(3600)


@pytest.mark.parametrize(("kind", "mode"), [("rw_ini", "noresult"), ("ro_ini", "error")])
def test_it_is_restarted_in_the_run_in_which_the_authority_gives_a_certificate(kind: LayoutKind, mode: Mode) -> None:
    fleet = asking(kind, mode)
    runs.reconcile(fleet.box)
    fleet.authority.mode = "ok"
    result = runs.reconcile(fleet.box)
    assert restarts_in(result) == [RepairStatus.DONE]
    fleet.box.sleep(200)
    assert not fleet.box.odoo.manager_dead
    assert runs.codes(runs.check(fleet.box)) == []


def test_the_authority_is_asked_before_a_restart_after_which_the_vendor_would_ask() -> None:
    """From ten days before the end on the vendor's program asks at its start; we ask from eight."""
    fleet = runs.managed("rw_ini")
    fleet.box.clock.advance(81 * NIGHT)
    fleet.authority.mode = "noresult"
    fleet.box.odoo.tend = fleet.box.vendor.tends
    fleet.box.odoo.restart()
    fleet.box.sleep(200)
    assert fleet.box.odoo.manager_dead
    assert restarts_in(runs.reconcile(fleet.box)) == [RepairStatus.SKIPPED]
    fleet.authority.mode = "ok"
    assert restarts_in(runs.reconcile(fleet.box)) == [RepairStatus.DONE]
    fleet.box.sleep(200)
    assert not fleet.box.odoo.manager_dead


def dying(kind: LayoutKind) -> Fleet:
    """Return a box whose manager dies at each start of something that nobody knows."""
    fleet = runs.managed(kind)
    odoo = fleet.box.odoo
    odoo.tend = lambda: odoo.manager_dies("ZeroDivisionError: division by zero")
    odoo.restart()
    fleet.box.sleep(200)
    return fleet


def nights(fleet: Fleet, number: int) -> list[bool]:
    """Reconcile each night; return in which nights Odoo was restarted."""
    restarted = []
    for _ in range(number):
        began = fleet.box.odoo.starts
        runs.reconcile(fleet.box)
        restarted.append(fleet.box.odoo.starts != began)
        fleet.box.sleep(NIGHT)
    return restarted


@pytest.mark.parametrize("kind", KINDS)
def test_a_restart_that_did_not_help_is_not_repeated_each_night(kind: LayoutKind) -> None:
    restarted = nights(dying(kind), 15)
    assert restarted[:2] == [True, False]
    assert sum(restarted) == 4  # in nights 1, 3, 7 and 14


def test_the_wait_for_another_restart_ends_when_what_a_start_depends_on_has_changed() -> None:
    fleet = dying("rw_ini")
    assert nights(fleet, 2) == [True, False]
    fleet.box.clock.advance(60 * NIGHT)
    runs.reconcile(fleet.box)
    fleet.box.clock.advance(24 * NIGHT)
    result = runs.reconcile(fleet.box)  # with a new certificate
    assert restarts_in(result) == [RepairStatus.DONE]


def test_a_manager_that_was_revived_and_lived_starts_the_count_anew() -> None:
    fleet = dying("rw_ini")
    assert nights(fleet, 2) == [True, False]
    fleet.box.odoo.tend = None
    fleet.box.odoo.restart()
    fleet.box.sleep(NIGHT)
    assert nights(fleet, 1) == [False]
    odoo = fleet.box.odoo
    odoo.manager_dies("OSError: late")
    assert nights(fleet, 1) == [True]


def test_a_restart_held_back_is_said_with_what_a_person_can_do() -> None:
    fleet = dying("rw_ini")
    nights(fleet, 1)
    result = runs.reconcile(fleet.box)
    (dead,) = (each for each in result.after if each.code == C.ODOO_MANAGER_DEAD)
    assert dead.variant == "restarted_in_vain"
    assert not dead.repairable


def test_odoo_is_not_restarted_while_the_database_that_it_looks_up_at_its_start_is_down() -> None:
    fleet = runs.managed("rw_ini")
    fleet.box.world.down.add("db.example")
    fleet.box.odoo.restart()
    fleet.box.sleep(200)
    assert fleet.box.odoo.manager_dead
    assert nights(fleet, 2) == [False, False]
    fleet.box.world.down.clear()
    assert nights(fleet, 1) == [True]
    assert not fleet.box.odoo.manager_dead


def test_odoo_is_not_restarted_where_the_pair_that_ended_its_manager_could_not_be_replaced() -> None:
    fleet = runs.managed("ro_ini")
    fleet.box.storage.make_writable()
    pair = mismatched(issue_wildcard_pair(runs.CA, "d73e7513", now=runs.NOW))
    for tree in runs.TREES:
        fleet.box.host.write(tree + KEY, pair.private_key_pem.encode())
    fleet.box.odoo.restart()
    fleet.box.sleep(200)
    fleet.authority.mode = 503
    assert restarts_in(runs.reconcile(fleet.box)) == [RepairStatus.SKIPPED]
    fleet.authority.mode = "ok"
    assert restarts_in(runs.reconcile(fleet.box)) == [RepairStatus.DONE]
