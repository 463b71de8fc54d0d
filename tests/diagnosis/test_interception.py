"""The certificate that comes back tells a firewall that opens TLS from the login page of a network, and a proxy."""

from __future__ import annotations

import pytest

from reconciler.codes import CodeName
from reconciler.diagnosis.interception import covers, explain
from reconciler.model.inquiry import Contact, Holder
from reconciler.results.finding import finding

HOST = "www.odoo.com"
FIREWALL = Holder(subject="CN=www.odoo.com", issuer="CN=Shop Firewall CA,O=Fortinet", names=(HOST,))
PORTAL = Holder(subject="CN=login.hotspot.example", issuer="CN=R12", names=("login.hotspot.example",))
NAMELESS = Holder(subject="CN=router", issuer="CN=router", self_signed=True)


@pytest.mark.parametrize(
    ("holder", "proxied", "evidence", "remedy"),
    [
        (FIREWALL, False, "Shop Firewall CA", "A firewall or proxy on the way opens TLS"),
        (FIREWALL, True, "through iot_https_proxy", "The proxy of iot_https_proxy opens TLS"),
        (PORTAL, False, "login.hotspot.example", "login page of a guest network"),
        (NAMELESS, False, "CN=router", "login page of a guest network"),
        (None, False, "not one of www.odoo.com", "Exempt www.odoo.com"),
    ],
    ids=["firewall", "proxy", "login page", "router", "nobody knows"],
)
def test_who_answers(holder: Holder | None, proxied: object, evidence: str, remedy: str) -> None:
    contact = Contact(host=HOST, untrusted="unable to get local issuer certificate", holder=holder)
    said, variant = explain(contact, through_proxy=bool(proxied))
    found = finding(CodeName.ANSWER_NOT_FROM_ODOO, said, variant=variant)
    assert evidence in found.evidence
    assert remedy in found.remedy
    assert "network administrator" in found.remedy


@pytest.mark.parametrize(
    ("name", "covered"),
    [(HOST, True), ("*.odoo.com", True), ("WWW.ODOO.COM", True), ("odoo.com", False), ("*.com", False)],
)
def test_a_star_stands_for_one_label(name: str, covered: object) -> None:
    assert covers(Holder(subject="", issuer="", names=(name,)), HOST) is covered
