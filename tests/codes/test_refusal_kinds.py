"""What www.odoo.com says when it refuses chooses what a person is told to do."""

from __future__ import annotations

import pytest

from reconciler.codes import CATALOGUE, CodeName, Variant, refusal_kinds
from reconciler.model.statement import told
from reconciler.results.finding import finding

V = Variant
SAID: tuple[tuple[Variant | None, str], ...] = (
    (V.NO_IOT_SUBSCRIPTION, "No IoT Box subscription"),
    (V.NO_IOT_SUBSCRIPTION, "No active IoT Box subscription was found for this database"),
    (V.NO_IOT_SUBSCRIPTION, "Your subscription does not include an IoT Box line"),
    (V.NO_IOT_SUBSCRIPTION, "An IoT Box subscription is required"),
    (
        V.NO_IOT_SUBSCRIPTION,
        "Error received from odoo.com while trying to get the certificate: No IoT Box subscription ",
    ),
    (V.NOT_IN_PROGRESS, "The subscription is not in progress"),
    (V.NOT_IN_PROGRESS, "Your IoT Box subscription has expired"),
    (V.NOT_IN_PROGRESS, "No active subscription"),
    (V.NOT_IN_PROGRESS, "This contract is closed."),
    (V.UNKNOWN_DATABASE, "Unknown database"),
    (V.UNKNOWN_DATABASE, "The database is not known"),
    (V.UNKNOWN_DATABASE, "No such db_uuid"),
    (V.UNKNOWN_DATABASE, "Database UUID not found"),
    (V.NOT_PRODUCTION, "This database is a duplicate"),
    (V.NOT_PRODUCTION, "Not a production database"),
    (V.NOT_PRODUCTION, "refused: copy of a database"),
    (V.NOT_PRODUCTION, "Neutralized databases get no certificate"),
    (V.OTHER_CONTRACT, "Invalid enterprise code"),
    (V.OTHER_CONTRACT, "The enterprise_code does not match"),
    (V.OTHER_CONTRACT, "Contract number not found"),
    (V.ASKED_TOO_OFTEN, "Too many certificates already issued"),
    (V.ASKED_TOO_OFTEN, "Rate limited, try again later"),
    (V.SERVER_ERROR, "Server error received from odoo.com while trying to get the certificate: {'code': 200}"),
    (None, "The database is not known or its subscription is not in progress"),
    (None, "Access Denied"),
    (None, "Abonnement introuvable"),
    (None, ""),
)


@pytest.mark.parametrize(("kind", "said"), SAID, ids=[said[:40] or "nothing" for _, said in SAID])
def test_words_of_a_refusal_are_of_one_kind_or_of_none(kind: Variant | None, said: str) -> None:
    assert refusal_kinds.kind_of(said) is kind


def test_every_kind_is_one_of_a_refusal_and_has_texts_of_its_own() -> None:
    entry = CATALOGUE[CodeName.LOAD_REQUEST_NO_RESULT]
    assert {kind for kind, _ in SAID if kind} <= set(entry.variants)
    for variant in entry.variants:
        found = finding(entry.name, told("seen"), variant=variant)
        assert found.title != entry.title
        assert found.cause != entry.cause
        assert found.remedy != entry.remedy


def test_without_an_iot_line_the_page_and_the_newer_rule_are_both_named() -> None:
    remedy = finding(CodeName.LOAD_REQUEST_NO_RESULT, told("seen"), variant=V.NO_IOT_SUBSCRIPTION).remedy
    assert "the page up to 18.0 asks for an IoT Box subscription line" in remedy
    assert "the newer ones only for a production database" in remedy
    assert "add one" in remedy


def test_a_long_text_costs_little() -> None:
    assert refusal_kinds.kind_of("no iot " * 100_000) is None
