"""A run as a whole: locks, deadlines, undo, refusals, many at once; it always ends with a result."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest

from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.recorder import CallKind
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.box.paths import CURRENT, GENERATIONS, LOCK
from reconciler.box.run import run
from reconciler.codes import CodeName
from reconciler.model.desired import Mode, Request
from reconciler.model.marks import Mark, Marks
from reconciler.model.repair import RepairKind
from reconciler.model.severity import FindingClass
from reconciler.results.result import RepairStatus

from ..simulator.diagnosing import dies_when_put_in_place
from ..support import runs
from ..support.calls import changes, once_done
from ..support.forms import Form, short_and_long

C = CodeName


def test_another_run_is_left_alone() -> None:
    fleet = runs.due("ro_ini")
    fleet.box.hold_lock(LOCK, "4711")
    result = runs.reconcile(fleet.box)
    assert runs.codes(result) == [C.BUSY]
    assert "4711" in result.after[0].evidence
    assert result.failed
    assert not result.changed


def test_what_does_not_fit_into_the_deadline_is_not_begun() -> None:
    fleet = runs.due("ro_ini")
    before = runs.leaf_of(fleet.box, "")
    result = runs.reconcile(fleet.box, deadline=20)
    assert C.DEADLINE in runs.codes(result)
    assert result.failed
    assert runs.leaf_of(fleet.box, "") == before
    assert fleet.authority.count == 1


def test_a_pair_that_nginx_does_not_take_is_taken_back() -> None:
    fleet = runs.due("ro_ini")
    before = runs.leaf_of(fleet.box, "")
    site, broken = "/etc/nginx/sites-enabled/default", b"server { this is not nginx\n"
    is_swap = partial(changes, kind=CallKind.RENAME, path=f"{GENERATIONS}/{CURRENT}")
    once_done(fleet.box, is_swap, lambda: fleet.box.host.write(site, broken))
    result = runs.reconcile(fleet.box)
    assert C.REPAIR_UNDONE in runs.codes(result)
    assert [each.status for each in result.outcomes if each.repair.kind is RepairKind.INSTALL_CERTIFICATE] == [
        RepairStatus.UNDONE
    ]
    assert runs.leaf_of(fleet.box, "") == before
    assert runs.leaf_of(fleet.box, BYPASS) == before
    assert result.failed


def test_resolvers_that_do_not_answer_are_not_written_over_ones_that_do() -> None:
    fleet = runs.managed("ro_ini")
    desired = replace(runs.DESIRED, resolvers=("192.0.2.99",))
    result = runs.reconcile(fleet.box, desired)
    assert C.RESOLVERS_DO_NOT_WORK in runs.codes(result)
    assert b"1.1.1.1" in fleet.box.host.read("/etc/resolv.conf")
    assert not result.changed


@pytest.mark.parametrize("kind", runs.KINDS)
def test_resolvers_that_resolve_less_than_before_are_taken_back(kind: LayoutKind) -> None:
    fleet = runs.managed(kind)
    fleet.box.world.dns["9.9.9.9"] = replace(fleet.box.world.dns["1.1.1.1"])
    before = fleet.box.host.read("/etc/resolv.conf")

    dies_when_put_in_place(fleet, "9.9.9.9")
    result = runs.reconcile(fleet.box, replace(runs.DESIRED, resolvers=("9.9.9.9",)))
    assert C.REPAIR_UNDONE in runs.codes(result)
    assert fleet.box.host.read("/etc/resolv.conf") == before
    fleet.box.reboot()
    assert fleet.box.host.read("/etc/resolv.conf") == before


def test_a_box_with_another_serial_number_is_not_touched() -> None:
    fleet = runs.fresh("rw_ini")
    result = runs.reconcile(fleet.box, replace(runs.DESIRED, serial="not this one"))
    assert C.WRONG_BOX in runs.codes(result)
    assert (result.plan, result.outcomes, result.changed) == ((), (), False)


def test_a_box_is_linked_anew_only_when_told() -> None:
    fleet = runs.managed("rw_ini")
    elsewhere = replace(runs.DESIRED, server_url="https://db-b.example")
    fleet.box.world.dns["1.1.1.1"].names["db-b.example"] = ("203.0.113.21",)
    assert C.LINKED_ELSEWHERE in runs.codes(runs.reconcile(fleet.box, elsewhere))
    assert b"https://db.example" in fleet.box.host.read("/home/pi/odoo.conf")
    runs.reconcile(fleet.box, replace(elsewhere, relink=True))
    assert b"https://db-b.example" in fleet.box.host.read("/home/pi/odoo.conf")


@pytest.mark.parametrize("mode", [Mode.RECONCILE, Mode.DIAGNOSE])
def test_a_box_that_may_be_somebody_elses_is_only_looked_at_before_it_is_judged(mode: Mode) -> None:
    fleet = runs.managed("rw_ini")
    desired = replace(runs.DESIRED, serial=None, resolvers=("8.8.8.8",), compared=(Mark.SERIAL,))
    before, asked = fleet.box.clone(), fleet.authority.count
    result = run(fleet.box, Request(desired=desired, mode=mode))
    assert result.awaits_judgement
    assert (result.outcomes, result.changed, result.inquiry) == ((), False, None)
    assert fleet.box.host.read("/etc/resolv.conf") == before.host.read("/etc/resolv.conf")
    assert fleet.authority.count == asked
    for judged, awaits in ((Marks(serial="0" * 16), True), (result.marks, False)):
        fleet.box.kill()
        again = run(fleet.box, Request(desired=desired, mode=mode, judged=judged))
        assert again.awaits_judgement is awaits
    assert again.changed is (mode is Mode.RECONCILE)


def test_an_edited_inventory_is_pending_and_a_changed_box_is_drift() -> None:
    fleet = runs.managed("rw_ini")
    edited = replace(runs.DESIRED, resolvers=("8.8.8.8",))
    assert [each.finding_class for each in runs.check(fleet.box, edited).after] == [FindingClass.PENDING]
    fleet.box.host.write("/etc/resolv.conf", b"nameserver 8.8.8.8\n")
    assert [each.finding_class for each in runs.check(fleet.box).after] == [FindingClass.DRIFTED]


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_wrong_clock_is_not_taken_for_an_expired_certificate(hours: int) -> None:
    fleet = runs.managed("rw_ini")
    true = fleet.box.now()
    fleet.box.clock.skew += hours * 3600
    request = Request(desired=runs.DESIRED, mode=Mode.CHECK, sent_at=true)
    assert runs.codes(run(fleet.box, request)) == [C.WRONG_CLOCK]


def test_a_clock_that_is_months_off_is_not_taken_for_an_expired_certificate() -> None:
    fleet = runs.managed("rw_ini")
    true = fleet.box.now()
    fleet.box.clock.skew += 200 * 86400
    request = Request(desired=runs.DESIRED, mode=Mode.CHECK, sent_at=true)
    assert runs.codes(run(fleet.box, request)) == [C.WRONG_CLOCK]


def test_no_space_is_said_and_nothing_is_begun() -> None:
    fleet = runs.due("ro_ini")
    before = runs.leaf_of(fleet.box, "")
    fleet.box.storage.disk.free = 4096
    result = runs.reconcile(fleet.box)
    assert C.DISK_FULL in runs.codes(result)
    assert runs.leaf_of(fleet.box, "") == before
    assert fleet.authority.count == 1


def test_space_that_runs_out_in_the_middle_leaves_the_old_pair() -> None:
    fleet = runs.due("ro_ini")
    before = runs.leaf_of(fleet.box, "")
    is_begun = partial(changes, kind=CallKind.CREATE, path=GENERATIONS)
    once_done(fleet.box, is_begun, lambda: setattr(fleet.box.storage.disk, "free", 0))
    result = runs.reconcile(fleet.box)
    assert C.REPAIR_FAILED in runs.codes(result)
    assert runs.leaf_of(fleet.box, BYPASS) == before
    assert runs.is_loadable(fleet.box, "")


@short_and_long
def test_runs_in_one_process_do_not_disturb_one_another(form: Form) -> None:
    runs_at_all = 1000 if form == "long" else 200
    start = {kind: runs.due(kind) for kind in runs.KINDS}

    def one(number: int) -> list[str]:
        box = start[runs.KINDS[number % len(runs.KINDS)]].box.clone()
        return runs.codes(runs.check(box) if number % 10 else runs.reconcile(box))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(one, range(runs_at_all)))
    assert found == [[C.RENEWAL_DUE] if number % 10 else [] for number in range(runs_at_all)]
