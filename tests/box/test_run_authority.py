"""Whatever the authority answers has its code, and a box is changed only by a pair that is worth it."""

from __future__ import annotations

import pytest

from iotbox_simulator.machine.authority import Mode
from reconciler.codes import CodeName, Variant
from reconciler.model.repair import RepairKind
from reconciler.results.finding import finding
from reconciler.results.result import RepairStatus

from ..support import runs

C = CodeName
ANSWERS: dict[Mode | int, tuple[CodeName, str]] = {
    404: (C.LOAD_REQUEST_STATUS, "404"),
    503: (C.LOAD_REQUEST_STATUS, "503"),
    "redirect": (C.LOAD_REQUEST_STATUS, "302"),
    "refuse": (C.LOAD_REQUEST_NO_RESULT, "refused: No IoT Box subscription"),
    "error": (C.LOAD_REQUEST_NO_RESULT, "server error: {'code': 200, 'message': 'Odoo Server Error'}"),
    "noresult": (C.LOAD_REQUEST_NO_RESULT, "the answer holds no result"),
    "null": (C.LOAD_REQUEST_NO_RESULT, "the answer holds no result"),
    "empty": (C.LOAD_REQUEST_NO_RESULT, "the certificate in the answer is empty"),
    "garbage": (C.ANSWER_NOT_FROM_ODOO, "the answer is not JSON"),
    "captive": (C.ANSWER_NOT_FROM_ODOO, "Guest Wi-Fi"),
    "huge": (C.ANSWER_NOT_FROM_ODOO, "longer than"),
    "stranger": (C.ANSWER_NOT_FROM_ODOO, "not one of www.odoo.com"),
    "unresolvable": (C.LOAD_REQUEST_EXCEPTION, "Name or service not known"),
    "refused": (C.LOAD_REQUEST_EXCEPTION, "Connection refused"),
    "timeout": (C.LOAD_REQUEST_EXCEPTION, "timed out"),
    "slow": (C.LOAD_REQUEST_EXCEPTION, "timed out"),
    "drip": (C.LOAD_REQUEST_EXCEPTION, "timed out"),
    "cut": (C.LOAD_REQUEST_EXCEPTION, "breaks off"),
    "wrong_name": (C.LOAD_REQUEST_NO_RESULT, "the certificate is valid for *.0badc0de.odoo-iot.com, 0badc0de"),
    "key_mismatch": (C.LOAD_REQUEST_NO_RESULT, "private key does not belong to the certificate"),
    "expired": (C.LOAD_REQUEST_NO_RESULT, "unusable: valid from"),
    "leaf_only": (C.CHAIN_INCOMPLETE, "not installed"),
}


@pytest.mark.parametrize("mode", ANSWERS, ids=str)
def test_a_failed_fetch_is_named_and_leaves_the_certificate_as_it_is(mode: Mode | int) -> None:
    fleet = runs.due("ro_ini")
    before = runs.leaf_of(fleet.box, "")
    fleet.authority.mode = mode

    result = runs.reconcile(fleet.box)

    code, evidence = ANSWERS[mode]
    found = {each.code: each.evidence for each in result.after}
    assert evidence in found[code]
    assert "\n" not in found[code]
    assert not result.changed
    assert runs.leaf_of(fleet.box, "") == before
    assert not fleet.box.host.list("/etc/ssl/iot-https")[3:]


KINDS: dict[Mode, Variant | None] = {
    "refuse": Variant.NO_IOT_SUBSCRIPTION,
    "error": Variant.SERVER_ERROR,
    "noresult": None,
    "empty": Variant.UNUSABLE,
    "key_mismatch": Variant.UNUSABLE,
    "expired": Variant.UNUSABLE,
}


@pytest.mark.parametrize("mode", KINDS)
def test_what_was_answered_chooses_what_is_to_be_done(mode: Mode) -> None:
    fleet = runs.due("rw_ini")
    fleet.authority.mode = mode
    (found,) = [each for each in runs.reconcile(fleet.box).after if each.code == C.LOAD_REQUEST_NO_RESULT]
    assert found == finding(C.LOAD_REQUEST_NO_RESULT, *found.seen, variant=KINDS[mode])


@pytest.mark.parametrize("mode", ANSWERS, ids=str)
def test_the_rest_of_a_first_reconcile_goes_on_without_a_certificate(mode: Mode | int) -> None:
    fleet = runs.fresh("rw_ini")
    fleet.authority.mode = mode
    result = runs.reconcile(fleet.box)
    statuses = {each.repair.kind: each.status for each in result.outcomes}
    assert statuses[RepairKind.WRITE_STORE] is RepairStatus.DONE
    assert statuses[RepairKind.SET_RESOLVERS] is RepairStatus.DONE
    assert statuses[RepairKind.INSTALL_CERTIFICATE] is RepairStatus.SKIPPED
    fleet.authority.mode = "ok"
    assert runs.codes(runs.reconcile(fleet.box)) == []


def test_an_unchanged_certificate_is_not_asked_for_again_for_twelve_hours() -> None:
    fleet = runs.due("ro_ini")
    fleet.authority.mode = "same"
    first = runs.reconcile(fleet.box)
    assert C.NOTHING_NEWER in runs.codes(first)
    assert not first.changed
    asked = fleet.authority.count
    fleet.box.clock.advance(11 * 3600)
    assert C.NOTHING_NEWER in runs.codes(runs.reconcile(fleet.box))
    assert fleet.authority.count == asked
    fleet.box.clock.advance(2 * 3600)
    runs.reconcile(fleet.box)
    assert fleet.authority.count == asked + 1


def test_a_check_asks_the_authority_for_nothing() -> None:
    fleet = runs.due("ro_flat")
    asked = fleet.authority.count
    for _ in range(20):
        runs.check(fleet.box)
    assert fleet.authority.count == asked
