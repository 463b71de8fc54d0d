"""The certificate that comes back tells a firewall that opens TLS from the login page of a network, and a proxy."""

from __future__ import annotations

import pytest

from reconciler.codes import CodeName, Variant
from reconciler.diagnosis.interception import covers, explain
from reconciler.model.inquiry import Contact, Holder
from reconciler.results.finding import finding

HOST = "www.odoo.com"
FIREWALL = Holder(subject="CN=www.odoo.com", issuer="CN=Shop Firewall CA,O=Fortinet", names=(HOST,))
PORTAL = Holder(subject="CN=login.hotspot.example", issuer="CN=R12", names=("login.hotspot.example",))
NAMELESS = Holder(subject="CN=router", issuer="CN=router", self_signed=True)


@pytest.mark.parametrize(
    ("holder", "proxied", "evidence", "variant"),
    [
        (FIREWALL, False, "Shop Firewall CA", Variant.INSPECTED),
        (FIREWALL, True, "through iot_https_proxy", Variant.INSPECTED_BY_PROXY),
        (PORTAL, False, "login.hotspot.example", Variant.ANOTHER_SERVER),
        (NAMELESS, False, "CN=router", Variant.ANOTHER_SERVER),
        (None, False, "not one of www.odoo.com", None),
    ],
    ids=["firewall", "proxy", "login page", "router", "nobody knows"],
)
def test_who_answers(holder: Holder | None, proxied: object, evidence: str, variant: Variant | None) -> None:
    contact = Contact(host=HOST, untrusted="unable to get local issuer certificate", holder=holder)
    said, chosen = explain(contact, through_proxy=bool(proxied))
    found = finding(CodeName.ANSWER_NOT_FROM_ODOO, said, variant=chosen)
    assert evidence in found.evidence
    assert chosen is variant


@pytest.mark.parametrize(
    ("name", "covered"),
    [(HOST, True), ("*.odoo.com", True), ("WWW.ODOO.COM", True), ("odoo.com", False), ("*.com", False)],
)
def test_a_star_stands_for_one_label(name: str, covered: object) -> None:
    assert covers(Holder(subject="", issuer="", names=(name,)), HOST) is covered
