"""Each fault is named by its code, mended if software can, and mended once; no secret is told of meanwhile."""

from __future__ import annotations

import json

import pytest

from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.model import wire
from reconciler.model.desired import Mode

from ..support import runs
from .table_faults import CASES, FAULTS, Fault

COMPANIONS = {"IOT_HTTPS_NOT_SERVED", "IOT_HTTPS_NGINX_DOWN", "IOT_HTTPS_ODOO_MANAGER_DEAD", "IOT_HTTPS_NOT_PERSISTED"}
"""What a bad pair brings with it: in the mirror too, and once nginx is restarted."""


def name(parameter: Fault | str) -> str:
    """Return what pytest calls a case."""
    return parameter if isinstance(parameter, str) else parameter.title


@pytest.mark.parametrize(("fault", "kind"), CASES, ids=name)
def test_fault_is_named_mended_and_stays_mended(fault: Fault, kind: LayoutKind) -> None:
    fleet = runs.managed(kind)
    fault.spoil(fleet)

    checked = runs.check(fleet.box)
    found = runs.codes(checked)
    assert set(fault.found) <= set(found) <= {*fault.found, *(COMPANIONS if fault.found else ())}

    result = runs.reconcile(fleet.box)
    assert result.mode is Mode.RECONCILE
    assert set(runs.codes(result)) == set(fault.left), result.outcomes
    assert result.changed is fault.changes
    shown = json.dumps([wire.encode(checked), wire.encode(result)])
    assert not [canary for canary in runs.CANARIES if canary in shown]

    assert not runs.reconcile(fleet.box).changed
    if not fault.left and fault.changes:
        fleet.box.reboot()
        assert runs.codes(runs.check(fleet.box)) == []
        assert runs.leaf_of(fleet.box, "") == runs.leaf_of(fleet.box, BYPASS)


def test_no_two_faults_have_one_title() -> None:
    assert len({fault.title for fault in FAULTS}) == len(FAULTS)
