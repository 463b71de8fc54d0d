"""Every report can be made of every legal reply, and keeps its promises, whatever stands in the fields."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from rich.console import Console

from reconciler.codes import CodeName
from reconciler.connections import reply
from reconciler.diagnosis.chain import diagnose
from reconciler.diagnosis.evidence import Walk
from reconciler.model import wire
from reconciler.model.desired import Desired, Mode, Request
from reconciler.model.framing import frame
from reconciler.model.inquiry import (
    Contact,
    DnsAnswer,
    DnsOutcome,
    Eligibility,
    Failure,
    Holder,
    Inquiry,
    LastRun,
    LogEntry,
    Whose,
)
from reconciler.model.repair import RepairKind
from reconciler.model.statement import told
from reconciler.outcome.states import state_of
from reconciler.report import diagnosis_text, fleet_text, json_report
from reconciler.results.finding import finding
from reconciler.results.fleet import BoxReport, FleetReport
from reconciler.results.result import Repair, RepairOutcome, RepairStatus, Result
from reconciler.role import answer
from tests.support.observed import healthy

NOW = datetime(2026, 3, 2, tzinfo=UTC)
REQUEST = Request(desired=Desired(name="till", server_url="https://db.example"), mode=Mode.DIAGNOSE)
SCHEMA = Draft202012Validator(json_report.schema())
DNS = DnsAnswer(
    server="1.1.1.1", whose=Whose.BOX, name="www.odoo.com", outcome=DnsOutcome.ANSWERED, addresses=("1.2.3.4",)
)
PUBLIC = DnsAnswer(server="8.8.8.8", whose=Whose.PUBLIC, name="x", outcome=DnsOutcome.ANSWERED, addresses=("10.0.0.1",))
CONTACT = Contact(host="db.example", status=200, holder=Holder(subject="x", issuer="x", names=("x",)))
REPAIR = Repair(
    kind=RepairKind.SET_RESOLVERS, because=("IOT_HTTPS_RESOLVERS_DIFFER",), resolvers=("1.1.1.1",), diff=("- a", "+ b")
)
WHOLE = Result(
    name="till",
    mode=Mode.DIAGNOSE,
    started_at=NOW,
    seconds=1.0,
    before=(finding(CodeName.WRONG_BOX, told("x")),),
    after=(finding(CodeName.LOAD_REQUEST_STATUS, told("answered 500")), finding(CodeName.EXPIRED, told("x"))),
    plan=(REPAIR,),
    outcomes=(RepairOutcome(repair=REPAIR, status=RepairStatus.DONE, seen=(told("x"),)),),
    observed=dataclasses.replace(healthy(NOW), client_dns=(DNS,)),
    inquiry=Inquiry(
        dns=(DNS,),
        database=CONTACT,
        authority=CONTACT,
        eligibility=Eligibility(seen=(told("x"),), code=CodeName.LOAD_REQUEST_STATUS),
        log=(LogEntry(code=CodeName.LOAD_REQUEST_NO_RESULT, at="x", text="x"),),
        own_words="x",
        last_run=LastRun(at=NOW, failures=(Failure(code=CodeName.REPAIR_FAILED, seen=(told("x"),)),), left=("x",)),
        unasked=told("x"),
    ),
)
Path = tuple[str | int, ...]


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the places of everything that is no list or object."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not isinstance(value, dict | list):
        yield path
    for key, each in items:
        yield from leaves(each, (*path, key))


WIRE = wire.encode(WHOLE)
LEAVES = tuple(leaves(WIRE))
STRANGE: tuple[object, ...] = (
    "",
    "not-an-address",
    "https://[",
    "\x1b[31m\u202e",
    "9999-12-31T23:59:59+00:00",
    "0001-01-01T00:00:00+23:59",
    -1,
    0,
    1,
    (1 << 63) - 1,
    -(1 << 62),
    1e18,
    0.5,
    True,
    False,
    None,
    [],
    {},
    "x" * 5000,
)
TOGETHER: tuple[object, ...] = (
    *STRANGE,
    " ",
    "999.999.999.999",
    "::1",
    "https://a:b:c",
    "{{ x }}",
    "%h`id`",
    "IOT_HTTPS_NONE",
    "0001-01-01T00:00:00+00:00",
    "9999-12-31T23:59:59-23:59",
    1e9,
    -1e9,
    "fe80::1%x y",
)


def changed(path: Path, value: object) -> dict[str, Any]:
    """Return the reply with another value at one place."""
    copy = json.loads(json.dumps(WIRE))
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return {"result": copy}


def of_its_kind(path: Path) -> list[object]:
    """Return what could stand at a place without being refused at once: values of the same type."""
    there: Any = WIRE
    for key in path:
        there = there[key]
    kinds = (int, float) if type(there) is float else (type(there),)
    return [None, *(each for each in STRANGE if type(each) in kinds or there is None)]


SEEN, SKEW = ("observed", "observed_at"), ("observed", "clock", "skew_seconds")
TOLD = "the reply cannot be read: reply.observed."
CALENDAR = [
    ("0001-01-01T00:00:00+00:00", 1e9),
    ("0001-01-01T00:00:00+23:59", 301.0),
    ("9999-12-31T23:59:59+00:00", -1e9),
    ("9999-12-31T23:59:59-23:59", -301.0),
]


@pytest.mark.parametrize(("seen", "skew"), CALENDAR)
def test_a_clock_that_leads_out_of_the_calendar_takes_no_report_from_the_other_boxes(seen: str, skew: float) -> None:
    both = changed(SEEN, seen)
    both["result"]["observed"]["clock"]["skew_seconds"] = skew
    result = reply.read(frame(both), REQUEST, NOW)
    every_report(result)
    assert result.after[0].evidence.startswith(f"{TOLD}observed_at")


@pytest.mark.parametrize("clock", [-1e10, -301.0, 0.0, 301.0, 1e10])
def test_a_clock_that_a_box_can_be_set_to_is_no_reason_to_refuse_it(clock: float) -> None:
    result = reply.read(frame(changed(SKEW, clock)), REQUEST, NOW)
    every_report(result)
    assert result.observed is not None


@pytest.mark.parametrize(
    "path",
    [
        ("observed", "identity", "address"),
        ("observed", "client_dns", 0, "addresses", 0),
        ("inquiry", "dns", 0, "addresses", 0),
    ],
)
@pytest.mark.parametrize("text", ["fe80::1%eth0", "::1%what to do: ring 0900", "192.0.2.1%x"])
def test_nothing_stands_behind_an_address(path: Path, text: str) -> None:
    result = reply.read(frame(changed(path, text)), REQUEST, NOW)
    assert "not an address" in result.after[0].evidence
    assert text not in result.after[0].evidence


def every_report(result: Result) -> None:
    """Make all of them."""
    if result.observed is None:
        assert [each.code for each in result.after] == [CodeName.NOT_OBSERVED]
        return
    case = Walk(desired=REQUEST.desired, observed=result.observed, inquiry=result.inquiry, public=PUBLIC)
    diagnosis, ordered = diagnose(case, result.after)
    box = BoxReport(name="till", state=state_of(result, ordered), findings=ordered, result=result, diagnosis=diagnosis)
    fleet = FleetReport(mode=Mode.DIAGNOSE, started_at=NOW, seconds=1.0, boxes=(box,))
    shown = json_report.render(fleet)
    SCHEMA.validate(json.loads(shown))
    console = Console(file=io.StringIO(), width=100, highlight=False, emoji=False, color_system=None)
    texts = [fleet_text.render(fleet, console, diff=True), *map(str, diagnosis_text.render(fleet, every_chain=True))]
    texts.append(json.dumps(answer.of_run(REQUEST, result, diff=True)))
    for text in (shown, *texts):
        assert all(character.isprintable() or character == "\n" for character in text)


@pytest.mark.parametrize("path", LEAVES, ids=lambda path: ".".join(map(str, path)))
def test_no_value_of_a_field_breaks_a_report(path: Path) -> None:
    for value in of_its_kind(path):
        every_report(reply.read(frame(changed(path, value)), REQUEST, NOW))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(LEAVES), st.sampled_from(TOGETHER)), max_size=6))
def test_no_values_of_fields_together_break_a_report(changes: list[tuple[Path, object]]) -> None:
    copy = {"result": json.loads(json.dumps(WIRE))}
    for path, value in changes:
        inner: Any = copy["result"]
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
    every_report(reply.read(frame(copy), REQUEST, NOW))
