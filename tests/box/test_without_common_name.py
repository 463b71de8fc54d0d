"""A certificate without common name is as good as any to tills; the vendor's branches up to saas-18.2 fail on it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from iotbox_simulator.boxes.arrange import install_pair
from iotbox_simulator.machine.image import CERTIFICATE
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.pki import Pair, issue_wildcard_pair
from reconciler.box.pair.parse import parse_chain
from reconciler.codes import CodeName as C
from reconciler.model.observed import ChainState

from ..support import runs
from ..support.runs import Fleet
from .table_faults import temporary

READ_IT: tuple[LayoutKind, ...] = ("rw_ini", "rw_newest")
FAIL_ON_IT: tuple[LayoutKind, ...] = ("ro_flat", "ro_ini", "ro_ini_18")


def without_cn(fleet: Fleet, days: float = 90) -> Pair:
    """Return what an authority issues that leaves the common name out."""
    now = fleet.box.now()
    ends = now + timedelta(days=days)
    return issue_wildcard_pair(runs.CA, runs.SUBJECT.split(".")[1], now=now, not_after=ends, common_name=False)


def due(kind: LayoutKind, days_left: float = 6) -> Fleet:
    """Return a box whose certificate has so many days left, and an authority that has left common names out."""
    fleet = runs.managed(kind)
    fleet.authority.common_name = False
    fleet.box.clock.advance((90 - days_left) * 86400)
    return fleet


def has_common_name(fleet: Fleet) -> bool:
    """Tell what the certificate in place has."""
    return bool(parse_chain(fleet.box.host.read(CERTIFICATE))[0].subject.rdns)


@pytest.mark.parametrize("kind", READ_IT)
def test_it_is_fetched_stored_and_served(kind: LayoutKind) -> None:
    fleet = due(kind)
    result = runs.reconcile(fleet.box)
    assert runs.codes(result) == []
    assert not has_common_name(fleet)
    assert result.observed is not None
    assert result.observed.store.subject == runs.SUBJECT
    live = result.observed.certificates.live
    assert (live.certificate and live.certificate.name, live.chain) == (runs.SUBJECT, ChainState.OK)
    fleet.box.reboot()
    assert runs.codes(runs.check(fleet.box)) == []


@pytest.mark.parametrize("kind", READ_IT)
def test_a_box_that_has_one_is_in_sync(kind: LayoutKind) -> None:
    fleet = runs.managed(kind)
    install_pair(fleet.box, without_cn(fleet))
    fleet.box.nginx.restart()
    assert runs.codes(runs.check(fleet.box)) == []


@pytest.mark.parametrize("kind", READ_IT)
def test_an_answer_that_names_no_subject_is_taken_by_its_certificate(kind: LayoutKind) -> None:
    fleet = due(kind)
    pair = without_cn(fleet)
    fleet.authority.current[runs.SUBJECT.split(".")[1]] = Pair(
        pair.certificate_pem, pair.private_key_pem, "", pair.not_before, pair.not_after
    )
    assert runs.codes(runs.reconcile(fleet.box)) == []
    assert not has_common_name(fleet)


@pytest.mark.parametrize("kind", FAIL_ON_IT)
def test_where_the_vendors_program_fails_on_it_the_old_one_is_kept_and_the_authority_left_alone(
    kind: LayoutKind,
) -> None:
    fleet = due(kind)
    asked = fleet.authority.count
    first = runs.reconcile(fleet.box)
    told = [each for each in first.after if each.code == C.CERTIFICATE_WITHOUT_CN]
    assert len(told) == 1
    assert "kept, valid until" in told[0].evidence
    assert has_common_name(fleet)
    runs.reconcile(fleet.box)
    assert fleet.authority.count == asked + 1


@pytest.mark.parametrize("days_left", [1.5, -1])
def test_in_the_last_days_of_the_old_one_tills_come_first(days_left: float) -> None:
    fleet = due("ro_ini", days_left)
    result = runs.reconcile(fleet.box)
    assert runs.codes(result) == [C.CERTIFICATE_WITHOUT_CN]
    assert not has_common_name(fleet)
    assert not fleet.box.odoo.manager_dead  # it was not restarted
    assert not runs.reconcile(fleet.box).changed


@pytest.mark.parametrize("kind", FAIL_ON_IT)
def test_where_no_certificate_serves_tills_any_is_better(kind: LayoutKind) -> None:
    fleet = runs.managed(kind)
    fleet.authority.common_name = False
    fleet.authority.current.clear()
    temporary()(fleet)
    assert C.CERTIFICATE_WITHOUT_CN in runs.codes(runs.reconcile(fleet.box))
    assert not has_common_name(fleet)


@pytest.mark.parametrize("kind", FAIL_ON_IT)
def test_a_manager_that_would_die_of_it_again_is_not_restarted(kind: LayoutKind) -> None:
    fleet = runs.managed(kind)
    fleet.box.odoo.tend = fleet.box.vendor.tends
    install_pair(fleet.box, without_cn(fleet))
    fleet.box.reboot()
    assert fleet.box.odoo.manager_dead
    first = runs.reconcile(fleet.box)
    assert {C.CERTIFICATE_WITHOUT_CN, C.ODOO_MANAGER_DEAD} == {*runs.codes(first)}
    assert not first.changed
