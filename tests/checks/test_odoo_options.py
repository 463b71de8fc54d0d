"""What an option of Odoo does to tills is named, and a restart that would cut them off is not made."""

from __future__ import annotations

import pytest

from reconciler.checks import CONVERGE, Case, run
from reconciler.checks.odoo_options import check_odoo_options
from reconciler.codes import CodeName
from reconciler.model.observed import OPTIONS_OF_REACH
from reconciler.model.repair import RepairKind
from reconciler.model.severity import Severity
from reconciler.plan import plan

from ..support.observed import NOW, changed, healthy, wanted
from .table_odoo_options import ROWS, Row


def title(row: Row) -> str:
    """Return the name of a row."""
    return f"{row.branch}: {row.option} = {row.value}"


@pytest.mark.parametrize("row", ROWS, ids=title)
def test_an_option_is_judged_by_what_it_does_to_tills(row: Row) -> None:
    observed = changed(healthy(), {"odoo.options": {row.option: row.value}, "layout.branch": row.branch})
    found = check_odoo_options(Case(wanted(), observed, NOW))
    assert (found and found.severity) == row.severity
    if found is not None:
        assert f"{row.option} = {row.value}: " in found.evidence
        assert ("from Odoo's next start on" in found.evidence) is (row.severity is Severity.ERROR)
        assert not found.repairable


@pytest.mark.parametrize("row", [row for row in ROWS if row.severity is Severity.ERROR], ids=title)
def test_where_an_option_is_the_cause_odoo_is_not_called_down_and_not_restarted(row: Row) -> None:
    observed = changed(
        healthy(), {"odoo.options": {row.option: row.value}, "odoo.answers": False, "odoo.restart_pending": True}
    )
    found = run(CONVERGE, Case(wanted(), observed, NOW))
    assert [each.code for each in found] == [CodeName.ODOO_OPTIONS, CodeName.ODOO_RESTART_PENDING]
    assert "next start" not in found[0].evidence
    assert not any(each.repairable for each in found)
    assert RepairKind.RESTART_ODOO not in [each.kind for each in plan(found, wanted(), observed)]


def test_all_that_is_wrong_is_in_one_finding() -> None:
    observed = changed(healthy(), {"odoo.options": {"proxy_mode": "True", "http_port": "80"}})
    found = check_odoo_options(Case(wanted(), observed, NOW))
    assert found is not None
    assert found.severity is Severity.ERROR
    assert "proxy_mode = True: " in found.evidence
    assert "http_port = 80: nginx and tills ask port 8069" in found.evidence


def test_a_declared_port_of_the_homepage_is_what_counts() -> None:
    observed = changed(healthy(), {"odoo.options": {"http_port": "8070"}})
    assert check_odoo_options(Case(wanted(homepage_port=8070), observed, NOW)) is None


def test_every_option_that_is_judged_is_read() -> None:
    assert {row.option for row in ROWS} == set(OPTIONS_OF_REACH)
