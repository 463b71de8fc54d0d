"""Four certificate files that are root's alone: the vendor's program cannot read what nginx serves."""

from __future__ import annotations

import pytest

from iotbox_simulator.machine.image import CERTIFICATE, KEY
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.codes import CodeName
from reconciler.model.repair import RepairKind
from reconciler.model.severity import Severity

from ..support import runs
from ..support.runs import Fleet

C = CodeName
KINDS: tuple[LayoutKind, ...] = (*runs.KINDS, "ro_ini_18")


def of_root(fleet: Fleet) -> None:
    fleet.box.storage.make_writable()
    for tree in runs.TREES:
        for path in (CERTIFICATE, KEY):
            fleet.box.host.set_owner(tree + path, 0, 0)
            fleet.box.host.set_mode(tree + path, 0o600)


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_that_odoos_user_cannot_read_is_the_vendors_error(kind: LayoutKind) -> None:
    fleet = runs.managed(kind)
    of_root(fleet)
    result = runs.diagnose(fleet.box)
    read = next(each for each in result.after if each.code == C.CHECK_CERT_READ_EXCEPTION)
    assert read.severity is Severity.ERROR
    assert read.repairable
    fixed = runs.reconcile(fleet.box)
    assert runs.codes(fixed) == []
    assert [each.repair.kind for each in fixed.outcomes] == [RepairKind.SET_PERMISSIONS]


def test_a_manager_that_died_of_an_unreadable_certificate_is_revived_after_it_can_be_read() -> None:
    fleet = runs.managed("rw_ini")
    of_root(fleet)
    fleet.box.odoo.tend = fleet.box.vendor.tends
    fleet.box.odoo.restart()
    fleet.box.sleep(200)
    assert fleet.box.odoo.manager_dead
    assert runs.codes(runs.reconcile(fleet.box)) == []
    fleet.box.sleep(200)
    assert not fleet.box.odoo.manager_dead
