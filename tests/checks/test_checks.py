"""Every check against its tables: what it must find, what it must not, and that no table is missing a check or code."""

from __future__ import annotations

import pytest

from reconciler.checks import CONVERGE, GATES, Check, run
from reconciler.checks import Case as Judged
from reconciler.codes import CATALOGUE, Blocks, CodeName, Origin
from reconciler.model.observed import StoreFormat
from reconciler.model.statement import say, told

from ..support.observed import CODE, NOW, UUID, changed, healthy, wanted
from . import table_box, table_certificate, table_clients, table_homepage, table_link
from .case import Case

CASES = (
    *table_box.CASES,
    *table_link.CASES,
    *table_certificate.CASES,
    *table_clients.CASES,
    *table_homepage.CASES,
)
CHECKS = (*GATES, *CONVERGE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check.__name__}: {case.title}")
def test_check(case: Case) -> None:
    desired = changed(wanted(), case.desired)
    observed = changed(healthy(NOW, case.store_format), case.observed)

    found = case.check(Judged(desired, observed, NOW))

    if case.code is None or found is None:
        assert found is None
        assert case.code is None
        return
    assert found.code == case.code
    assert case.evidence in found.evidence
    assert case.kind in (None, found.finding_class)
    assert case.repairable in (None, found.repairable)
    assert not [secret for secret in (UUID, CODE, "link-token", "pass@") if secret in found.evidence]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("store_format", StoreFormat)
def test_healthy_box_passes(check: Check, store_format: StoreFormat) -> None:
    observed = healthy(NOW, store_format)
    if store_format is not StoreFormat.INI_RAW:
        observed = changed(observed, {"store.db_name": None})

    assert check(Judged(wanted(), observed, NOW)) is None


def test_each_check_has_a_row_that_triggers_it() -> None:
    assert {case.check for case in CASES if case.code is not None} == set(CHECKS)


def test_the_catalogue_knows_which_codes_come_from_checks() -> None:
    by_checks = {case.code for case in CASES if case.code is not None}

    assert by_checks | {CodeName.NOT_OBSERVED} == {
        code.name for code in CATALOGUE.values() if code.origin is Origin.CHECK
    }


def test_the_catalogue_knows_after_which_codes_nothing_is_judged() -> None:
    by_gates = {case.code for case in CASES if case.code is not None and case.check in GATES}

    assert by_gates == {code.name for code in CATALOGUE.values() if code.blocks is Blocks.ALL}


def test_no_two_rows_have_one_title() -> None:
    titles = [(case.check, case.title) for case in CASES]

    assert len(set(titles)) == len(titles)


def test_unknown_layout_silences_all_else() -> None:
    observed = changed(
        healthy(),
        {"layout.problem": say("no_mounts", path="/proc"), "odoo.answers": False, "gaps": {"disk": told("?")}},
    )

    assert [each.code for each in run(CONVERGE, Judged(wanted(), observed, NOW))] == [CodeName.UNSUPPORTED_LAYOUT]


def test_findings_come_in_the_order_of_the_checks_and_gaps_last() -> None:
    observed = changed(healthy(), {"odoo.answers": False, "store.server_url": None, "gaps": {"nginx": told("?")}})

    codes = [each.code for each in run(CONVERGE, Judged(wanted(), observed, NOW))]

    assert codes == [CodeName.CHECK_NO_SERVER, CodeName.ODOO_DOWN, CodeName.NOT_OBSERVED]
