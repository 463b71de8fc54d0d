"""The table of deadly answers says of each branch what its simulated program does with each answer."""

from __future__ import annotations

from typing import get_args

import pytest

from iotbox_simulator.boxes import arrange
from iotbox_simulator.machine.authority import Mode
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.authority import Answer, Question, Refused, ask
from reconciler.box.layout import observe_layout
from reconciler.box.services.deadly_answers import is_deadly
from reconciler.model.desired import DEFAULT_AUTHORITY_URL

from ...support import runs

KINDS: tuple[LayoutKind, ...] = ("ro_oldest", *runs.KINDS, "ro_ini_18")
ANSWERS: tuple[Mode, ...] = ("noresult", "null", "error", "refuse", "garbage", "captive", "empty")


def answer_of(mode: Mode) -> Answer | None:
    fleet = runs.managed("rw_ini")
    fleet.authority.mode = mode
    said = ask(fleet.box, Question(url=DEFAULT_AUTHORITY_URL, db_uuid=runs.DESIRED.db_uuid, enterprise_code=None))
    assert isinstance(said, Refused)
    return said.answer


@pytest.mark.parametrize("mode", ANSWERS)
@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_deadly_where_it_ends_the_manager(kind: LayoutKind, mode: Mode) -> None:
    fleet = runs.fresh(kind)
    fleet.box.host.write("/etc/resolv.conf", b"nameserver 1.1.1.1\n")
    arrange.link(fleet.box, {"remote_server": "https://db.example", "db_uuid": runs.DB_UUID, "enterprise_code": "X"})
    fleet.authority.mode = mode
    fleet.box.odoo.tend = fleet.box.vendor.tends
    fleet.box.odoo.restart()
    fleet.box.sleep(300)
    assert is_deadly(answer_of(mode), observe_layout(fleet.box)) is fleet.box.odoo.manager_dead


def test_every_answer_has_a_mode() -> None:
    assert {answer_of(mode) for mode in ANSWERS} == {*Answer} - {Answer.NOT_AN_OBJECT}
    assert {*ANSWERS} <= {*get_args(Mode)}
