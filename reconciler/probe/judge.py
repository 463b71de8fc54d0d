"""Turn what was seen from outside into findings; pure.

A fault that the box program found itself gets no second finding here.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from ..checks.clock import judged_at
from ..checks.validity import valid
from ..codes import CodeName, Variant
from ..model.desired import Desired
from ..model.inquiry import Holder
from ..model.observed import ChainState, Observed
from ..model.statement import Statement, say, told
from ..results.finding import Finding, finding
from .seen import Seen


def findings(seen: Seen, observed: Observed, desired: Desired) -> tuple[Finding, ...]:
    """Return what clients meet that the box cannot see."""
    return tuple(
        found
        for found in (_https(seen, observed, desired), _homepage(seen, observed, desired), *_name(seen, observed))
        if found is not None
    )


def _https(seen: Seen, observed: Observed, desired: Desired) -> Finding | None:
    served, hand = observed.certificates.served, seen.handshake
    if served is None:
        return None
    if hand.fingerprint is None:
        met = told(hand.error) if hand.error else say("no_handshake")
        at = (say("at", port=desired.https_port), met)
        return _unreached(CodeName.HTTPS_UNREACHABLE, at, observed, observed.nginx.listens, "nginx")
    if hand.fingerprint != served:
        return finding(CodeName.OTHER_CERTIFICATE_OUTSIDE, _presents(desired.https_port, hand.holder))
    if hand.untrusted is not None and _should_be_trusted(observed):
        return finding(CodeName.HTTPS_UNTRUSTED, say("asked_for_as", name=seen.name, reason=hand.untrusted))
    return None


def _presents(port: int, holder: Holder | None) -> Statement:
    if holder is None:
        return say("presents_undecoded", port=port)
    return say("presents", port=port, subject=holder.subject, issuer=holder.issuer)


def _should_be_trusted(observed: Observed) -> bool:
    """Tell whether the box itself has nothing to say against its certificate; else that is the finding."""
    live = observed.certificates.live
    return valid(live, judged_at(observed)) is not None and live.chain is ChainState.OK


def _homepage(seen: Seen, observed: Observed, desired: Desired) -> Finding | None:
    if seen.hello is None or observed.odoo.answers is not True:
        return None
    met = (say("at", port=desired.homepage_port), seen.hello)
    if seen.hello_by_another:
        return finding(CodeName.HOMEPAGE_UNREACHABLE, *met, variant=Variant.ANOTHER_SERVER)
    return _unreached(CodeName.HOMEPAGE_UNREACHABLE, met, observed, observed.odoo.listens, "Odoo")


def _unreached(
    code: CodeName, met: tuple[Statement, ...], observed: Observed, listens: tuple[str, ...] | None, program: str
) -> Finding:
    """Build the finding, with the cause where the box knows it: what listens for itself only needs no firewall."""
    if not listens or any(_is_reachable(each, observed.identity.address) for each in listens):
        return finding(code, *met)
    only = say("listens_only", program=program, addresses=listens)
    return finding(code, *met, only, variant=Variant.LISTENS_ELSEWHERE)


def _is_reachable(listening: str, own: str | None) -> bool:
    address = ipaddress.ip_address(listening)
    mapped = getattr(address, "ipv4_mapped", None)
    return address.is_unspecified or str(mapped or address) == own or own is None


def _name(seen: Seen, observed: Observed) -> Iterator[Finding]:
    own = observed.identity.address
    if seen.addresses is None or own is None:
        return
    if not seen.addresses:
        also = (say("nor_public_names"),) if seen.own_dns_fails else ()
        variant = Variant.OWN_DNS_FAILS if seen.own_dns_fails else None
        yield finding(CodeName.NAME_NOT_RESOLVED, say("nowhere", name=seen.name, own=own), *also, variant=variant)
    elif own not in seen.addresses:
        led = say("leads_to", name=seen.name, addresses=seen.addresses[:3], own=own)
        yield finding(CodeName.NAME_LEADS_ELSEWHERE, led)
