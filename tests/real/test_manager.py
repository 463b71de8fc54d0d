"""The manager of the vendor's program: seen when it has died, and not taken for dead when it lives again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import boxes
from reconciler.codes import CodeName

from . import look
from .lab import Lab, Unit, codes

KEY = f"/{look.KEY}"


@pytest.fixture(params=["ro_flat", "ro_ini", "rw_ini", "rw_newest"])
def unit(lab: Lab, request: pytest.FixtureRequest) -> Iterator[Unit]:
    unit = lab.converged(request.param, "work")
    yield unit
    unit.reconcile()


def test_a_manager_that_died_of_its_pair_is_seen_until_it_lives_again(unit: Unit) -> None:
    unit.box.shell(f"cp -p $(readlink -f {KEY}) /tmp/key && echo broken > {KEY}")
    unit.box.signal_odoo("HUP")
    boxes.wait_for(
        lambda: CodeName.ODOO_MANAGER_DEAD in [each.code for each in unit.check().before], "it is not seen dead", 30
    )
    unit.box.shell(f"cat /tmp/key > {KEY} && systemctl reset-failed nginx && service nginx restart")
    unit.box.signal_odoo("HUP")
    unit.box.wait_until_up()
    boxes.wait_for(lambda: codes(unit.check().before) == [], "it is taken for dead", 30)
    assert unit.check().plan == ()
