"""A run as one JSON object, for `jq` and for other programs; `report.schema.json` beside this file says its shape.

The keys are written out here, not taken from the dataclasses: what others build on must not change because a field
was renamed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from .. import __version__
from ..codes.writing.sentences import spoken
from ..model import wire
from ..model.statement import Statement, Value
from ..outcome.exit_status import exit_status
from ..outcome.remedies import remedy
from ..printable import printable
from ..results.finding import Finding, Reader
from ..results.fleet import BoxReport, BoxState, FleetReport
from ..results.result import Repair, RepairOutcome, Result
from . import diagnosis_json, facts

SCHEMA_VERSION: Final = 2
"""Raised when a reader that understands the version before would be misled; new keys alone do not raise it."""

LONGEST_KEPT: Final = 16 << 20
"""Characters of a report that is kept with all its details: those of some hundred boxes."""


def render(report: FleetReport) -> str:
    """Return the object for a run, secrets masked, keys always in the same order."""
    return json.dumps(as_object(report), indent=2, ensure_ascii=False)


def render_kept(report: FleetReport, status: int) -> str:
    """Return the same for a file that is kept: without the details where a large fleet would make it very long.

    Args:
        status: with which the command ends, more than that of the boxes alone.
    """
    kept = {**as_object(report), "exit_status": status}
    whole = json.dumps(kept, indent=2, ensure_ascii=False)
    if len(whole) <= LONGEST_KEPT:
        return whole
    boxes = [{**_box(box, report.reader), "details": None} for box in report.boxes]
    return json.dumps({**kept, "boxes": boxes}, indent=2, ensure_ascii=False)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (Draft 2020-12) of what `render` writes."""
    from importlib import resources

    text = (resources.files("reconciler.report") / "report.schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def as_object(report: FleetReport) -> Mapping[str, object]:
    """Return the same as what `json` knows, nothing but dictionaries, lists, texts and numbers."""
    states = [box.state for box in report.boxes]
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "iot-https", "version": __version__},
        "mode": wire.encode(report.mode),
        "started_at": wire.encode(report.started_at),
        "seconds": round(report.seconds, 3),
        "exit_status": exit_status(report),
        "held_back": report.held_back,
        "declined": report.declined,
        "interrupted": report.interrupted,
        "resumed": list(report.resumed),
        "warnings": list(report.warnings),
        "missed_runs": report.runs_to_miss,
        "summary": {"boxes": len(states), **{state.value: states.count(state) for state in BoxState}},
        "boxes": [_box(box, report.reader) for box in report.boxes],
        "work_orders": diagnosis_json.work_orders(report),
    }


def _box(box: BoxReport, reader: Reader) -> Mapping[str, object]:
    result, layout = box.result, facts.layout(box)
    return {
        "name": box.name,
        "customer": box.customer,
        "store": box.store,
        "state": wire.encode(box.state),
        "address": facts.address(box),
        "url": facts.url(box),
        "serial": facts.serial(box),
        "image": layout and layout.image_version,
        "branch": layout and layout.branch,
        "certificate": _certificate(box),
        "certificate_problem": wire.encode(facts.pair_problem(box)),
        "changed": result is not None and result.changed,
        "findings": [_finding(box, finding, reader) for finding in box.findings],
        "plan": [_repair(repair) for repair in result.plan] if result else [],
        "outcomes": [_outcome(outcome) for outcome in result.outcomes] if result else [],
        "problems": list(box.problems),
        "unseen": list(map(wire.encode, facts.unseen(box))),
        "seconds": round(box.seconds, 3),
        "missed_runs": box.missed_runs,
        "details": _details(result) if result else None,
        "diagnosis": diagnosis_json.diagnosis(box),
    }


def _certificate(box: BoxReport) -> Mapping[str, object] | None:
    leaf = facts.certificate(box)
    if leaf is None:
        return None
    return {
        "subject": leaf.name,
        "names": list(leaf.names),
        "issuer": leaf.issuer,
        "serial_number": leaf.serial_number,
        "fingerprint": leaf.fingerprint,
        "not_before": wire.encode(leaf.not_before),
        "not_after": wire.encode(leaf.not_after),
        "days_left": facts.days_left(box),
        "temporary": leaf.temporary,
        "served": facts.is_served(box),
    }


def _finding(box: BoxReport, finding: Finding, reader: Reader) -> Mapping[str, object]:
    return {
        "code": wire.encode(finding.code),
        "title": finding.title,
        "severity": wire.encode(finding.severity),
        "class": wire.encode(finding.finding_class),
        "variant": wire.encode(finding.variant),
        "evidence": finding.evidence,
        "seen": [_statement(each) for each in finding.seen],
        "http_status": finding.http_status,
        "whose": finding.whose,
        "remedy": remedy(box.result, box.findings, finding, reader),
        "repairable": finding.repairable,
    }


def _statement(statement: Statement) -> Mapping[str, object]:
    return {"says": statement.says, "values": {name: _plain(value) for name, value in statement.values.items()}}


def _plain(value: Value) -> object:
    """Return a value as JSON has it; what a stranger said cannot act on a terminal here either."""
    value = spoken(value)
    if isinstance(value, tuple):
        return [printable(each) for each in value]
    return printable(value) if isinstance(value, str) else value


def _repair(repair: Repair) -> Mapping[str, object]:
    return {
        "kind": wire.encode(repair.kind),
        "title": repair.title,
        "because": list(repair.because),
        "keys": list(map(wire.encode, repair.keys)),
        "direction": wire.encode(repair.direction),
        "condition": wire.encode(repair.condition),
        "resolvers": list(repair.resolvers),
        "detail": repair.detail,
        "diff": list(repair.diff),
    }


def _outcome(outcome: RepairOutcome) -> Mapping[str, object]:
    return {
        "repair": _repair(outcome.repair),
        "status": wire.encode(outcome.status),
        "detail": outcome.detail,
        "seen": [_statement(each) for each in outcome.seen],
        "code": wire.encode(outcome.code),
    }


def _details(result: Result) -> Mapping[str, object]:
    """Return what helps to understand one box and may look otherwise in the next version."""
    return {
        "mode": wire.encode(result.mode),
        "started_at": wire.encode(result.started_at),
        "seconds": result.seconds,
        "failed": result.failed,
        "before": [wire.encode(finding.code) for finding in result.before],
        "observed": wire.encode(result.observed),
        "inquiry": wire.encode(result.inquiry),
    }
