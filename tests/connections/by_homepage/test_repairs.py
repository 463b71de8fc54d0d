"""What is made of a box by its own software: restarts that come late or never, runs that are killed, odd values."""

from __future__ import annotations

import pytest

from iotbox_simulator.machine.web import WebReply, WebRequest
from iotbox_simulator.pki import TestAuthority
from reconciler.codes import CodeName
from reconciler.model.desired import Mode
from reconciler.model.repair import RepairKind
from reconciler.model.secret import Secret
from reconciler.results.result import RepairStatus, Result

from ...support.page_boxes import CODE, TOKEN, UUID, PageBox, linux, windows

C = CodeName
KINDS = ("ro_oldest", "ro_flat", "ro_ini", "ro_ini_18", "rw_ini", "rw_newest")
AFTER_A_KILL = 120.0
"""Seconds until what a killed run has set off is over."""


class _Killed(BaseException):
    """The process has ended."""


def _codes(result: Result) -> list[CodeName]:
    return [each.code for each in result.after]


def _ends(result: Result) -> dict[RepairKind, RepairStatus]:
    return {each.repair.kind: each.status for each in result.outcomes}


@pytest.mark.parametrize("kind", KINDS)
def test_a_restart_that_begins_late_is_waited_for(kind: str, ca: TestAuthority) -> None:
    box = linux(kind, ca)
    box.box.odoo.long_poll = True  # as with a till: 45 s
    result = box.visit(Mode.RECONCILE)
    assert (_codes(result), set(_ends(result).values())) == ([], {RepairStatus.DONE})


@pytest.mark.parametrize("kind", ["ro_flat", "ro_ini", "rw_ini"])
def test_a_box_that_does_not_come_back_is_told(kind: str, ca: TestAuthority, monkeypatch: pytest.MonkeyPatch) -> None:
    box = linux(kind, ca)
    odoo = box.box.odoo
    monkeypatch.setattr(type(odoo), "restart_in_place", lambda self: setattr(self, "listening", False))
    result = box.visit(Mode.RECONCILE)
    assert _codes(result) == [C.ODOO_DOWN_AFTER_REPAIR]
    assert _ends(result)[RepairKind.RESTART_ODOO] is RepairStatus.FAILED
    assert result.failed


@pytest.mark.parametrize("kind", ["ro_flat", "ro_ini", "rw_ini"])
def test_a_restart_that_does_not_come_is_told(kind: str, ca: TestAuthority, monkeypatch: pytest.MonkeyPatch) -> None:
    box = linux(kind, ca)
    monkeypatch.setattr(type(box.box.odoo), "restart_in_place", lambda _: None)
    result = box.visit(Mode.RECONCILE)
    assert C.REPAIR_FAILED in _codes(result)
    assert _ends(result)[RepairKind.WRITE_STORE] is RepairStatus.DONE
    assert _ends(result)[RepairKind.RESTART_ODOO] is RepairStatus.FAILED


@pytest.mark.parametrize("kind", ["ro_flat", "ro_ini", "rw_ini"])
def test_nothing_is_begun_that_cannot_be_seen_through(kind: str, ca: TestAuthority) -> None:
    box = linux(kind, ca)
    result = box.visit(Mode.RECONCILE, deadline_seconds=60.0)
    assert C.DEADLINE in _codes(result)
    assert _ends(result)[RepairKind.WRITE_STORE] is RepairStatus.SKIPPED
    assert not any("connect" in path for path in box.asked)


def _killing(box: PageBox, after: int) -> None:
    left = [after]

    def between(_: WebRequest) -> WebReply | None:
        left[0] -= 1
        if left[0] < 0:
            raise _Killed
        return None

    box.between = between


def _killed_at(kind: str, ca: TestAuthority, after: int) -> bool:
    """Kill a reconcile before one of its requests, and have another one complete it; tell whether there was one."""
    box = linux(kind, ca)
    _killing(box, after)
    try:
        box.visit(Mode.RECONCILE)
    except _Killed:
        killed = True
    else:
        killed = False
    box.between = lambda _: None
    box.box.clock.advance(AFTER_A_KILL)
    assert _codes(box.visit(Mode.RECONCILE)) == []
    starts = box.box.odoo.starts
    assert (box.visit(Mode.RECONCILE).changed, box.box.odoo.starts) == (False, starts)
    return killed


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("after", [4, 7, 8, 9, 12])
def test_a_run_that_is_killed_is_completed_by_the_next(kind: str, after: int, ca: TestAuthority) -> None:
    assert _killed_at(kind, ca, after)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_is_killed_anywhere_is_completed_by_the_next(kind: str, ca: TestAuthority) -> None:
    after = 0
    while _killed_at(kind, ca, after):
        after += 1
    assert after > 10


@pytest.mark.parametrize("kind", ["ro_ini", "ro_ini_18", "rw_ini", "ro_flat"])
@pytest.mark.parametrize("code", ["100%", "a%(b)s", "a&b=c?d", "é+ü"])
def test_odd_values_arrive_as_they_are_and_stay(kind: str, code: str, ca: TestAuthority) -> None:
    box = linux(kind, ca)
    box.heal()
    wanted = box.desired(enterprise_code=Secret(code))
    result = box.visit(Mode.RECONCILE, wanted)
    assert (_codes(result), result.changed) == ([], True)
    assert box.box.odoo.store.get("enterprise_code") == code
    assert not box.visit(Mode.RECONCILE, wanted).changed


@pytest.mark.parametrize("kind", KINDS)
def test_no_secret_is_in_a_url_and_none_in_clear_once_a_name_is_proved(kind: str, ca: TestAuthority) -> None:
    box = linux(kind, ca)
    targets: list[str] = []
    box.between = lambda request: targets.append(request.target)
    box.heal()
    assert not any(secret in target for target in targets for secret in (CODE, TOKEN, UUID))
    box.encrypted.clear()
    result = box.visit(Mode.RECONCILE, box.desired(enterprise_code=Secret("M999999")))
    assert _codes(result) == []
    (saved,) = [path for path in box.encrypted if "save_credential" in path]
    assert box.encrypted[saved] == 1


@pytest.mark.parametrize("kind", KINDS)
def test_changed_credentials_cost_one_restart_and_no_question(kind: str, ca: TestAuthority) -> None:
    box = linux(kind, ca)
    box.heal()
    starts, asked = box.box.odoo.starts, box.authority.count
    result = box.visit(Mode.RECONCILE, box.desired(enterprise_code=Secret("M999999")))
    assert [each.kind for each in result.plan] == [RepairKind.WRITE_STORE, RepairKind.RESTART_ODOO]
    assert (_codes(result), box.box.odoo.starts, box.authority.count) == ([], starts + 1, asked)


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_that_is_due_is_fetched_by_the_box(kind: str, ca: TestAuthority) -> None:
    box = linux(kind, ca)
    box.heal()
    box.box.odoo.tend = None  # whatever kept it from doing so by itself
    box.box.clock.agenda.clear()
    box.box.clock.advance(85 * 86400)
    box.box.odoo.tend = box.box.vendor.tends
    before, asked = box.box.nginx.served, box.authority.count
    looked = box.visit()
    assert RepairKind.FETCH_CERTIFICATE in {each.kind for each in looked.plan}
    assert box.authority.count == asked
    result = box.visit(Mode.RECONCILE)
    assert _codes(result) == []
    assert _ends(result)[RepairKind.FETCH_CERTIFICATE] is RepairStatus.DONE
    assert box.box.nginx.served != before
    assert box.authority.count == asked + 1


@pytest.mark.parametrize("kind", ["ro_flat", "ro_ini", "rw_ini"])
def test_nginx_that_is_down_comes_back_with_odoo(kind: str, ca: TestAuthority) -> None:
    box = linux(kind, ca)
    box.heal()
    box.box.nginx.stop()
    result = box.visit(Mode.RECONCILE)
    assert "IOT_HTTPS_NOT_SERVED" in {each.code for each in result.before}
    assert _codes(result) == []


def test_windows_restarts_itself_over_a_new_certificate(ca: TestAuthority) -> None:
    box = windows("18.0", ca)
    assert _codes(box.visit(Mode.RECONCILE)) == []


def test_the_diff_masks_what_is_secret(ca: TestAuthority) -> None:
    box = linux("rw_ini", ca)
    lines = [line for each in box.visit().plan for line in each.diff]
    assert any(line.startswith("+ server_url") for line in lines)
    assert not any(secret in line for line in lines for secret in (CODE, TOKEN, UUID))
