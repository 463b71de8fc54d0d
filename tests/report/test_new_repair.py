"""A new repair is one entry of the catalogue; its name, reports and documentation follow."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.box.run import EXECUTORS
from reconciler.codes.repairs import REPAIRS
from reconciler.model.repair import RepairKind

from ..support.checkout import said_in, with_one_more

ROW = """\
    RepairKind.BLINK: RepairEntry(
        does="blink the light", did="light blinked", needs_space=False, tills="they see a light"
    ),
"""
REPORTER = """
import json
from datetime import UTC, datetime
from pathlib import Path
from reconciler.model import wire
from reconciler.model.desired import Mode
from reconciler.model.repair import RepairKind
from reconciler.report import fleet_text, json_report, text, words
from reconciler.results.fleet import BoxReport, BoxState, FleetReport
from reconciler.results.result import Repair, RepairOutcome, RepairStatus, Result
from tests.support.loaded import load

repair = wire.decode(Repair, {"kind": "blink", "because": []})
done = RepairOutcome(repair=repair, status=RepairStatus.DONE)
now = datetime(2026, 3, 2, tzinfo=UTC)
result = Result(
    name="till", mode=Mode.CHECK, started_at=now, seconds=1.0, before=(), plan=(repair,), outcomes=(done,), after=()
)
box = BoxReport(name="till", state=BoxState.CHANGED, result=result)
schema = load(Path("tools/generate_schema.py"))
print(json.dumps({
    "question": fleet_text.render_plan([box], width=100),
    "plan": text.render_plan(result),
    "table": words.happened(box),
    "json": json_report.as_object(FleetReport(mode=Mode.CHECK, started_at=now, seconds=1.0, boxes=(box,)))["boxes"],
    "schema": json.loads(schema.wanted(schema.SCHEMA.read_text()))["$defs"]["repair_kind"]["enum"],
    "page": load(Path("tools/generate_repair_page.py")).page(),
    "order": [each.value for each in RepairKind],
}))
"""


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the program says that has one repair more, and is otherwise this one."""
    checkout = tmp_path_factory.mktemp("new") / "checkout"
    with_one_more(checkout, "reconciler/codes/repairs.py", "    RepairKind.RESTART_ODOO: RepairEntry(\n", ROW)
    return said_in(checkout, REPORTER)


def test_it_stands_in_the_question_the_plan_and_the_table(reported: dict[str, Any]) -> None:
    assert "  1 box: blink the light\n" in reported["question"]
    assert reported["plan"] == "  would   blink the light"
    assert reported["table"] == "light blinked"


def test_it_stands_in_the_json_and_its_schema(reported: dict[str, Any]) -> None:
    (planned,) = reported["json"][0]["plan"]
    assert (planned["kind"], planned["title"]) == ("blink", "blink the light")
    assert "blink" in reported["schema"]


def test_it_stands_in_the_documentation_in_its_order(reported: dict[str, Any]) -> None:
    assert (
        "| 10 | `blink` | blink the light | no | no | no | they see a light |\n| 11 | `restart_odoo`"
        in reported["page"]
    )
    assert reported["order"][-2:] == ["blink", "restart_odoo"]


def test_each_name_has_its_entry_in_its_order() -> None:
    assert tuple(REPAIRS) == tuple(RepairKind)


def test_each_repair_is_done_by_somebody() -> None:
    assert set(EXECUTORS) == set(RepairKind)
