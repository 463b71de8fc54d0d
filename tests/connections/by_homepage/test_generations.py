"""Every generation by its homepage: a healthy box is left alone, a fresh one is brought in sync as far as can be seen.

Answers of 15.0, late 17.0 and 19.0 have the shapes that were recorded; those of 16.0, 18.0, the newest and Windows are
built from the description of their code.
"""

from __future__ import annotations

import pytest

from iotbox_simulator.pki import TestAuthority
from reconciler.model.desired import Mode
from reconciler.outcome.states import state_of
from reconciler.results.fleet import BoxState
from reconciler.results.result import RepairStatus

from ...support.page_boxes import PageBox, linux, windows

LINUX = (
    "ro_oldest",
    "ro_flat",
    "ro_flat 17.0-early",
    "ro_ini",
    "ro_ini_18",
    "ro_ini_18 saas-18.3",
    "rw_ini",
    "rw_newest",
)
WINDOWS = ("16.0", "17.0", "18.0", "19.0")
KINDS = (*LINUX, *(f"windows {branch}" for branch in WINDOWS))


@pytest.fixture(params=KINDS)
def fresh(request: pytest.FixtureRequest, ca: TestAuthority) -> PageBox:
    """A box as it is flashed or installed: unlinked, with the temporary certificate."""
    system, _, branch = request.param.partition(" ")
    return windows(branch, ca) if system == "windows" else linux(system, ca, branch=branch or None)


def test_a_fresh_box_is_brought_in_sync_and_the_second_reconcile_changes_nothing(fresh: PageBox) -> None:
    desired = fresh.desired(serial=fresh.serial)
    first = fresh.visit(Mode.RECONCILE, desired)
    assert [each.code for each in first.after] == []
    assert {each.status for each in first.outcomes} == {RepairStatus.DONE}
    assert first.changed
    starts, asked = fresh.box.odoo.starts, fresh.authority.count
    second = fresh.visit(Mode.RECONCILE, desired)
    assert (second.after, second.plan, second.changed) == ((), (), False)
    assert (fresh.box.odoo.starts, fresh.authority.count) == (starts, asked)
    assert state_of(second, second.after) is BoxState.IN_SYNC_AS_SEEN


def test_a_check_of_a_healthy_box_asks_nobody_and_restarts_nothing(fresh: PageBox) -> None:
    fresh.heal()
    starts, asked = fresh.box.odoo.starts, fresh.authority.count
    result = fresh.visit(Mode.CHECK, fresh.desired(serial=fresh.serial))
    assert (result.after, result.plan) == ((), ())
    assert (fresh.box.odoo.starts, fresh.authority.count) == (starts, asked)
    assert state_of(result, result.after) is BoxState.IN_SYNC_AS_SEEN


def test_a_check_of_a_fresh_box_has_no_effect_on_it(fresh: PageBox) -> None:
    starts, asked = fresh.box.odoo.starts, fresh.authority.count
    result = fresh.visit(Mode.CHECK, fresh.desired(serial=fresh.serial))
    assert (fresh.box.odoo.starts, fresh.authority.count) == (starts, asked)
    assert "IOT_HTTPS_TEMPORARY_CERTIFICATE" in {each.code for each in result.after}
    assert result.plan
    assert state_of(result, result.after) is BoxState.DIFFERS
