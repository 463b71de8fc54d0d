"""Every code has a scenario in which a diagnosis names it first, and a healthy box of every kind has none."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from iotbox_simulator.boxes.arrange import NAMES
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.authority import AuthorityModel
from iotbox_simulator.machine.network import DnsServer
from iotbox_simulator.machine.spec import BoxSpec, LayoutKind
from reconciler.codes import CATALOGUE, CodeName, Origin
from reconciler.model import wire
from reconciler.model.statement import Statement, say
from reconciler.model.step_name import StepName
from reconciler.results.diagnosis import Diagnosis, StepState

from ..support import runs
from ..support.runs import Fleet
from .diagnosing import ROUTER, Scenario, diagnosed, fault, healthy, mode
from .scenarios import SCENARIOS

C = CodeName
CONNECTION = {code.name for code in CATALOGUE.values() if code.origin is Origin.CONNECTION}
OF_HOMEPAGES = {C.STATUS_PAGE_FAILS, C.NATIVE_RENEWAL_FAILED}
ELSEWHERE = {C.ACCESS_POINT_MODE, C.UNSUPPORTED_PYTHON, *CONNECTION, *OF_HOMEPAGES}
"""Below, in ssh/test_diagnose.py, and in connections/by_homepage."""


def test_every_code_has_a_scenario() -> None:
    assert {str(each.code) for each in SCENARIOS} | set(map(str, ELSEWHERE)) == set(CATALOGUE)


def played(scenario: Scenario, fleet: runs.Fleet) -> Diagnosis:
    """Diagnose a box on which the scenario has acted."""
    desired = replace(runs.DESIRED, **scenario.want)
    return diagnosed(fleet, desired, scenario.deadline, scenario.seen, scenario.public_dns)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: f"{scenario.code}-{scenario.kind}")
def test_its_code_is_named_first(scenario: Scenario) -> None:
    fleet = healthy(scenario.kind)
    assert diagnosed(fleet).cause is None
    scenario.act(fleet)
    diagnosis = played(scenario, fleet)
    assert diagnosis.cause is not None
    assert diagnosis.cause.code == scenario.code
    assert diagnosis.cause.evidence
    assert diagnosis.cause.remedy.endswith(".")


def test_a_box_that_is_its_own_access_point_is_named_as_such() -> None:
    fleet = runs.fresh("rw_ini")
    box = SimulatedBox(BoxSpec(clock=runs.NOW, address="10.11.12.1"), fleet.box.world)
    diagnosis = diagnosed(Fleet(box, AuthorityModel(runs.CA)))
    assert diagnosis.cause is not None
    assert diagnosis.cause.code == C.ACCESS_POINT_MODE


@pytest.mark.parametrize("kind", runs.KINDS)
def test_a_healthy_box_has_no_cause_and_every_step_is_walked(kind: LayoutKind) -> None:
    diagnosis = diagnosed(healthy(kind))
    assert diagnosis.cause is None
    assert {each.state for each in diagnosis.steps} == {StepState.OK}


TWO = [
    (("wrong_clock", "expired"), C.WRONG_CLOCK),
    (("expired", "authority_down"), C.LOAD_REQUEST_EXCEPTION),
    (("mixed", "intercepted"), C.ANSWER_NOT_FROM_ODOO),
    (("nginx_down", "mixed"), C.KEY_MISMATCH),
    (("nginx_down", "nginx_broken"), C.NGINX_CONFIG_BROKEN),
    (("hidden_name", "nginx_down"), C.NGINX_DOWN),
    (("database_down", "resolvers"), C.RESOLVERS_DO_NOT_WORK),
    (("credentials", "overdue"), C.CREDENTIALS_DIFFER),
    (("authority_down", "resolvers"), C.RESOLVERS_DO_NOT_WORK),
    (("not_renewable", "hidden_name"), C.CLIENT_DNS_REBIND),
    (("other_customer", "expired"), C.LINKED_ELSEWHERE),
]


@pytest.mark.parametrize("kind", runs.KINDS)
@pytest.mark.parametrize(("names", "first"), TWO, ids=lambda value: "+".join(value) if isinstance(value, tuple) else "")
def test_of_two_faults_the_one_to_be_mended_first_is_named(
    names: tuple[str, ...], first: CodeName, kind: LayoutKind
) -> None:
    fleet = healthy(kind)
    for name in names:
        fault(name)(fleet)
    diagnosis = diagnosed(fleet)
    assert diagnosis.cause is not None
    assert diagnosis.cause.code == first


def test_a_subscription_that_was_added_later_is_mended_by_asking_again_at_once() -> None:
    fleet = runs.fresh("rw_ini")
    fleet.box.world.dns[ROUTER] = DnsServer(NAMES)
    fleet.authority.mode = "refuse"
    runs.reconcile(fleet.box)
    fleet.box.vendor.renews()
    refused = diagnosed(fleet)
    assert refused.cause is not None
    assert refused.cause.code == C.LOAD_REQUEST_NO_RESULT
    fleet.authority.mode = "ok"
    granted = diagnosed(fleet)
    assert granted.cause is not None
    assert granted.cause.code == C.TEMPORARY_CERTIFICATE
    eligible = next(each for each in granted.steps if each.name is StepName.ELIGIBILITY)
    assert "have it ask again, which reconcile does" in eligible.evidence
    assert runs.codes(runs.reconcile(fleet.box)) == []
    assert diagnosed(fleet).cause is None


def test_a_ticket_names_the_status_and_the_box() -> None:
    fleet = healthy("rw_ini")
    mode(418)(fleet)
    ticket = diagnosed(fleet).ticket
    assert ticket is not None
    assert "418" in ticket
    assert fleet.box.spec.serial in ticket
    assert not [canary for canary in runs.CANARIES if canary in ticket]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: f"{scenario.code}-{scenario.kind}")
def test_no_secret_is_in_any_diagnosis(scenario: Scenario) -> None:
    fleet = healthy(scenario.kind)
    scenario.act(fleet)
    diagnosis = played(scenario, fleet)
    told = wire.encode(runs.diagnose(fleet.box, replace(runs.DESIRED, **scenario.want), scenario.deadline))
    said = json.dumps([repr(diagnosis), [each.evidence for each in diagnosis.steps], told])
    assert not [canary for canary in runs.CANARIES if canary in said]


@pytest.mark.parametrize(
    ("kind", "begins", "unread"),
    [
        ("ro_flat", "Your certificate ", None),
        ("ro_ini", "Your certificate ", None),
        ("rw_ini", "", say("page_without_it")),
    ],
)
def test_the_page_of_a_healthy_box_of_an_old_branch_is_read(
    kind: LayoutKind, begins: str, unread: Statement | None
) -> None:
    inquiry = runs.diagnose(runs.managed(kind).box).inquiry
    assert inquiry is not None
    assert inquiry.own_words.startswith(begins)
    assert bool(inquiry.own_words) is bool(begins)
    assert inquiry.own_unread == unread
