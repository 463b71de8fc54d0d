"""Three hundred boxes with mixed causes come to work orders that say for each shop what is to be done, and by whom."""

from __future__ import annotations

import asyncio
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from iotbox_simulator.fleet import Fleet
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.scenario import OFFLINE, Customer, Scenario, ScenarioBox
from reconciler.codes import CodeName
from reconciler.engine.run import Run
from reconciler.engine.settings import Settings
from reconciler.engine.stop import Stop
from reconciler.engine.world import World
from reconciler.model.target import ConnectionKind, Target
from reconciler.report import diagnosis_text, json_report
from reconciler.report.work_order import Scope, work_orders
from reconciler.results.fleet import BoxReport, FleetReport
from tests.engine.world import Nobody

C = CodeName
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PHO = Customer("Pho 24", "https://pho.example", "aaaaaaaa-2222-3333-4444-555555555555", "MCANARY1")
BANH = Customer("Banh Mi Ba", "https://banh.example", "bbbbbbbb-2222-3333-4444-555555555555", "MCANARY2")
KINDS: tuple[LayoutKind, ...] = ("ro_flat", "ro_ini", "rw_ini", "rw_newest")
FAULTS = {
    3: ("expired",),
    19: (OFFLINE,),
    42: ("nginx_broken",),
    77: ("credentials",),
    101: ("intercepted",),
    120: ("wrong_clock", "expired"),
    151: ("other_customer",),
    180: ("mixed", "nginx_down"),
    222: ("resolvers",),
    255: ("database_down",),
    271: ("lost_at_restart",),
}
"""By the number of a box. In the third store all boxes are behind a router that hides their names."""
CAUSES = {
    3: C.EXPIRED,
    19: C.CONNECTION_TIMEOUT,
    42: C.NGINX_CONFIG_BROKEN,
    77: C.CREDENTIALS_DIFFER,
    101: C.ANSWER_NOT_FROM_ODOO,
    120: C.WRONG_CLOCK,
    151: C.LINKED_ELSEWHERE,
    180: C.KEY_MISMATCH,
    222: C.RESOLVERS_DO_NOT_WORK,
    255: C.DATABASE_UNREACHABLE,
    271: C.NOT_PERSISTED,
    **dict.fromkeys(range(10, 15), C.CLIENT_DNS_REBIND),
}


def name(number: int) -> str:
    return f"s{number // 5:02}-till-{number % 5 + 1}"


def one(number: int) -> ScenarioBox:
    faults = FAULTS.get(number, ("hidden_name",) if number // 5 == 2 else ())
    customer = PHO if number < 150 else BANH
    return ScenarioBox(name(number), customer, f"Store {number // 5:02}", KINDS[number % 4], faults)


@pytest.fixture(scope="module")
def report() -> FleetReport:
    fleet = Fleet.opened(Scenario(tuple(map(one, range(300))), ("1.1.1.1", "8.8.8.8")), NOW)
    targets = [Target(desired=fleet.desired(each), connection=ConnectionKind.LOCAL) for each in fleet.boxes]

    async def may(_: object) -> str | None:
        raise AssertionError("a diagnosis asks nobody whether it may")

    world = World(visit=fleet.visit, may=may, relay=Nobody(), now=lambda: NOW, monotonic=lambda: 0.0)
    return asyncio.run(Run(targets, (), Settings(), world, Stop()).diagnose())


def causes(boxes: tuple[BoxReport, ...]) -> dict[str, str]:
    return {box.name: box.diagnosis.cause.code for box in boxes if box.diagnosis and box.diagnosis.cause}


def shown(report: FleetReport) -> str:
    stream = io.StringIO()
    diagnosis_text.show(report, stream)
    return stream.getvalue()


def test_each_box_has_its_cause_and_no_other(report: FleetReport) -> None:
    assert causes(report.boxes) == {name(number): code for number, code in CAUSES.items()}


def test_each_box_with_a_cause_is_in_the_order_of_its_shop_once(report: FleetReport) -> None:
    listed = [(box, order.store) for order in work_orders(report.boxes) for job in order.jobs for box in job.boxes]
    assert sorted(listed) == sorted((name(number), f"Store {number // 5:02}") for number in CAUSES)


def test_a_shop_in_order_is_not_told_of(report: FleetReport) -> None:
    text = shown(report)
    assert text.count("Store ") == len({number // 5 for number in CAUSES})
    assert f"Nothing to do in {60 - len({number // 5 for number in CAUSES})} other stores." in text


def test_a_work_order_says_what_to_do_where_with_which_evidence(report: FleetReport) -> None:
    text = shown(report)
    order = text[text.index("Pho 24 / Store 02") : text.index("Pho 24 / Store 03")]
    assert order.startswith("Pho 24 / Store 02   5 of 5 boxes\n")
    assert "  1. The shop's DNS hides the box's odoo-iot.com name\n" in order
    assert "              rebind-domain-ok=/odoo-iot.com/\n" in order
    assert "     boxes  s02-till-1, s02-till-2, s02-till-3, s02-till-4, s02-till-5\n" in order
    assert "     code   IOT_HTTPS_CLIENT_DNS_REBIND\n" in order
    assert "8.8.8.8 (public DNS) answers" in " ".join(order.split())


def test_what_the_program_does_itself_is_one_command(report: FleetReport) -> None:
    text = shown(report)
    assert "     iot-https reconcile s00-till-4\n       fixes  The certificate has expired (s00-till-4)\n" in text


def test_lines_fit_and_no_secret_is_in_them(report: FleetReport) -> None:
    text = shown(report)
    assert max(map(len, text.splitlines())) <= 125  # lines that are to be copied are not broken
    assert not [canary for canary in ("MCANARY", "aaaaaaaa-", "bbbbbbbb-") if canary in text]
    assert not [canary for canary in ("MCANARY", "aaaaaaaa-", "bbbbbbbb-") if canary in json_report.render(report)]


def test_the_json_keeps_its_schema_and_says_the_same(report: FleetReport) -> None:
    parsed: dict[str, Any] = json.loads(json_report.render(report))
    assert [error.message for error in Draft202012Validator(json_report.schema()).iter_errors(parsed)] == []
    listed = {
        box["name"]: job["code"] for order in parsed["work_orders"] for job in order["jobs"] for box in job["boxes"]
    }
    assert listed == causes(report.boxes)
    assert {order["scope"] for order in parsed["work_orders"]} == {"store"}
    assert {box["name"]: box["diagnosis"]["cause"] for box in parsed["boxes"] if box["diagnosis"]["cause"]} == listed


@pytest.mark.parametrize("authority", ["refuse", 418])
def test_what_hangs_on_a_database_is_told_once(authority: Any) -> None:
    boxes = tuple(ScenarioBox(name(number), PHO, f"Store {number}", "rw_ini", ()) for number in range(4))
    fleet = Fleet.opened(Scenario(boxes, ("1.1.1.1",), authority), NOW)
    targets = [Target(desired=fleet.desired(each.name), connection=ConnectionKind.LOCAL) for each in boxes]

    async def may(_: object) -> str | None:
        return None

    world = World(visit=fleet.visit, may=may, relay=Nobody(), now=lambda: NOW, monotonic=lambda: 0.0)
    report = asyncio.run(Run(targets, (), Settings(), world, Stop()).diagnose())
    orders = work_orders(report.boxes)
    assert [order.scope for order in orders] == [Scope.CUSTOMER]
    assert len(orders[0].jobs) == 1
    assert "Pho 24, its database   4 of 4 boxes" in shown(report)
