"""A box for which nothing is declared is left alone and told, whatever is done with the others."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.model.desired import DECLARING, Mode
from reconciler.model.target import ConnectionKind, Invalid, Target
from reconciler.model.validate import PREFIX, desired_from_variables
from reconciler.model.variables import VARIABLES
from reconciler.results.events import EventKind
from reconciler.results.fleet import BoxState

from .world import RESOLVERS, Fleet, Scene, states, target

ROOT = Path(__file__).parents[2]
VALUES: dict[str, object] = {
    "iot_https_connection": "ssh",
    "iot_https_server_url": "https://db.example",
    "iot_https_token": "token",
    "iot_https_db_uuid": "11111111-2222-3333-4444-555555555555",
    "iot_https_resolvers": ["1.1.1.1"],
    "iot_https_client_resolvers": ["1.1.1.1"],
    "iot_https_certificate_source": "direct",
    "iot_https_authority_url": "https://authority.example/x509",
    "iot_https_ca_file": "/etc/ca.pem",
    "iot_https_proxy": "http://proxy.example:3128",
    "iot_https_renew_before_days": 7,
    "iot_https_overdue_days": 4,
    "iot_https_homepage_port": 8070,
    "iot_https_https_port": 444,
    "iot_https_deadline": 60,
    "iot_https_relink": True,
    "iot_https_fail_on_drift": True,
    "iot_https_managed": True,
    "iot_https_secure_logging": False,
}
"""A value for each variable for which any text will not do."""
NEEDED = {"iot_https_token": {"iot_https_server_url": "https://db.example"}}


def unmanaged(name: str = "gateway") -> Target:
    return target(name, database=None, customer=None, store=None)


@pytest.mark.parametrize("name", VARIABLES)
def test_these_variables_declare_something_and_no_others(name: str) -> None:
    text = ["text"] if VARIABLES[name].kind == "list" else "text"
    desired, problems = desired_from_variables("till", {name: VALUES.get(name, text), **NEEDED.get(name, {})})
    assert desired, problems
    assert desired.declares_something is (name.removeprefix(PREFIX) in DECLARING)


@pytest.mark.parametrize("value", [None, []])
def test_one_that_is_null_declares_nothing(value: object) -> None:
    desired, _ = desired_from_variables("till", {"iot_https_server_url": None, "iot_https_resolvers": value})
    assert desired is None or not desired.declares_something


def test_the_docs_and_the_rollout_name_the_same_variables() -> None:
    page = (ROOT / "docs/inventory.md").read_text()
    paragraph = re.search(r"A box is managed if at least one of (.*?) is set for it", page, re.DOTALL)
    pattern = re.search(r"\^iot_https_\((.*)\)\$", (ROOT / "playbooks/rollout.yml").read_text())
    assert paragraph
    assert pattern
    assert re.findall(r"`iot_https_(\w+)`", paragraph[1]) == list(DECLARING) == pattern[1].split("|")


@pytest.mark.parametrize("mode", Mode)
def test_no_connection_to_it_is_made_and_it_comes_last(mode: Mode) -> None:
    scene = Scene(
        Fleet(plans={"till-1": RESOLVERS}), [unmanaged(), target("till-1")], [Invalid(name="x", problems=("y",))]
    )
    report = {Mode.CHECK: scene.check, Mode.RECONCILE: scene.reconcile, Mode.DIAGNOSE: scene.diagnose}[mode]()
    assert [each.name for each in report.boxes] == ["till-1", "x", "gateway"]
    assert states(report)["gateway"] is BoxState.NOT_MANAGED
    assert {each.desired.name for each in scene.fleet.requests} == {"till-1"}
    box = report.boxes[-1]
    assert (box.problems, box.findings, box.result) == ((), (), None)


NAMED: list[dict[str, object]] = [{"customer": "Bakery"}, {"store": "Hanoi"}, {"serial": "1000abcd"}]


@pytest.mark.parametrize("said", NAMED)
def test_one_that_says_whose_or_which_it_is_was_meant_to_be_managed(said: dict[str, object]) -> None:
    meant = replace(unmanaged(), desired=replace(unmanaged().desired, **said))  # type: ignore[arg-type]
    scene = Scene(Fleet(), [meant, target("till-1")])
    report = scene.check()
    box = report.boxes[-1]
    assert (box.name, box.state, box.is_managed) == ("gateway", BoxState.NOT_ATTEMPTED, False)
    (problem,) = box.problems
    assert problem.startswith(f"iot_https_{next(iter(said))} is set, and nothing says what the box should be: set ")
    assert problem.endswith(", or iot_https_managed: false where it is none")
    assert {each.desired.name for each in scene.fleet.requests} == {"till-1"}


@pytest.mark.parametrize("declared", [{}, {"server_url": "https://db.example"}])
@pytest.mark.parametrize("said", NAMED)
def test_what_is_said_to_be_no_box_is_none_whatever_it_inherits(
    said: dict[str, object], declared: dict[str, object]
) -> None:
    desired = replace(unmanaged().desired, managed=False, **said, **declared)  # type: ignore[arg-type]
    scene = Scene(Fleet(), [replace(unmanaged(), desired=desired), target("till-1")])
    report = scene.check()
    assert (report.boxes[-1].state, report.boxes[-1].problems) == (BoxState.NOT_MANAGED, ())
    assert {each.desired.name for each in scene.fleet.requests} == {"till-1"}


def test_those_who_look_on_are_told() -> None:
    scene = Scene(Fleet(), [unmanaged(), target("till-1")])
    scene.check()
    assert next(each for each in scene.events if each.kind is EventKind.RUN_STARTED).total == 2
    finished = {each.box: each.state for each in scene.events if each.kind is EventKind.BOX_FINISHED}
    assert finished == {"gateway": BoxState.NOT_MANAGED, "till-1": BoxState.IN_SYNC}


@pytest.mark.parametrize("kind", ConnectionKind)
def test_a_run_in_which_all_are_so_says_it(kind: ConnectionKind) -> None:
    boxes = [Target(desired=unmanaged(name).desired, connection=kind) for name in ("a", "b")]
    scene = Scene(Fleet(), boxes)
    assert scene.check().manages_nothing
    assert not Scene(Fleet(), [*boxes, target("till-1")]).check().manages_nothing
    assert not Scene(Fleet(), []).check().manages_nothing
