"""The question before a change: how many boxes of which store, what is done, which tills are cut off."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.observed import StoreFormat
from reconciler.model.repair import RepairKind, RestartCondition
from reconciler.report.fleet_text import render_plan
from reconciler.results.fleet import BoxReport, BoxState
from reconciler.results.result import Repair

from .fleet import box, every_state, expired, looked, observed

FLAT: dict[str, Any] = {"layout.store_format": StoreFormat.FLAT, "store.subject": "*.old.odoo-iot.com"}
RESTART = Repair(kind=RepairKind.RESTART_ODOO, because=("IOT_HTTPS_ODOO_DOWN",))
PERHAPS = Repair(
    kind=RepairKind.RESTART_ODOO, because=("IOT_HTTPS_EXPIRED",), condition=RestartCondition.SUBJECT_CHANGES
)
NTP = Repair(kind=RepairKind.ENABLE_NTP, because=("IOT_HTTPS_WRONG_CLOCK",))


def planned(name: str, *repairs: Repair, store: str = "Hanoi") -> BoxReport:
    return box(name, BoxState.DIFFERS, looked(name, observed(), expired(), plan=repairs), store=store)


def test_store_work_and_names_are_told() -> None:
    text = render_plan([planned("till-1", NTP), planned("till-2", NTP), planned("till-3", NTP, RESTART)])
    assert text.splitlines() == [
        "Pho 24 / Hanoi: 3 boxes to change; Odoo restarts on 1 of them (tills offline for a few seconds)",
        "  2 boxes: switch on time synchronisation",
        "    till-1, till-2",
        "  1 box: switch on time synchronisation, restart Odoo",
        "    till-3",
        "3 boxes in 1 store in total; Odoo restarts on 1 of them (tills offline for a few seconds).",
    ]


@pytest.mark.parametrize(
    ("restarts", "words"),
    [
        ((), "no restart of Odoo"),
        ((RESTART,), "Odoo restarts on 1 of them ("),
        ((PERHAPS,), "Odoo restarts on 0 to 1 of them ("),
        ((RESTART, PERHAPS), "Odoo restarts on 1 to 2 of them ("),
    ],
)
def test_restarts_are_counted(restarts: tuple[Repair, ...], words: str) -> None:
    boxes = [planned(f"till-{number}", NTP, restart) for number, restart in enumerate(restarts)]
    assert words in render_plan(boxes or [planned("till", NTP)])


def test_restart_that_may_not_be_needed_says_when() -> None:
    assert "restart Odoo if the name of the certificate changes" in render_plan([planned("till", PERHAPS)])


def test_stores_stand_apart() -> None:
    text = render_plan([planned("b-1", NTP, store="Hue"), planned("a-1", NTP)])
    assert text.index("Pho 24 / Hanoi: 1 box") < text.index("Pho 24 / Hue: 1 box")
    assert "2 boxes in 2 stores in total" in text


def test_boxes_without_a_plan_are_left_out() -> None:
    text = render_plan([box("idle", BoxState.IN_SYNC, looked("idle", observed())), planned("till", NTP)])
    assert "idle" not in text


def test_plan_of_a_real_look_names_the_restart() -> None:
    due = looked("till", observed(days=-2, **FLAT), expired())
    assert "Odoo restarts on" in render_plan([box("till", BoxState.DIFFERS, due)])


def test_width_is_kept() -> None:
    assert max(map(len, render_plan(every_state().boxes, width=60).splitlines())) <= 60
