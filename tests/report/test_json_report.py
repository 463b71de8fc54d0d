"""The JSON object keeps what its schema promises, and the schema knows what the program knows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler import __version__
from reconciler.codes import CodeName, Variant
from reconciler.model.desired import Mode
from reconciler.model.observed import PairProblem
from reconciler.model.severity import FindingClass, Severity
from reconciler.model.step_name import StepName
from reconciler.report import json_report
from reconciler.report.work_order import Scope
from reconciler.results.diagnosis import StepState
from reconciler.results.fleet import BoxState, FleetReport
from reconciler.results.result import RepairKind, RepairStatus

from .fleet import CANARIES, box, every_state, expired, looked, many, observed, report

SCHEMA = json_report.schema()
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
DOCS = (Path(__file__).parents[2] / "docs" / "json.md").read_text()
FLEETS = {"every state": every_state(), "many": many(), "none": report([])}


def parsed(shown: FleetReport) -> dict[str, Any]:
    return dict(json.loads(json_report.render(shown)))


def objects(schema: Any, where: str = "report") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        if "properties" in schema:
            yield where, schema
        for key, value in schema.items():
            yield from objects(value, f"{where}.{key}")


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("fleet", FLEETS.values(), ids=FLEETS)
def test_reports_keep_the_schema(fleet: FleetReport) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(parsed(fleet))] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("exit_status",), 3),
        (("schema_version",), 2),
        (("surprise",), 1),
        (("boxes", 0, "state"), "fine"),
        (("boxes", 0, "certificate", "days_left"), 1.5),
    ],
)
def test_the_schema_refuses_what_it_does_not_promise(path: tuple[str | int, ...], value: object) -> None:
    whole: Any = parsed(every_state())
    *way, last = path
    part = whole
    for key in way:
        part = part[key]
    part[last] = value
    assert list(VALIDATOR.iter_errors(whole))


@pytest.mark.parametrize(
    ("name", "enum"),
    [
        ("variant", Variant),
        ("mode", Mode),
        ("state", BoxState),
        ("severity", Severity),
        ("class", FindingClass),
        ("code", CodeName),
        ("repair_kind", RepairKind),
        ("repair_status", RepairStatus),
        ("certificate_problem", PairProblem),
        ("step_name", StepName),
        ("step_state", StepState),
        ("scope", Scope),
    ],
)
def test_enumerations_are_those_of_the_program(name: str, enum: type[StrEnum]) -> None:
    assert SCHEMA["$defs"][name]["enum"] == [each.value for each in enum]


def test_every_enumeration_of_the_schema_is_compared() -> None:
    enumerations = {name for name, part in SCHEMA["$defs"].items() if "enum" in part}
    assert len(enumerations) == 12


@pytest.mark.parametrize("part", [each for _, each in objects(SCHEMA)], ids=[where for where, _ in objects(SCHEMA)])
def test_objects_are_closed_and_complete(part: dict[str, Any]) -> None:
    assert part["additionalProperties"] is False
    assert part["required"] == list(part["properties"])


def test_keys_are_always_in_the_order_of_the_schema() -> None:
    shown = parsed(every_state())
    assert list(shown) == SCHEMA["required"]
    assert all(list(each) == SCHEMA["$defs"]["box"]["required"] for each in shown["boxes"])


def test_the_same_run_gives_the_same_text() -> None:
    assert json_report.render(every_state()) == json_report.render(every_state())


def test_states_are_counted() -> None:
    summary = parsed(many())["summary"]
    assert summary["boxes"] == sum(number for state, number in summary.items() if state != "boxes") == 300


def test_who_wrote_it_is_said() -> None:
    assert parsed(report([]))["tool"] == {"name": "iot-https", "version": __version__}


def test_certificate_of_a_box() -> None:
    shown = parsed(report([box("till", BoxState.DIFFERS, looked("till", observed(days=-2), expired()))]))["boxes"][0]
    assert shown["certificate"]["subject"] == "*.d73e7513.odoo-iot.com"
    assert shown["certificate"]["not_after"] == "2026-02-28T12:00:00+00:00"
    assert (shown["certificate"]["days_left"], shown["certificate"]["served"]) == (-2, True)
    assert shown["address"] == "192.168.1.10"
    assert shown["plan"][0]["kind"] == "fetch a certificate"


def test_box_that_was_not_reached_has_nothing_made_up() -> None:
    shown = parsed(report([box("till", BoxState.UNREACHABLE)]))["boxes"][0]
    assert [shown[key] for key in ("address", "certificate", "details", "image")] == [None] * 4


@pytest.mark.parametrize("fleet", FLEETS.values(), ids=FLEETS)
def test_no_secret_is_shown(fleet: FleetReport) -> None:
    text = json_report.render(fleet)
    assert not [canary for canary in CANARIES if canary in text]


def test_secrets_are_masked_and_not_left_out() -> None:
    store = parsed(every_state())["boxes"][0]["details"]["observed"]["store"]
    assert store["token"] == store["db_uuid"] == "********"


@pytest.mark.parametrize("key", sorted({key for _, part in objects(SCHEMA) for key in part["properties"]}))
def test_every_key_is_in_the_docs(key: str) -> None:
    assert f"`{key}`" in DOCS


def test_example_in_the_docs_keeps_the_schema() -> None:
    example = re.search(r"```json\n(\{\n.*?)```", DOCS, re.DOTALL)
    assert example
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(example[1]))] == []
