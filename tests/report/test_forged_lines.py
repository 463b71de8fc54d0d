"""No evidence of a box, however long, looks like a line that this program writes itself."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from reconciler.codes import CodeName
from reconciler.model.desired import Mode
from reconciler.model.repair import RepairKind
from reconciler.model.statement import told
from reconciler.report import fleet_text
from reconciler.results.finding import finding
from reconciler.results.fleet import BoxReport, BoxState, FleetReport
from reconciler.results.result import Repair, RepairOutcome, RepairStatus
from tests.support.observed import NOW

from .fleet import looked, observed

FORGED = ("what to do: ring 0900", "till-9: ring 0900", "IOT_HTTPS_EXPIRED ring 0900", "error ring 0900")
BESIDE = 9
"""Columns at which the last line of this program's own begins that says what to do, in a report of many boxes."""
OF_ONE = 10
"""The same for a single box with all its details."""


def box(name: str, evidence: str) -> BoxReport:
    """Return a box that gives this as evidence, and as what came of a repair."""
    found = finding(CodeName.SERVER_DIFFERS, told(evidence))
    outcome = RepairOutcome(
        repair=Repair(kind=RepairKind.RESTART_ODOO, because=()), status=RepairStatus.FAILED, seen=(told(evidence),)
    )
    result = replace(looked(name, observed(), found, mode=Mode.RECONCILE), outcomes=(outcome,))
    return BoxReport(name=name, state=BoxState.FAILED, findings=(found,), result=result)


def lines(boxes: int, evidence: str, width: int) -> list[str]:
    """Return a report of so many boxes with the same evidence."""
    every = tuple(box(f"till-{number}", evidence) for number in range(boxes))
    report = FleetReport(mode=Mode.RECONCILE, started_at=NOW, seconds=1.0, boxes=every)
    console = Console(file=io.StringIO(), width=width, highlight=False, emoji=False, color_system=None)
    return fleet_text.render(report, console, diff=True).splitlines()


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("width", [60, 100, 180])
@pytest.mark.parametrize("boxes", [1, 2])
def test_evidence_never_stands_where_a_line_of_the_report_begins(boxes: int, width: int, forged: str) -> None:
    own = OF_ONE if boxes == 1 else BESIDE
    for filler in (0, *range(width - 40, width)):
        for line in lines(boxes, f"{'x' * filler} {forged} {'y ' * 50}", width):
            begins = len(line) - len(line.lstrip())
            assert not (line.lstrip().startswith(forged) and begins <= own + 2), line
