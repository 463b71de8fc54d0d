"""What the look from outside adds to what a box says of itself; a fault that the box names is not named twice."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from reconciler.codes import CodeName as C
from reconciler.codes import Variant
from reconciler.model.inquiry import Holder
from reconciler.model.statement import told
from reconciler.probe.judge import findings
from reconciler.probe.seen import Handshake, Seen

from ..support.observed import changed, healthy, temporary, wanted

SERVED = "ab" * 32
OWN = ("192.168.1.20",)
FINE = Handshake(fingerprint=SERVED, holder=Holder(subject="CN=box", issuer="CN=ca"))
DEAF = Handshake(error="timed out")
OTHER = Handshake(
    fingerprint="cd" * 32,
    holder=Holder(subject="CN=firewall", issuer="CN=Inspection"),
    untrusted="unable to get issuer",
)
DISTRUSTED = Handshake(fingerprint=SERVED, untrusted="certificate has expired")


@dataclass(frozen=True)
class Case:
    title: str
    codes: list[C]
    hand: Handshake = FINE
    hello: str | None = None
    addresses: tuple[str, ...] | None = OWN
    observed: dict[str, object] = field(default_factory=dict)
    evidence: str = ""
    variant: Variant | None = None
    by_another: bool = False
    own_dns_fails: bool = False


CASES = [
    Case("all well", []),
    Case("443 filtered", [C.HTTPS_UNREACHABLE], DEAF, evidence="port 443: timed out"),
    Case("443 filtered, but the box serves nothing", [], DEAF, observed={"certificates.served": None}),
    Case("interception", [C.OTHER_CERTIFICATE_OUTSIDE], OTHER, evidence="issued by CN=Inspection"),
    Case("interception by somebody trusted", [C.OTHER_CERTIFICATE_OUTSIDE], Handshake(fingerprint="cd" * 32)),
    Case("trusted there, not here", [C.HTTPS_UNTRUSTED], DISTRUSTED, evidence="certificate has expired"),
    Case("temporary, as the box knows", [], DISTRUSTED, observed={"certificates.live.certificate": temporary()}),
    Case("homepage filtered", [C.HOMEPAGE_UNREACHABLE], hello="timed out", evidence="port 8069: timed out"),
    Case(
        "homepage for nginx only, as the box knows",
        [C.HOMEPAGE_UNREACHABLE],
        hello="Connection refused",
        observed={"odoo.listens": ("127.0.0.1", "::1")},
        evidence="port 8069: Connection refused; on the box Odoo listens on 127.0.0.1, ::1 only",
        variant=Variant.LISTENS_ELSEWHERE,
    ),
    Case(
        "homepage open on the box, so something is in between",
        [C.HOMEPAGE_UNREACHABLE],
        hello="timed out",
        observed={"odoo.listens": ("127.0.0.1", "192.168.1.20")},
        evidence="port 8069: timed out",
    ),
    Case(
        "open for IPv6, which takes IPv4 too", [C.HOMEPAGE_UNREACHABLE], hello="x", observed={"odoo.listens": ("::",)}
    ),
    Case(
        "somebody else answers, so no firewall is in between",
        [C.HOMEPAGE_UNREACHABLE],
        hello="HTTP status 404",
        by_another=True,
        variant=Variant.ANOTHER_SERVER,
    ),
    Case(
        "HTTPS on another address of the box, as the box knows",
        [C.HTTPS_UNREACHABLE],
        DEAF,
        observed={"nginx.listens": ("10.11.12.1",)},
        evidence="nginx listens on 10.11.12.1 only",
        variant=Variant.LISTENS_ELSEWHERE,
    ),
    Case("homepage down, as the box knows", [], hello="refused", observed={"odoo.answers": False}),
    Case("rebind protection", [C.NAME_NOT_RESOLVED], addresses=(), evidence="should lead to 192.168.1.20"),
    Case(
        "no DNS at all here, so nothing is known of the tills'",
        [C.NAME_NOT_RESOLVED],
        addresses=(),
        own_dns_fails=True,
        evidence="public names lead nowhere from here either",
        variant=Variant.OWN_DNS_FAILS,
    ),
    Case("stale name", [C.NAME_LEADS_ELSEWHERE], addresses=("192.168.1.9",), evidence="leads to 192.168.1.9"),
    Case("one of several", [], addresses=("192.168.1.9", *OWN)),
    Case("name not asked for", [], addresses=None),
    Case("address not known", [], addresses=(), observed={"identity.address": None}),
    Case("all at once", [C.HTTPS_UNREACHABLE, C.HOMEPAGE_UNREACHABLE, C.NAME_NOT_RESOLVED], DEAF, "timed out", ()),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_case(case: Case) -> None:
    seen = Seen(
        name="192-168-1-20.d73e7513.odoo-iot.com",
        handshake=case.hand,
        hello=told(case.hello) if case.hello else None,
        hello_by_another=case.by_another,
        own_dns_fails=case.own_dns_fails,
        addresses=case.addresses,
    )
    found = findings(seen, changed(healthy(), case.observed), wanted())
    assert [each.code for each in found] == case.codes
    assert case.evidence in " ".join(each.evidence for each in found)
    assert case.variant in (None, *(each.variant for each in found))
    assert (case.variant is None) == all(each.variant is None for each in found)
