"""Before and after a refusal: what makes one likely, what the page says of it, and when a ticket is the way out."""

from __future__ import annotations

import pytest

from reconciler.codes import CodeName, Variant
from reconciler.diagnosis.hints import looks_like_tests
from reconciler.model.inquiry import LogEntry
from reconciler.model.statement import Statement, Value, say, told
from reconciler.model.step_name import StepName
from reconciler.results.diagnosis import StepState
from reconciler.results.finding import finding

from ..support.observed import NOW, certificate, pair
from .cases import cause, chain, step

C = CodeName
REFUSED = {
    "eligibility.code": C.LOAD_REQUEST_NO_RESULT,
    "eligibility.seen": (told("refused: No IoT Box subscription"),),
}
STATUS = {
    "eligibility.code": C.LOAD_REQUEST_STATUS,
    "eligibility.seen": (say("status", status=404, reason="Not Found"),),
}


@pytest.mark.parametrize(
    ("server", "tests"),
    [
        ("https://shop.example.com", False),
        ("https://mycompany.odoo.com", False),
        ("https://contest.example", False),
        ("https://device.example", False),
        ("https://acme.dev", False),
        ("https://staging.shop.example", True),
        ("https://shop-staging2.example", True),
        ("https://test-shop.odoo.com", True),
        ("https://shop-main-4711.dev.odoo.com", True),
        ("http://dev.shop.example:8069", True),
        ("https://shop-copy.odoo.com", True),
    ],
)
def test_addresses_of_databases_for_tests(server: str, tests: object) -> None:
    assert (looks_like_tests(server) is not None) is tests


def test_a_copy_in_the_inventory_is_a_warning_before_anybody_is_refused() -> None:
    diagnosis = chain({}, {"eligibility": None}, {"copies": ("https://old.example.com",)})
    assert cause(diagnosis) == C.DATABASE_COPIED
    assert "https://old.example.com" in step(diagnosis, StepName.ELIGIBILITY).evidence
    assert step(diagnosis, StepName.ELIGIBILITY).state is StepState.WARNED


@pytest.mark.parametrize("server", ["https://shop.example.com", "https://staging.example"])
def test_who_gets_certificates_is_not_blamed_for_a_name_or_a_copy(server: str) -> None:
    where = {"server_url": server, "copies": ("https://old.example.com",)}
    assert cause(chain({"store.server_url": server}, {}, where)) is None


def test_a_refusal_is_named_before_what_made_it_likely() -> None:
    diagnosis = chain(
        {"store.server_url": "https://staging.example"}, REFUSED, {"server_url": "https://staging.example"}
    )
    assert cause(diagnosis) == C.LOAD_REQUEST_NO_RESULT
    assert [each.code for each in diagnosis.later] == [C.DATABASE_FOR_TESTS]


@pytest.mark.parametrize("variant", [Variant.NO_IOT_SUBSCRIPTION, Variant.UNUSABLE, None, "nonsense"])
def test_the_kind_of_a_refusal_chooses_what_is_to_be_done(variant: str | None) -> None:
    diagnosis = chain({}, {**REFUSED, "eligibility.variant": variant})
    known = Variant(variant) if variant in set(Variant) else None
    assert diagnosis.cause is not None
    assert diagnosis.cause.remedy == finding(C.LOAD_REQUEST_NO_RESULT, told(""), variant=known).remedy


def test_a_box_that_was_not_asked_is_judged_by_the_words_in_its_log() -> None:
    text = "Error received from odoo.com while trying to get the certificate: No IoT Box subscription"
    entry = LogEntry(code=C.LOAD_REQUEST_NO_RESULT, at="2026-03-01 00:00:01", text=text)
    diagnosis = chain({}, {"eligibility": None, "unasked": say("too_late", left=12.0, needed=40.0), "log": (entry,)})
    found = [each for step in diagnosis.steps for each in step.findings]
    assert [each.variant for each in found if each.code == C.LOAD_REQUEST_NO_RESULT] == [Variant.NO_IOT_SUBSCRIPTION]


def test_a_box_that_was_refused_before_its_subscription_came_is_told_to_ask_again() -> None:
    late = {"certificates.live": pair(certificate(NOW, -2)), "certificates.mirror": pair(certificate(NOW, -2))}
    entry = LogEntry(code=C.LOAD_REQUEST_NO_RESULT, at="2026-03-01 00:00:01", text="Error received")
    diagnosis = chain(late, {"log": (entry,)})
    assert cause(diagnosis) == C.EXPIRED
    seen = step(diagnosis, StepName.ELIGIBILITY)
    assert seen.state is StepState.OK
    assert "refused on 2026-03-01 00:00:01" in seen.evidence
    assert "which reconcile does" in seen.evidence


def test_a_status_that_is_not_of_a_maintenance_is_a_ticket_with_its_three_digits() -> None:
    diagnosis = chain({}, STATUS)
    assert cause(diagnosis) == C.LOAD_REQUEST_STATUS
    assert diagnosis.ticket is not None
    assert "ERR_IOT_HTTPS_LOAD_REQUEST_STATUS 404" in diagnosis.ticket
    assert "itself answers 200" in diagnosis.ticket
    assert "shop.example.com" in diagnosis.ticket
    assert " IOT_HTTPS_" not in diagnosis.ticket


@pytest.mark.parametrize("status", [10**12, 0, "503", True, None])
def test_what_is_no_status_is_in_no_ticket(status: Value) -> None:
    seen = Statement("told", {"text": "answered 503", "status": status})
    assert chain({}, {**STATUS, "eligibility.seen": (seen,)}).ticket is None


def test_while_the_site_is_in_maintenance_one_waits_and_writes_no_ticket() -> None:
    diagnosis = chain({}, {"authority.status": 503, "authority.maintenance": True, "eligibility": None})
    assert cause(diagnosis) == C.LOAD_REQUEST_STATUS
    assert diagnosis.ticket is None
    assert diagnosis.cause is not None
    assert diagnosis.cause.variant is Variant.MAINTENANCE


def test_no_other_cause_has_a_ticket() -> None:
    assert chain({}, REFUSED).ticket is None
    assert chain().ticket is None
