"""The name of a certificate is one question with one answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model.certificate_name import certificate_name, client_name, public_name, same_name

from ..support.observed import NOW, SUBJECT, certificate

BARE, OTHER = "d73e7513.odoo-iot.com", "*.3991e8c5.odoo-iot.com"
NAMES = (
    ("as it is issued today", (SUBJECT, BARE), SUBJECT, SUBJECT),
    ("no common name", (SUBJECT, BARE), None, SUBJECT),
    ("no common name, wildcard last", (BARE, SUBJECT), None, SUBJECT),
    ("common name is not the wildcard", (BARE, SUBJECT), BARE, SUBJECT),
    ("common name that clients are not told", (SUBJECT, BARE), OTHER, SUBJECT),
    ("two wildcards, the second is the common name", (SUBJECT, OTHER), OTHER, OTHER),
    ("two wildcards, no common name", (SUBJECT, OTHER), None, SUBJECT),
    ("no wildcard", (BARE, "till.example"), None, BARE),
    ("no wildcard, the second is the common name", (BARE, "till.example"), "till.example", "till.example"),
    ("common name alone", (), SUBJECT, SUBJECT),
    ("nothing", (), None, None),
)


@pytest.mark.parametrize(
    ("names", "common_name", "name"), [case[1:] for case in NAMES], ids=[case[0] for case in NAMES]
)
def test_the_wildcard_that_clients_are_told_comes_first(
    names: tuple[str, ...], common_name: str | None, name: str | None
) -> None:
    assert certificate_name(names, common_name) == name
    assert replace(certificate(NOW), names=names, subject_cn=common_name).name == name


@pytest.mark.parametrize(
    ("name", "client", "public"),
    [
        (SUBJECT, "192-168-1-20.d73e7513.odoo-iot.com", "192-168-1-20.d73e7513.odoo-iot.com"),
        (BARE, BARE, None),
        (None, "192-168-1-20", None),
        ("", "192-168-1-20", None),
    ],
)
def test_clients_ask_for_the_dashed_address_below_a_wildcard(name: str | None, client: str, public: str | None) -> None:
    assert client_name("192-168-1-20", name) == client
    assert public_name("192-168-1-20", name) == public


@pytest.mark.parametrize(
    ("other", "same"), [(SUBJECT, True), (SUBJECT.upper(), True), (f"{SUBJECT}.", True), (BARE, False), ("", False)]
)
def test_dns_knows_no_case_and_no_last_dot(other: str, *, same: bool) -> None:
    assert same_name(SUBJECT, other) is same
