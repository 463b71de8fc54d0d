"""Do the DNS servers that tills and terminals ask lead them to the box? Checked, never changed.

One server may hide names that lead to private addresses, be out of order, or give an old or a wrong address: each is
another remedy. How it hides a name is its own affair (no such name, an error, silence): a public name, asked of the
same server, tells that from an outage, and public DNS, where it was asked, from a name that does not exist.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from typing import Final

from ..codes import CodeName, Origin, Variant
from ..codes.catalogue.clients import CODES
from ..model.inquiry import DnsAnswer, DnsOutcome, Whose
from ..model.statement import Statement, say
from ..results.finding import Finding, finding
from .case import Case, Check

KINDS: Final = tuple(code.name for code in CODES)
"""All that can be wrong, in the order in which it is told."""
_SHOPS: Final = tuple(
    map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"))
)
"""RFC 1918, link-local addresses, and those of providers that share one address among customers (RFC 6598)."""
_LIKELY: Final = (Whose.BOX, Whose.ROUTER)


def _check(kind: CodeName) -> Check:
    def check(case: Case) -> Finding | None:
        found = findings(case.observed.client_dns, case.observed.identity.address)
        return next((each for each in found if each.code == kind), None)

    check.__doc__ = f"No DNS server of the clients has {kind}."
    check.__name__ = f"check_{kind.name.lower()}"
    return check


CHECKS: Final[tuple[Check, ...]] = tuple(map(_check, (code.name for code in CODES if code.origin is Origin.CHECK)))
"""Only public DNS, which a box is not made to ask, tells that there is no such name."""


def findings(answers: Sequence[DnsAnswer], address: str | None, public: DnsAnswer | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with DNS servers of clients, one finding for each kind.

    Args:
        answers: of each server about the box's public name.
        address: the box's own.
        public: what public DNS says of the name, asked from elsewhere; `None` where it was not.
    """
    if address is None:
        return ()
    told = public is not None and public.outcome in (DnsOutcome.ANSWERED, DnsOutcome.NO_SUCH_NAME)
    asked = (*answers, public) if public is not None and told else answers
    judged = [(answer, verdict(answer, address, public)) for answer in asked]
    by_kind = {kind: tuple(each for each, code in judged if code is kind) for kind in KINDS}
    return tuple(_finding(kind, found, address, public) for kind, found in by_kind.items() if found)


def _finding(kind: CodeName, answers: Sequence[DnsAnswer], address: str, public: DnsAnswer | None) -> Finding:
    """Build the finding; where it is only likely that tills ask these servers, the way out is to say which they ask."""
    is_likely = kind is not CodeName.CLIENT_DNS_UNKNOWN_NAME and all(each.whose in _LIKELY for each in answers)
    variant = Variant.LIKELY_ASKED if is_likely else None
    return finding(kind, *_seen(answers, address, public), variant=variant)


def verdict(answer: DnsAnswer, address: str, public: DnsAnswer | None = None) -> CodeName | None:
    """Return what is wrong with one answer about the box's public name."""
    if address in answer.addresses:
        return None
    if leads_nowhere(answer):
        if not answer.works:
            return CodeName.CLIENT_DNS_OUTAGE
        return CodeName.CLIENT_DNS_UNKNOWN_NAME if _is_lost(answer, public) else CodeName.CLIENT_DNS_REBIND
    private = any(map(_is_private, answer.addresses))
    return CodeName.CLIENT_DNS_STALE if private else CodeName.CLIENT_DNS_WRONG


def _is_lost(answer: DnsAnswer, public: DnsAnswer | None) -> bool:
    """Tell whether nobody can look the name up, public DNS either, so that the shop's server is not to blame."""
    if public is None:
        return False
    failing = DnsOutcome.FAILING
    return public.outcome is DnsOutcome.NO_SUCH_NAME or (public.outcome is failing and answer.outcome is failing)


def _seen(answers: Sequence[DnsAnswer], address: str, public: DnsAnswer | None) -> Iterator[Statement]:
    yield say("should_lead", name=answers[0].name, address=address)
    yield from (answered(each, each.whose) for each in answers)
    if public is not None and public not in answers:
        yield answered(public, Whose.PUBLIC)


def answered(answer: DnsAnswer, whose: Whose | None = None) -> Statement:
    """Say what a server did, in a sentence of `DNS_ANSWERS`, and whose it is where that matters."""
    public = None if answer.others is None else answer.works
    if answer.outcome is DnsOutcome.ANSWERED:
        return say("answered", server=answer.server, whose=whose, addresses=answer.addresses, public=public)
    if answer.outcome is DnsOutcome.SILENT:
        return say("silent", server=answer.server, whose=whose, public=public)
    return say("said", server=answer.server, whose=whose, said=answer.detail or answer.outcome, public=public)


def leads_nowhere(answer: DnsAnswer) -> bool:
    """Tell whether a server gave no address, or none at which anybody could be."""
    return all(map(_is_nowhere, answer.addresses))


def _is_nowhere(address: str) -> bool:
    """Tell whether an address leads to nobody: filters answer 0.0.0.0 or the asker itself."""
    parsed = ipaddress.ip_address(address)
    return parsed.is_unspecified or parsed.is_loopback


def _is_private(address: str) -> bool:
    """Tell whether an address is one that shops use: `is_private` of Python also holds what nobody uses at all."""
    parsed = ipaddress.ip_address(address)
    return any(parsed in network for network in _SHOPS)
