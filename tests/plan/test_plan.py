"""Findings become the fewest repairs, in a safe order, each with its reasons."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

import pytest

from reconciler.checks import CONVERGE, Case, run
from reconciler.codes import CATALOGUE, CodeName
from reconciler.model.observed import Observed, StoreFormat
from reconciler.model.repair import CopyDirection, RepairKind
from reconciler.model.severity import FindingClass
from reconciler.model.wire import encode
from reconciler.plan import plan
from reconciler.results.finding import finding
from reconciler.results.result import Repair

from ..support.observed import CODE, NOW, UUID, changed, healthy, wanted
from . import table_edges, table_plan
from .table_edges import EDGES
from .table_plan import BOTH_DUE, BROKEN, DUE, LIVE, MIRROR, Row

ROWS = (*table_plan.ROWS, *EDGES)


def _planned(row: Row) -> tuple[Repair, ...]:
    desired, observed = changed(wanted(), row.desired), changed(_start(row.store_format), row.observed)
    return plan(run(CONVERGE, Case(desired, observed, NOW)), desired, observed, now=NOW)


def _values(repair: Repair) -> tuple[str | None, ...]:
    """Return what a repair is about: one value at least, `None` for a copy or restart that nothing is said of."""
    return (*repair.keys, *repair.resolvers) or (repair.direction or repair.condition,)


def _start(store_format: StoreFormat) -> Observed:
    return healthy(NOW, store_format)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)
def test_plan(row: Row) -> None:
    planned = _planned(row)

    assert [each.kind for each in planned] == [
        each if isinstance(each, RepairKind) else each[0] for each in row.repairs
    ]
    for repair, expected in zip(planned, row.repairs, strict=True):
        assert isinstance(expected, RepairKind) or _values(repair) == expected[1:]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)
def test_plan_is_ordered_says_why_and_keeps_secrets(row: Row) -> None:
    planned = _planned(row)
    order = [list(RepairKind).index(each.kind) for each in planned]

    assert order == sorted(set(order))
    assert all(each.because and len(set(each.because)) == len(each.because) for each in planned)
    assert all(code in set(CodeName) for each in planned for code in each.because)
    assert not [secret for secret in (UUID, CODE, "link-token") if secret in json.dumps(encode(planned))]


VALUES = {
    RepairKind.SET_RESOLVERS: "resolvers",
    RepairKind.COPY_CERTIFICATE: "direction",
    RepairKind.WRITE_STORE: "keys",
}
"""What a repair of a kind always has; a restart may have a condition."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)
def test_a_repair_has_the_values_of_its_kind_and_no_others(row: Row) -> None:
    for repair in _planned(row):
        has = {name for name in ("resolvers", "direction", "keys", "condition") if getattr(repair, name)}
        may = {"condition"} if repair.kind is RepairKind.RESTART_ODOO else set()
        assert has - may == ({VALUES[repair.kind]} if repair.kind in VALUES else set())


def test_each_kind_of_repair_is_planned_by_some_row() -> None:
    assert {each.kind for row in ROWS for each in _planned(row)} == set(RepairKind)


def test_each_code_that_reconcile_mends_asks_for_a_repair_in_some_row() -> None:
    asking = {code for row in ROWS for each in _planned(row) for code in each.because}
    assert asking == {code.name for code in CATALOGUE.values() if code.repairable}


def test_no_two_rows_have_one_title() -> None:
    assert len({row.title for row in ROWS}) == len(ROWS)


def test_because_names_the_codes_that_ask_for_it() -> None:
    observed = changed(healthy(), {LIVE: BROKEN, MIRROR: BROKEN, "store.enterprise_code": None})

    reasons = {
        each.kind: each.because for each in plan(run(CONVERGE, Case(wanted(), observed, NOW)), wanted(), observed)
    }

    assert reasons == {
        RepairKind.FETCH_CERTIFICATE: (CodeName.KEY_MISMATCH, CodeName.NOT_PERSISTED),
        RepairKind.WRITE_STORE: (CodeName.CREDENTIALS_DIFFER, CodeName.KEY_MISMATCH, CodeName.NOT_PERSISTED),
        RepairKind.INSTALL_CERTIFICATE: (CodeName.KEY_MISMATCH, CodeName.NOT_PERSISTED),
    }


def test_dates_are_judged_by_the_given_time_and_not_by_a_wrong_clock() -> None:
    observed = changed(healthy(), {LIVE: BROKEN, MIRROR: DUE})
    findings = run(CONVERGE, Case(wanted(), observed, NOW))

    earlier = plan(findings, wanted(), observed, now=NOW - timedelta(days=30))

    assert (earlier[0].kind, earlier[0].direction) == (RepairKind.COPY_CERTIFICATE, CopyDirection.MIRROR_TO_LIVE)
    assert plan(findings, wanted(), observed)[0].kind is RepairKind.FETCH_CERTIFICATE


@pytest.mark.parametrize("changes", [BOTH_DUE, {"store.enterprise_code": None}, {"store.db_name": "x"}])
def test_nothing_is_planned_without_a_finding(changes: Mapping[str, object]) -> None:
    assert plan((), wanted(), changed(healthy(), changes)) == ()


BLOCKERS = (
    CodeName.WRONG_BOX,
    CodeName.LINKED_ELSEWHERE,
    CodeName.UNSUPPORTED_LAYOUT,
    CodeName.UNSUPPORTED_PYTHON,
    CodeName.ACCESS_POINT_MODE,
)


@pytest.mark.parametrize("code", BLOCKERS)
def test_a_box_that_must_not_be_touched_is_not_whatever_else_is_found(code: CodeName) -> None:
    observed = changed(healthy(), BOTH_DUE)
    found = run(CONVERGE, Case(wanted(), observed, NOW))
    assert plan(found, wanted(), observed)
    assert plan((*found, finding(code)), wanted(), observed) == ()


def test_a_link_in_the_place_of_a_file_is_a_reason_of_whatever_replaces_it() -> None:
    link = finding(CodeName.FOREIGN_LINK, finding_class=FindingClass.DRIFTED)
    for changes in (BOTH_DUE, {MIRROR: BROKEN}):
        observed = changed(healthy(), changes)
        found = run(CONVERGE, Case(wanted(), observed, NOW))
        repairs = plan((*found, link), wanted(), observed)
        assert all(CodeName.FOREIGN_LINK in each.because for each in repairs)


def test_no_certificate_is_fetched_for_a_dead_manager_while_one_of_its_faults_waits() -> None:
    """What waits asks the authority itself when its time has come."""
    due = changed(healthy(), {**BOTH_DUE, "odoo.manager_dead": True})
    found = (finding(CodeName.RENEWAL_DUE), finding(CodeName.NOTHING_NEWER), finding(CodeName.ODOO_MANAGER_DEAD))
    assert [each.kind for each in plan(found, wanted(), due)] == [RepairKind.RESTART_ODOO]


def test_an_ended_certificate_is_fetched_although_nothing_newer_was_there_lately() -> None:
    expired = changed(healthy(), table_edges.BOTH_EXPIRED)
    found = (finding(CodeName.EXPIRED), finding(CodeName.NOTHING_NEWER))
    assert plan(found, wanted(), expired)[0].kind is RepairKind.FETCH_CERTIFICATE


def test_a_stored_name_that_is_not_the_certificates_makes_a_restart_sure() -> None:
    changes = {**BOTH_DUE, "store.subject": "*.old.odoo-iot.com", "layout.store_format": StoreFormat.FLAT}
    restart = plan((finding(CodeName.RENEWAL_DUE),), wanted(), changed(healthy(), changes))[-1]
    assert (restart.kind, restart.condition) == (RepairKind.RESTART_ODOO, None)


@pytest.mark.parametrize(
    "code", [CodeName.RESOLVERS_DIFFER, CodeName.RESOLVERS_NOT_PERSISTED, CodeName.RESOLVERS_DO_NOT_WORK]
)
def test_each_fault_of_resolvers_asks_for_them(code: CodeName) -> None:
    found = (finding(code, finding_class=FindingClass.DRIFTED),)
    assert [each.kind for each in plan(found, wanted(), healthy())] == [RepairKind.SET_RESOLVERS]


def test_an_odoo_without_a_certificate_of_its_own_asks_nobody_before_its_restart() -> None:
    temporary = changed(healthy(), {**table_plan.BOTH_TEMPORARY, "odoo.manager_dead": True})
    found = (finding(CodeName.ODOO_MANAGER_DEAD),)
    assert [each.kind for each in plan(found, wanted(), temporary)] == [RepairKind.RESTART_ODOO]


def test_a_pair_that_is_put_in_place_is_the_repair_of_an_nginx_that_does_not_serve() -> None:
    row = Row("", {LIVE: BROKEN, MIRROR: BROKEN, "nginx.running": False, "certificates.served": None}, ())
    install = next(each for each in _planned(row) if each.kind is RepairKind.INSTALL_CERTIFICATE)
    assert CodeName.NGINX_DOWN in install.because
