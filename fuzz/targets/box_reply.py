"""What comes back from a box, from the bytes on standard output to every report; it may repeat what was sent."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

from rich.console import Console

from reconciler.box.__main__ import MARKER
from reconciler.codes import CodeName
from reconciler.connections import reply
from reconciler.diagnosis.chain import diagnose
from reconciler.diagnosis.evidence import Walk
from reconciler.model import wire
from reconciler.model.desired import Desired, Mode, Request
from reconciler.model.inquiry import DnsAnswer, DnsOutcome, Whose
from reconciler.model.marks import NO_OTHERS
from reconciler.model.repair import RepairKind
from reconciler.model.secret import Secret
from reconciler.model.statement import told
from reconciler.outcome.directory import Directory
from reconciler.outcome.states import state_of
from reconciler.probe.judge import findings
from reconciler.probe.seen import Handshake, Seen
from reconciler.report import fleet_text, json_report, text
from reconciler.results.finding import finding
from reconciler.results.fleet import BoxReport, FleetReport
from reconciler.results.result import Repair, RepairOutcome, RepairStatus, Result
from tests.support.observed import healthy

from ..oracle import CANARY, check_secret, check_shown, planted

_NOW = datetime(2026, 3, 2, tzinfo=UTC)
_REQUEST = Request(desired=Desired(name="till-1", token=Secret(CANARY), db_uuid=Secret(f"{CANARY}'\\")))
_SEEN = Seen(name="x", handshake=Handshake(fingerprint="00", untrusted="x"), hello=told("x"), addresses=("10.0.0.1",))
_PUBLIC = DnsAnswer(server="8.8.8.8", whose=Whose.PUBLIC, name="x", outcome=DnsOutcome.NO_SUCH_NAME)
_REPAIR = Repair(kind=RepairKind.SET_RESOLVERS, because=("X",), resolvers=("1.1.1.1",), diff=("- @@", "+ 1.1.1.1"))
_GOOD = Result(
    name="till-1",
    mode=Mode.CHECK,
    started_at=_NOW,
    seconds=1.0,
    before=(),
    after=(finding(CodeName.WRONG_BOX, told("@@")), finding(CodeName.LINKED_ELSEWHERE, told("x"))),
    plan=(_REPAIR,),
    outcomes=(RepairOutcome(repair=_REPAIR, status=RepairStatus.DONE, seen=(told("x"),)),),
    observed=healthy(_NOW),
)


def seeds() -> list[bytes]:
    """Replies with and without frame; the first byte says which."""
    result = wire.encode(_GOOD)
    bodies = [
        json.dumps({"result": result}),
        json.dumps({"result": {**result, "observed": None, "seconds": 10**400}}),
        json.dumps({"result": {**result, "started_at": "2026-01-01T00:00:00"}}),
        json.dumps({"error": "token @@ \x1b[31m"}),
        json.dumps({"unsupported_python": "3.7.3\n"}),
        '{"result": ' + "[" * 900 + "]" * 900 + "}",
        "null",
    ]
    raw = [f"Welcome @@\n{MARKER} 4\nnull\n", f"\n{MARKER} 999999999\n@@", "sh: @@: not found", ""]
    return [b"f" + each.encode() for each in bodies] + [b"r" + each.encode() for each in raw]


def one_input(data: bytes) -> None:
    """A result for this box that every report can show, without what was sent to it."""
    body = planted(data[1:])
    output = body if data[:1] == b"r" else b"\n%s %d\n%s\n" % (MARKER.encode(), len(body), body)
    result = reply.read(output, _REQUEST, _NOW, body.decode(errors="replace"))
    assert (result.name, result.mode) == (_REQUEST.desired.name, _REQUEST.mode)
    for each in (*result.before, *result.after):
        check_shown(each.code, each.evidence, each.remedy)
    result = Directory().judged(_REQUEST, NO_OTHERS, result)
    found = result.after
    if result.observed is not None:
        found += findings(_SEEN, result.observed, _REQUEST.desired)
    diagnose(Walk(desired=_REQUEST.desired, observed=result.observed, inquiry=result.inquiry, public=_PUBLIC), found)
    box = BoxReport(name=result.name, state=state_of(result, found), findings=found, result=result)
    _check_reports(FleetReport(mode=Mode.CHECK, started_at=_NOW, seconds=1.0, boxes=(box,)), result)


def _check_reports(fleet: FleetReport, result: Result) -> None:
    two = replace(fleet, boxes=(fleet.boxes[0], replace(fleet.boxes[0], name="till-2")))
    shown = json_report.render(two)
    json.loads(shown, parse_constant=_refuse)
    check_secret(shown)
    console = Console(file=io.StringIO(), width=100, highlight=False, emoji=False, color_system=None)
    for report in (fleet, two):
        check_secret(fleet_text.render(report, console, diff=True))
    check_secret(text.render([result], diff=True))


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")
