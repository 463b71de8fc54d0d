"""Made-up runs over made-up stores: every state once, or as many boxes as one likes."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from reconciler.codes import CodeName
from reconciler.diff import with_diffs
from reconciler.model.desired import Mode
from reconciler.model.observed import Observed
from reconciler.model.secret import Secret
from reconciler.model.statement import told
from reconciler.plan import plan
from reconciler.results.finding import Finding, finding
from reconciler.results.fleet import BoxReport, BoxState, FleetReport
from reconciler.results.result import RepairOutcome, RepairStatus, Result
from tests.support.observed import NOW, certificate, changed, healthy, pair, wanted

CANARIES = ("canary-token", "canary-uuid", "canary-code", "canary-proxy")
OTHER_DNS: dict[str, Any] = {"resolvers.live": ("192.0.2.53",), "resolvers.persistent": ("192.0.2.53",)}
BRANCHES = (("25.07", "19.0"), ("24.10", "17.0"), ("23.11", "16.0"))


def observed(number: int = 0, days: float = 60.0, **changes: object) -> Observed:
    """Return a look at one box; it holds secrets that no report may show."""
    image, branch = BRANCHES[number % len(BRANCHES)]
    leaf = certificate(NOW, days)
    secrets = {
        "store.token": Secret("canary-token"),
        "store.db_uuid": Secret("canary-uuid"),
        "store.enterprise_code": Secret("canary-code"),
    }
    where = {
        "identity.address": f"192.168.{number % 9 + 1}.{number % 240 + 10}",
        "layout.image_version": image,
        "layout.branch": branch,
        "certificates.live": pair(leaf),
        "certificates.mirror": pair(leaf),
        "certificates.served": leaf.fingerprint,
    }
    return changed(healthy(), {**where, **secrets, **changes})


def looked(name: str, seen: Observed, *findings: Finding, mode: Mode = Mode.CHECK, **more: Any) -> Result:
    """Return what the box program answers when it finds this and changes nothing."""
    desired = wanted(name=name)
    repairs = with_diffs(plan(findings, desired, seen), desired, seen)
    base = Result(
        name=name, mode=mode, started_at=NOW, seconds=3.2, before=findings, plan=repairs, after=findings, observed=seen
    )
    return dataclasses.replace(base, **more)


def mended(result: Result, *left: Finding) -> Result:
    """Return the same box after a reconcile that did all that was planned."""
    outcomes = tuple(RepairOutcome(repair=each, status=RepairStatus.DONE, seen=(told("done"),)) for each in result.plan)
    return dataclasses.replace(result, mode=Mode.RECONCILE, outcomes=outcomes, after=left, changed=True)


def box(name: str, state: BoxState, result: Result | None = None, **more: Any) -> BoxReport:
    """Return a box of a shop in Hanoi."""
    findings = result.after if result else ()
    base = BoxReport(
        name=name, state=state, customer="Pho 24", store="Hanoi", findings=findings, result=result, seconds=4.5
    )
    return dataclasses.replace(base, **more)


def report(boxes: Sequence[BoxReport], **more: Any) -> FleetReport:
    """Return a check of these boxes."""
    base = FleetReport(mode=Mode.CHECK, started_at=NOW, seconds=41.7, boxes=tuple(boxes))
    return dataclasses.replace(base, **more)


def expired() -> Finding:
    """Return a finding that reconcile mends."""
    return finding(CodeName.EXPIRED, told("*.d73e7513.odoo-iot.com ended 2026-02-28T12:00:00Z (2 days ago)"))


def dns() -> Finding:
    """Return another one, milder."""
    return finding(CodeName.RESOLVERS_DIFFER, told("the box asks 192.0.2.53, it should ask 1.1.1.1, 8.8.8.8"))


def offline(number: int = 1) -> Finding:
    """Return why there was no connection."""
    return finding(CodeName.CONNECTION_TIMEOUT, told(f"192.168.1.{number} port 22: no answer within 10 s"))


def held() -> Finding:
    """Return why a box was not looked at."""
    return finding(CodeName.BUSY, told("process 7 is at work on it since 12:00"))


def name_unknown() -> Finding:
    """Return a warning that nobody can mend here."""
    return finding(CodeName.NAME_NOT_RESOLVED, told("192-168-1-10.d73e7513.odoo-iot.com: no such name"))


def every_state() -> FleetReport:
    """Return 14 boxes of three shops, every state among them."""
    seen = observed
    due = looked("hanoi-2", seen(2, -2), expired())
    both = looked("hanoi-3", seen(3, -2, **OTHER_DNS), expired(), dns())
    no_entitlement = finding(CodeName.LOAD_REQUEST_NO_RESULT, told("www.odoo.com: 200 without a certificate"))
    stuck = looked("hue-2", seen(6, 4), no_entitlement, mode=Mode.RECONCILE, failed=True)
    boxes = [
        box("hanoi-1", BoxState.IN_SYNC, looked("hanoi-1", seen(1))),
        box("hanoi-2", BoxState.DIFFERS, due),
        box("hanoi-3", BoxState.DIFFERS, both),
        box("hanoi-4", BoxState.UNREACHABLE, findings=(offline(13),)),
        box("hanoi-5", BoxState.DEFERRED, findings=(offline(14),)),
        box("hue-1", BoxState.CHANGED, mended(looked("hue-1", seen(5), expired(), dns())), store="Hue"),
        box("hue-2", BoxState.FAILED, stuck, store="Hue"),
        box("hue-3", BoxState.IN_SYNC, looked("hue-3", seen(7), name_unknown()), store="Hue"),
        box("hue-4", BoxState.IN_SYNC, looked("hue-4", seen(8), name_unknown()), store="Hue"),
        box("kitchen", BoxState.DIFFERS, looked("kitchen", seen(9, 6), expired()), customer=None, store=None),
        box(
            "backoffice",
            BoxState.INVALID,
            customer=None,
            store=None,
            problems=("iot_https_renew_before_days: 8 is expected to be more than iot_https_overdue_days, 9",),
        ),
        box("cellar", BoxState.NOT_ATTEMPTED, customer=None, store=None),
        box("garage", BoxState.BUSY, findings=(held(),), customer=None, store=None),
        box("gateway", BoxState.NOT_MANAGED, store="Hue"),
    ]
    return report(boxes, interrupted=True)


def many(number: int = 300) -> FleetReport:
    """Return a fleet of 60 stores in which a few boxes have something."""
    return report([_nth(each) for each in range(number)], seconds=74.0)


def _nth(number: int) -> BoxReport:
    store = f"Store {number // 5 + 1:02}"
    name = f"s{number // 5 + 1:02}-till-{number % 5 + 1}"
    place: dict[str, Any] = {"customer": ("Pho 24", "Banh Mi Ba")[number // 150], "store": store}
    if number % 23 == 7:
        return box(name, BoxState.UNREACHABLE, findings=(offline(number % 250),), **place)
    if number % 17 == 3:
        left = number % 9 - 4
        ended = NOW + timedelta(days=left)
        due = finding(
            CodeName.EXPIRED if left < 0 else CodeName.RENEWAL_DUE, told(f"*.d73e7513.odoo-iot.com: {ended:%F}")
        )
        return box(name, BoxState.DIFFERS, looked(name, observed(number, left), due), **place)
    if number % 31 == 5:
        return box(name, BoxState.DIFFERS, looked(name, observed(number, **OTHER_DNS), dns()), **place)
    if number % 5 == 4:
        return box(name, BoxState.IN_SYNC, looked(name, observed(number), name_unknown()), **place)
    return box(name, BoxState.IN_SYNC, looked(name, observed(number, 30 + number % 50)), **place)
