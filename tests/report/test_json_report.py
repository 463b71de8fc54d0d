"""The JSON object keeps what its schema promises, and the schema knows what the program knows."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from jsonschema import Draft202012Validator

from reconciler import __version__
from reconciler.codes.writing.sentences import sentence
from reconciler.model import wire
from reconciler.model.inquiry import Inquiry
from reconciler.model.observed import ChainState, Observed, Pair, PairProblem, ResolverOwner, StoreFormat
from reconciler.model.repair import CopyDirection, RepairKind, RestartCondition, StoreKey
from reconciler.model.statement import Statement
from reconciler.report import json_report
from reconciler.results.fleet import BoxState, FleetReport
from reconciler.results.result import Repair
from tests.support.loaded import load
from tests.support.observed import NOW, certificate, pair, temporary

from .fleet import CANARIES, box, every_state, expired, looked, many, observed, report

SCHEMA = json_report.schema()
GENERATED = load(Path(__file__).parents[2] / "tools/generate_schema.py")
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
        (("schema_version",), 1),
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


@pytest.mark.parametrize("name", GENERATED.ENUMERATIONS)
def test_enumerations_are_those_of_the_program(name: str) -> None:
    assert SCHEMA["$defs"][name]["enum"] == [each.value for each in GENERATED.ENUMERATIONS[name]]


def test_every_enumeration_of_the_schema_is_written_by_the_generator() -> None:
    enumerations = {name for name, part in SCHEMA["$defs"].items() if "enum" in part}
    assert enumerations == set(GENERATED.ENUMERATIONS)
    assert GENERATED.main(["--check"]) == 0


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
    assert shown["plan"][0]["kind"] == "fetch_certificate"


URLS = {
    "a certificate of its own": ({}, "https://192-168-1-10.d73e7513.odoo-iot.com"),
    "the image's own": ({"certificates.live": pair(temporary())}, None),
    "for one name only": ({"certificates.live": pair(certificate(NOW, names=("till.example",)))}, None),
    "none": ({"certificates.live": Pair(problem=PairProblem.CERTIFICATE_MISSING)}, None),
    "no address": ({"identity.address": None}, None),
}


@pytest.mark.parametrize("name", URLS)
def test_url_of_a_box(name: str) -> None:
    changes, url = URLS[name]
    seen = observed(**changes)  # type: ignore[arg-type]
    assert parsed(report([box("till", BoxState.IN_SYNC, looked("till", seen))]))["boxes"][0]["url"] == url


def test_a_repair_has_its_values_as_names() -> None:
    restart = Repair(kind=RepairKind.RESTART_ODOO, because=(), condition=RestartCondition.SUBJECT_CHANGES)
    write = Repair(kind=RepairKind.WRITE_STORE, because=(), keys=(StoreKey.DB_UUID, StoreKey.SUBJECT))
    copy = Repair(kind=RepairKind.COPY_CERTIFICATE, because=(), direction=CopyDirection.MIRROR_TO_LIVE)
    resolvers = Repair(kind=RepairKind.SET_RESOLVERS, because=(), resolvers=("1.1.1.1", "8.8.8.8"))
    planned = looked("till", observed(), plan=(resolvers, copy, write, restart))
    shown = parsed(report([box("till", BoxState.DIFFERS, planned)]))["boxes"][0]["plan"]
    names = ("keys", "direction", "condition", "resolvers", "detail")
    assert [tuple(each[name] for name in names) for each in shown] == [
        ([], None, None, ["1.1.1.1", "8.8.8.8"], "1.1.1.1, 8.8.8.8"),
        ([], "mirror_to_live", None, [], "mirror to live"),
        (["db_uuid", "subject"], None, None, [], "db_uuid, subject"),
        ([], None, "subject_changes", [], "only if the subject changes"),
    ]


def test_box_that_was_not_reached_has_nothing_made_up() -> None:
    shown = parsed(report([box("till", BoxState.UNREACHABLE)]))["boxes"][0]
    assert [shown[key] for key in ("address", "url", "certificate", "details", "image")] == [None] * 5


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


def test_the_page_about_repairs_is_up_to_date() -> None:
    assert load(Path(__file__).parents[2] / "tools/generate_repair_page.py").main(["--check"]) == 0


CHANGES = json.loads((Path(__file__).parents[2] / "docs/json-changes.json").read_text())


def test_the_changes_of_the_schema_are_in_the_docs_and_lead_to_values_that_exist() -> None:
    assert CHANGES["to"] == json_report.SCHEMA_VERSION
    rows = [(group["what"], old, new) for group in CHANGES["values"] for old, new in group["values"].items()]
    assert re.findall(r"^\| (.+) \| `(.+)` \| `(.+)` \|$", DOCS.split("## From version 1")[1], re.MULTILINE) == rows
    known = {
        each.value
        for enum in (*GENERATED.ENUMERATIONS.values(), ResolverOwner, ChainState, StoreFormat)
        for each in enum
    }
    assert {new for _, _, new in rows} <= known


def places(kind: Any, where: str) -> Iterator[str]:
    """Yield where a value of a model holds what a box says of itself as data."""
    if kind is Statement:
        yield where
    elif dataclasses.is_dataclass(kind):
        for name, of_field in get_type_hints(kind).items():
            yield from places(of_field, f"{where}.{name}")
    else:
        for each in get_args(kind):
            yield from places(each, where)


@pytest.mark.parametrize("place", sorted({*places(Observed, "observed"), *places(Inquiry, "inquiry")}))
def test_every_reason_in_the_details_is_among_the_changes(place: str) -> None:
    told = {
        each.removeprefix("boxes[].details.").replace("[]", "") for each in (*CHANGES["reshaped"], *CHANGES["added"])
    }
    assert any(place == each or place.startswith(f"{each}.") for each in told)


@pytest.mark.parametrize("example", re.findall(r'^\{"says".*\}$', DOCS, re.MULTILINE))
def test_reasons_in_the_docs_are_ones_that_a_box_gives(example: str) -> None:
    assert sentence(wire.decode(Statement, json.loads(example)), {})
