"""What the control machine brings along: a pair that it fetched, or the news that the authority refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iotbox_simulator.machine.spec import LayoutKind
from reconciler.codes import CodeName, Variant
from reconciler.model.desired import CertificateSource, Desired, Refusal, Relayed
from reconciler.model.reveal import reveal
from reconciler.model.secret import Secret
from reconciler.model.statement import told
from reconciler.results.restate import restated

from ..support import runs

C = CodeName
RELAY = replace(runs.DESIRED, certificate_source=CertificateSource.RELAY)


def relayed(fleet: runs.Fleet, *, subject: str = runs.SUBJECT) -> Relayed:
    pair = runs.renewed(fleet)
    return Relayed(subject=subject, certificate_pem=pair.certificate_pem, key_pem=Secret(pair.private_key_pem))


@pytest.mark.parametrize("kind", runs.KINDS)
def test_a_relayed_pair_is_put_in_place_without_asking_the_authority(kind: LayoutKind) -> None:
    fleet = runs.due(kind)
    asked = fleet.authority.count
    result = runs.reconcile_with(fleet.box, RELAY, relayed=relayed(fleet))
    assert runs.codes(result) == []
    assert result.changed
    assert fleet.authority.count == asked


def test_a_relayed_pair_of_another_name_is_not_put_in_place() -> None:
    fleet = runs.due("ro_ini")
    before = runs.leaf_of(fleet.box, "")
    result = runs.reconcile_with(fleet.box, RELAY, relayed=relayed(fleet, subject="*.0000beef.odoo-iot.com"))
    assert CodeName.LOAD_REQUEST_NO_RESULT in runs.codes(result)
    assert runs.leaf_of(fleet.box, "") == before


def test_a_box_that_gets_none_says_so_and_does_not_ask_by_itself() -> None:
    fleet = runs.due("ro_ini")
    asked = fleet.authority.count
    result = runs.reconcile_with(fleet.box, RELAY)
    assert CodeName.REPAIR_FAILED in runs.codes(result)
    assert result.failed
    assert fleet.authority.count == asked


@pytest.mark.parametrize("desired", [runs.DESIRED, RELAY], ids=["direct", "relay"])
def test_after_a_refusal_the_rest_is_mended_and_nobody_is_asked(desired: Desired) -> None:
    fleet = runs.fresh("rw_ini")
    refusal = Refusal(code=CodeName.LOAD_REQUEST_NO_RESULT, seen=(told("refused for till-9 of the same database"),))
    result = runs.reconcile_with(fleet.box, desired, refusal=refusal)
    assert {each.code: each.seen for each in result.after}[CodeName.LOAD_REQUEST_NO_RESULT] == refusal.seen
    assert CodeName.CHECK_NO_SERVER not in runs.codes(result)
    assert fleet.authority.count == 0


def test_an_outage_of_the_control_machine_is_not_blamed_on_the_box() -> None:
    fleet = runs.due("rw_ini")
    refusal = Refusal(code=C.LOAD_REQUEST_EXCEPTION, seen=(told("timed out"),), variant=Variant.CONTROL_MACHINE)
    for result in (
        runs.reconcile_with(fleet.box, RELAY, refusal=refusal),
        runs.diagnose(fleet.box, RELAY, refusal=refusal),
    ):
        (found,) = [each for each in result.after if each.code == C.LOAD_REQUEST_EXCEPTION]
        assert found.variant is Variant.CONTROL_MACHINE
        (restated_found,) = [each for each in restated(result).after if each.code == C.LOAD_REQUEST_EXCEPTION]
        assert restated_found == found


def test_a_key_that_is_relayed_is_in_no_result() -> None:
    fleet = runs.due("ro_ini")
    brought = relayed(fleet)
    result = runs.reconcile_with(fleet.box, RELAY, relayed=brought)
    assert reveal(brought.key_pem).splitlines()[1] not in str(result)
    assert "PRIVATE KEY" not in f"{brought}"
