"""Rows about the DNS servers of tills: what each answers for the box's name, and what that means."""

from __future__ import annotations

from reconciler.checks.clients import CHECKS
from reconciler.codes import CodeName
from reconciler.model.inquiry import DnsAnswer, DnsOutcome, Whose
from reconciler.model.severity import FindingClass

from .case import Case

NAME = "192-168-1-20.d73e7513.odoo-iot.com"
OUTAGE, REBIND, STALE, WRONG = CHECKS


def said(*addresses: str, outcome: DnsOutcome | None = None, server: str = "192.168.1.1") -> DnsAnswer:
    """Return the answer of one server."""
    outcome = outcome or (DnsOutcome.ANSWERED if addresses else DnsOutcome.NO_SUCH_NAME)
    return DnsAnswer(server=server, whose=Whose.CLIENTS, name=NAME, outcome=outcome, addresses=addresses, detail="X")


def asked(*answers: DnsAnswer) -> dict[str, object]:
    """Return what is observed then."""
    return {"client_dns": answers}


BLOCKED = FindingClass.BLOCKED
CASES = (
    Case("does not know the name", REBIND, CodeName.CLIENT_DNS_REBIND, asked(said()), kind=BLOCKED, evidence=NAME),
    Case("leads to nobody", REBIND, CodeName.CLIENT_DNS_REBIND, asked(said("0.0.0.0")), evidence="192.168.1.20"),
    Case("leads to the asker itself", REBIND, CodeName.CLIENT_DNS_REBIND, asked(said("127.0.0.1"))),
    Case("knows the box", REBIND, None, asked(said("192.168.1.20"))),
    Case("knows the box among others", STALE, None, asked(said("192.168.1.9", "192.168.1.20"))),
    Case("silent", OUTAGE, CodeName.CLIENT_DNS_OUTAGE, asked(said(outcome=DnsOutcome.SILENT)), repairable=False),
    Case("fails", OUTAGE, CodeName.CLIENT_DNS_OUTAGE, asked(said(outcome=DnsOutcome.FAILING)), evidence="answers X"),
    Case("silent is not hidden", REBIND, None, asked(said(outcome=DnsOutcome.SILENT))),
    Case("leads to another private address", STALE, CodeName.CLIENT_DNS_STALE, asked(said("192.168.1.99"))),
    Case("leads out of the shop", WRONG, CodeName.CLIENT_DNS_WRONG, asked(said("185.199.108.153"))),
    Case("old, and out of the shop too", STALE, CodeName.CLIENT_DNS_STALE, asked(said("192.168.1.99", "185.199.1.1"))),
    Case("private is not wrong but old", WRONG, None, asked(said("10.0.0.7"))),
    Case(
        "one of two",
        REBIND,
        CodeName.CLIENT_DNS_REBIND,
        asked(said("192.168.1.20"), said(server="192.168.1.2")),
        evidence="to 192.168.1.20: 192.168.1.2 (",
    ),
    Case("own address not known", REBIND, None, {**asked(said()), "identity.address": None}),
)
