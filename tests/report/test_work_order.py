"""What is work for whom: nobody's, a customer's, a shop's; one ticket for each customer and status."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from reconciler.codes import CodeName, Variant
from reconciler.model.desired import Mode
from reconciler.model.statement import Statement, say, told
from reconciler.report import diagnosis_text, json_report
from reconciler.report.work_order import Scope, work_orders
from reconciler.results.diagnosis import Diagnosis
from reconciler.results.finding import finding
from reconciler.results.fleet import BoxReport, BoxState

from .fleet import expired, looked, observed, report

C = CodeName


def box(
    name: str,
    customer: str,
    code: CodeName,
    variant: Variant | None = None,
    *,
    ticket: str | None = None,
    seen: Statement | None = None,
) -> BoxReport:
    found = finding(code, seen or told("seen"), variant=variant)
    return BoxReport(
        name=name,
        state=BoxState.DIFFERS,
        customer=customer,
        store="Hanoi",
        findings=(found,),
        diagnosis=Diagnosis(steps=(), cause=found, ticket=ticket),
    )


def answered(name: str, customer: str, status: int) -> BoxReport:
    ticket = f"Subject: HTTP status {status}\n\nDatabase: https://{customer}.example"
    seen = say("status", status=status, reason="no reason")
    return box(name, customer, C.LOAD_REQUEST_STATUS, Variant.NO_MAINTENANCE, ticket=ticket, seen=seen)


def test_each_customer_has_a_ticket_of_its_own_for_each_status() -> None:
    boxes = [answered("a1", "acme", 500), answered("a2", "acme", 500), answered("a3", "acme", 429)]
    orders = work_orders([*boxes, answered("b1", "beta", 500)])
    told = {
        (order.customer, tuple(job.boxes)): job.ticket.splitlines()[0].split()[-1]
        for order in orders
        for job in order.jobs
        if job.ticket
    }
    assert told == {("acme", ("a1", "a2")): "500", ("acme", ("a3",)): "429", ("beta", ("b1",)): "500"}
    assert {order.scope for order in orders} == {Scope.CUSTOMER}
    assert all(job.ticket and f"https://{order.customer}" in job.ticket for order in orders for job in order.jobs)


def test_waiting_for_the_site_is_told_once() -> None:
    orders = work_orders([box(name, name, C.LOAD_REQUEST_STATUS, Variant.MAINTENANCE) for name in ("acme", "beta")])
    assert [(order.scope, order.customer, len(order.jobs)) for order in orders] == [(Scope.EVERYWHERE, None, 1)]


def test_what_is_wrong_with_the_control_machine_is_told_once_and_not_to_a_store() -> None:
    boxes = [box(name, name, C.LOAD_REQUEST_EXCEPTION, Variant.CONTROL_MACHINE) for name in ("acme", "beta")]
    (order,) = work_orders([*boxes, box("gamma", "gamma", C.LOAD_REQUEST_EXCEPTION)])[:1]
    (job,) = order.jobs
    assert (order.scope, job.title, tuple(job.boxes)) == (
        Scope.EVERYWHERE,
        "The control machine cannot reach www.odoo.com",
        ("acme", "beta"),
    )


@pytest.mark.parametrize(("number", "option"), [(10, ""), (11, " --max-changed 11")])
def test_the_command_that_is_shown_changes_all_of_its_boxes(number: int, option: str) -> None:
    seen = observed(0, -2)
    result = looked("till", seen, expired(), mode=Mode.DIAGNOSE)
    boxes = [replace(box(f"till-{each}", "acme", C.EXPIRED), result=result) for each in range(number)]
    lines = [line.text.strip() for line in diagnosis_text.render(report(boxes))]
    names = ",".join(f"till-{each}" for each in range(number))
    assert f"iot-https reconcile {names}{option}" in " ".join(lines).replace(" \\ ", " ")


STRANGERS = [
    (C.LINKED_ELSEWHERE, "the box is linked to https://beta.example, it should be https://acme.example"),
    (C.WRONG_BOX, "this box has serial number 1000, the inventory says 2000"),
    (C.HOST_KEY_CHANGED, "192.0.2.1 shows ssh-ed25519 SHA256:x, and a1 is known by another key"),
]


@pytest.mark.parametrize(("code", "evidence"), STRANGERS)
def test_work_for_one_customer_names_no_other(code: CodeName, evidence: str) -> None:
    """Whose box answered is on the own screen and in the finding, and in no text that is passed on."""
    judged = replace(box("a1", "acme", code), findings=())
    cause = replace(finding(code, told(evidence)), of_others=(told("that is beta-till-1 (beta, Hue)"),))
    boxes = [replace(judged, findings=(cause,), diagnosis=Diagnosis(steps=(), cause=cause))]
    boxes += [replace(box(f"a{each}", "acme", C.EXPIRED)) for each in (2, 3, 4)]
    fleet = report(boxes, mode=Mode.DIAGNOSE)
    shown = "\n".join(line.text for line in diagnosis_text.render(fleet))
    assert "a1" in shown
    assert "beta" not in shown
    as_object = json.loads(json_report.render(fleet))
    assert "beta" not in json.dumps(as_object["work_orders"])
    assert as_object["boxes"][0]["findings"][0]["whose"] == cause.whose
