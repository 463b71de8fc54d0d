"""What a box says of itself takes some lines of a report, however much it says, and leaves the rest to the others."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import pytest
from rich.console import Console

from reconciler.codes import CodeName
from reconciler.connections import reply
from reconciler.diagnosis.chain import diagnose
from reconciler.diagnosis.evidence import Walk
from reconciler.model import wire
from reconciler.model.desired import Mode, Request
from reconciler.model.framing import frame
from reconciler.model.inquiry import Contact, Eligibility, Inquiry, LogEntry
from reconciler.model.repair import RepairKind, StoreKey
from reconciler.model.statement import say, told
from reconciler.outcome.states import state_of
from reconciler.report import diagnosis_text, fleet_text
from reconciler.results.finding import finding
from reconciler.results.fleet import BoxReport, FleetReport
from reconciler.results.result import Repair, RepairOutcome, RepairStatus, Result
from tests.support.observed import NOW, healthy, wanted

MOST_LINES = 600
"""Of every text report together, in 100 columns."""
REQUEST = Request(desired=wanted(name="till"), mode=Mode.DIAGNOSE)
FOUND = finding(CodeName.SERVER_DIFFERS, told("x"))
LONG = "word " * 5000
INQUIRY = Inquiry(
    authority=Contact(host=LONG, status=503),
    database=Contact(host=LONG),
    eligibility=Eligibility(seen=(told(LONG),), code=CodeName.LOAD_REQUEST_STATUS),
    log=(LogEntry(code=CodeName.LOAD_REQUEST_NO_RESULT, at=LONG, text=LONG),),
    own_words=f"ERR_{LONG}",
    own_code=CodeName.CHECK_NO_SERVER,
)
REPAIR = Repair(kind=RepairKind.WRITE_STORE, because=(), diff=(f"+ {LONG}",))
RESULT = Result(
    name="till", mode=Mode.DIAGNOSE, started_at=NOW, seconds=1.0, before=(), after=(), observed=healthy(NOW)
)


def with_layout() -> Result:
    """Return a box of which every name is long."""
    seen = healthy(NOW)
    layout = dataclasses.replace(seen.layout, image_version=LONG, branch=LONG, os_codename=LONG)
    named = dataclasses.replace(seen, layout=layout, identity=dataclasses.replace(seen.identity, serial=LONG))
    status = finding(CodeName.LOAD_REQUEST_STATUS, say("status", status=503, reason=LONG))
    return dataclasses.replace(RESULT, observed=named, after=(status,), inquiry=INQUIRY)


def findings() -> Result:
    """Return a box with as many findings as a reply can hold."""
    return dataclasses.replace(
        RESULT, after=tuple(dataclasses.replace(FOUND, seen=(told(f"{number} {'x ' * 290}"),)) for number in range(200))
    )


FLOODS: Mapping[str, Callable[[], Result]] = MappingProxyType(
    {
        "findings": findings,
        "repairs": lambda: dataclasses.replace(RESULT, plan=(REPAIR,) * 200),
        "outcomes": lambda: dataclasses.replace(
            RESULT, outcomes=(RepairOutcome(repair=REPAIR, status=RepairStatus.DONE, seen=(told(LONG),)),) * 100
        ),
        "lines of a diff": lambda: dataclasses.replace(
            RESULT,
            outcomes=(
                RepairOutcome(repair=dataclasses.replace(REPAIR, diff=("+ x",) * 1500), status=RepairStatus.DONE),
            ),
        ),
        "values that are written": lambda: dataclasses.replace(
            RESULT, plan=(dataclasses.replace(REPAIR, diff=(), keys=(StoreKey.TOKEN,) * 1500),)
        ),
        "DNS servers that are set": lambda: dataclasses.replace(
            RESULT, plan=(dataclasses.replace(REPAIR, diff=(), resolvers=("1.1.1.1",) * 1500),)
        ),
        "what was asked": lambda: dataclasses.replace(RESULT, inquiry=dataclasses.replace(INQUIRY, eligibility=None)),
        "what it is called": with_layout,
    }
)


def reports(told: Result) -> str:
    """Return every text report of a run over this box."""
    result = reply.read(frame({"result": _cut(wire.encode(told))}), REQUEST, NOW)
    case = Walk(desired=REQUEST.desired, observed=result.observed, inquiry=result.inquiry)
    diagnosis, ordered = diagnose(case, result.after)
    box = BoxReport(name="till", state=state_of(result, ordered), findings=ordered, result=result, diagnosis=diagnosis)
    report = FleetReport(mode=Mode.DIAGNOSE, started_at=NOW, seconds=1.0, boxes=(box,))
    console = Console(file=io.StringIO(), width=100, highlight=False, emoji=False, color_system=None)
    four = dataclasses.replace(report, boxes=(box,) * 4)
    lines = [*diagnosis_text.render(report), *diagnosis_text.render(four)]
    return fleet_text.render(report, console, diff=True) + "\n".join(each.text for each in lines)


def _cut(value: Any) -> Any:
    """Shorten texts until they fit into a reply."""
    if isinstance(value, dict):
        return {key: _cut(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_cut(each) for each in value]
    return value[:5000] if isinstance(value, str) and len(value) > 5000 else value


@pytest.mark.parametrize("kind", FLOODS)
def test_a_box_takes_some_lines_of_a_report_however_much_it_says(kind: str) -> None:
    shown = reports(FLOODS[kind]())
    assert shown.count("\n") < MOST_LINES
    assert max(map(len, shown.splitlines())) < 1200


def test_a_ticket_names_the_authority_as_the_inventory_does() -> None:
    shown = reports(with_layout())
    assert "https://www.odoo.com itself answers 503" in shown
    assert f"{LONG[:40]}" in shown
    assert LONG[:60] not in shown.split("Subject:")[-1]
