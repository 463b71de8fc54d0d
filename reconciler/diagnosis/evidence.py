"""What was seen at a step that is in order: the proof that it was walked, in a few words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from ..checks.clients import words
from ..checks.clock import judged_at
from ..codes.wording import span
from ..model.desired import CertificateSource, Desired
from ..model.inquiry import DnsAnswer, DnsOutcome, Inquiry
from ..model.observed import Observed
from ..model.step_name import StepName
from ..model.urls import origin
from . import judge

Seen = tuple[str, bool]
"""Words, and whether anything was seen at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One box.

    Args:
        observed: `None` where the box program did not come to look.
        inquiry: `None` where it did not come to ask, since this is no box of ours.
        public: what public DNS says of the box's name.
        outside: the box was looked at from outside, too.
    """

    desired: Desired
    observed: Observed | None = None
    inquiry: Inquiry | None = None
    public: DnsAnswer | None = None
    outside: bool = False


def seen(case: Case, step: StepName) -> Seen:
    """Return what was seen at a step at which nothing is wrong."""
    if case.observed is None:
        return "not looked at", False
    if step in _LOOKS:
        return _LOOKS[step](case, case.observed), True
    if step is StepName.OUTSIDE:
        return _outside(case)
    return _asked(case, case.observed, step) if case.inquiry else ("not asked", False)


def _reachable(_: Case, observed: Observed) -> str:
    identity, layout = observed.identity, observed.layout
    parts = (identity.address, layout.image_version and f"image {layout.image_version}", layout.branch)
    return ", ".join(part for part in parts if part) or "answers"


def _clock(_: Case, observed: Observed) -> str:
    skew = observed.clock.skew_seconds
    return "as this machine's" if skew is None else f"{span(timedelta(seconds=skew))} from the control machine's"


def _link(_: Case, observed: Observed) -> str:
    return origin((observed.store.server_url or "").strip()) or "linked"


def _credentials(_: Case, observed: Observed) -> str:
    code = "contract" if observed.store.enterprise_code else "no contract"
    return f"database UUID and {code} are stored"


def _files(case: Case, observed: Observed) -> str:
    leaf = observed.certificates.live.certificate
    if leaf is None:
        return "in order"
    left = span(leaf.not_after - judged_at(observed))
    own = case.inquiry.own_words if case.inquiry else ""
    but = f"; but the box's own page says {own}" if own.startswith("ERR_") else ""
    return f"{leaf.name or 'a certificate'}, {left} left, key and mirror belong to it{but}"


def _odoo(_: Case, __: Observed) -> str:
    return "answers"


_LOOKS: Final[Mapping[StepName, Callable[[Case, Observed], str]]] = MappingProxyType(
    {
        StepName.REACHABLE: _reachable,
        StepName.CLOCK: _clock,
        StepName.ACCESS_POINT: lambda _, __: "no, it is on the shop's network",
        StepName.LINK: _link,
        StepName.CREDENTIALS: _credentials,
        StepName.FILES: _files,
        StepName.NGINX: lambda _, __: "its configuration loads",
        StepName.SERVED: lambda _, __: "nginx presents the installed certificate",
        StepName.ODOO: _odoo,
    }
)


def _asked(case: Case, observed: Observed, step: StepName) -> Seen:
    inquiry = case.inquiry or Inquiry()
    asked: dict[StepName, Callable[[Case, Observed, Inquiry], Seen]] = {
        StepName.DATABASE: _database,
        StepName.BOX_DNS: _box_dns,
        StepName.AUTHORITY: _authority,
        StepName.SITE: _site,
        StepName.ELIGIBILITY: _eligibility,
        StepName.CLIENT_DNS: _client_dns,
    }
    return asked[step](case, observed, inquiry)


def _database(_: Case, __: Observed, inquiry: Inquiry) -> Seen:
    contact = inquiry.database
    if contact is None:
        return "the box is linked to none", False
    if contact.name_failed:
        return "the box finds no name in DNS", False
    return f"{contact.host} answers", True


def _box_dns(case: Case, observed: Observed, inquiry: Inquiry) -> Seen:
    host = urlsplit(case.desired.authority_url).hostname or ""
    told = "; ".join(words(each) for each in inquiry.dns if each.name == host)
    return f"{host}: {told}" if told else f"{', '.join(observed.resolvers.live)} find {host}", True


def _authority(case: Case, _: Observed, inquiry: Inquiry) -> Seen:
    contact = inquiry.authority
    if case.desired.certificate_source is CertificateSource.RELAY:
        return "the control machine asks in place of the box (relay)", True
    if contact is None or contact.error is not None or contact.untrusted is not None:
        return inquiry.unasked or "not asked", False
    host = urlsplit(case.desired.authority_url).hostname
    return f"{host} answers with a certificate that the box trusts", True


def _site(case: Case, _: Observed, inquiry: Inquiry) -> Seen:
    contact = inquiry.authority
    if case.desired.certificate_source is CertificateSource.RELAY:
        return "the control machine asks in place of the box (relay)", True
    if contact is None or contact.status is None:
        return inquiry.unasked or "not asked", False
    return f"its front page answers {contact.status}, no maintenance", True


def _eligibility(_: Case, __: Observed, inquiry: Inquiry) -> Seen:
    told = inquiry.eligibility
    if told is None:
        return inquiry.unasked or "not asked", False
    own = judge.own_log(inquiry, "ERR_IOT_HTTPS_LOAD_REQUEST_NO_RESULT")
    before = f"; the box was refused on {own.at}, so have it ask again, which reconcile does" if own and own.at else ""
    return f"{told.evidence}{before}", True


def _client_dns(case: Case, observed: Observed, inquiry: Inquiry) -> Seen:
    answers = (*observed.client_dns, *judge.about_the_box(case.desired, inquiry))
    everyone = (*answers, *((case.public,) if case.public else ()))
    if not everyone:
        return "nobody was asked; iot_https_client_resolvers says whom tills ask", False
    told = "; ".join(words(each) for each in everyone)
    return f"{everyone[0].name}: {told}", any(each.outcome is DnsOutcome.ANSWERED for each in everyone)


def _outside(case: Case) -> Seen:
    if not case.outside:
        return "not looked at from outside", False
    return f"port {case.desired.https_port} shows the same certificate from outside", True
