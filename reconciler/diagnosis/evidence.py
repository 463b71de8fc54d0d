"""What was seen at a step that is in order: the proof that it was walked, in a few words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from ..checks.clients import answered
from ..checks.clock import judged_at
from ..checks.unknown import unseen
from ..codes import CodeName
from ..model.desired import CertificateSource, Desired
from ..model.inquiry import DnsAnswer, DnsOutcome, Inquiry
from ..model.observed import Observed
from ..model.part import Part
from ..model.statement import Statement, say
from ..model.step_name import StepName
from ..model.urls import origin
from . import judge

Statements = tuple[Statement, ...]
StepEvidence = tuple[Statements, bool]
"""What was seen, and whether anything was seen at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What is known of one box where a diagnosis walks the chain.

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


def seen(walk: Walk, step: StepName) -> StepEvidence:
    """Return what was seen at a step at which nothing is wrong."""
    if walk.observed is None:
        return _one("not_looked"), False
    if step in _SHOWN_BY and unseen(walk.observed, _SHOWN_BY[step]):
        return _out_of_sight(walk.observed, step), False
    if step in _LOOKS:
        return _LOOKS[step](walk, walk.observed), True
    if step is StepName.OUTSIDE:
        return _outside(walk)
    return _asked(walk, walk.observed, step) if walk.inquiry else (_one("unasked"), False)


_SHOWN_BY: Final[Mapping[StepName, Part]] = MappingProxyType(
    {
        StepName.LINK: Part.STORE_SERVER_URL,
        StepName.CREDENTIALS: Part.STORE_DB_UUID,
        StepName.FILES: Part.CERTIFICATES_KEYS,
        StepName.NGINX: Part.NGINX,
        StepName.BOX_DNS: Part.RESOLVERS,
    }
)
"""Without what a step is not known to be in order."""


def _out_of_sight(observed: Observed, step: StepName) -> Statements:
    leaf = observed.certificates.live.certificate
    if step is not StepName.FILES or leaf is None:
        return _one("out_of_sight")
    return (say("presented", name=leaf.name, left=(leaf.not_after - judged_at(observed)).total_seconds()),)


def _one(says: str) -> Statements:
    return (say(says),)


def _reachable(_: Walk, observed: Observed) -> Statements:
    identity, layout = observed.identity, observed.layout
    parts = (
        identity.address and say("at", address=identity.address),
        layout.image_version and say("image", image=layout.image_version),
        layout.branch and say("branch", branch=layout.branch),
    )
    return tuple(each for each in parts if each) or _one("answers")


def _clock(_: Walk, observed: Observed) -> Statements:
    skew = observed.clock.skew_seconds
    return (say("same_clock") if skew is None else say("clock", skew=skew),)


def _link(_: Walk, observed: Observed) -> Statements:
    return (say("linked", server=origin((observed.store.server_url or "").strip())),)


def _credentials(_: Walk, observed: Observed) -> Statements:
    return _one("with_contract" if observed.store.enterprise_code else "without_contract")


def _files(walk: Walk, observed: Observed) -> Statements:
    leaf = observed.certificates.live.certificate
    if leaf is None:
        return _one("files_in_order")
    fine = say("files", name=leaf.name, left=(leaf.not_after - judged_at(observed)).total_seconds())
    if walk.inquiry is None or walk.inquiry.own_code is None:
        return (fine,)
    return fine, say("but_own_page", text=walk.inquiry.own_words)


_LOOKS: Final[Mapping[StepName, Callable[[Walk, Observed], Statements]]] = MappingProxyType(
    {
        StepName.REACHABLE: _reachable,
        StepName.CLOCK: _clock,
        StepName.ACCESS_POINT: lambda _, __: _one("on_the_network"),
        StepName.LINK: _link,
        StepName.CREDENTIALS: _credentials,
        StepName.FILES: _files,
        StepName.NGINX: lambda _, __: _one("configuration_loads"),
        StepName.SERVED: lambda _, __: _one("presents_it"),
        StepName.ODOO: lambda _, __: _one("answers"),
    }
)


def _asked(walk: Walk, observed: Observed, step: StepName) -> StepEvidence:
    inquiry = walk.inquiry or Inquiry()
    asked: dict[StepName, Callable[[Walk, Observed, Inquiry], StepEvidence]] = {
        StepName.DATABASE: _database,
        StepName.BOX_DNS: _box_dns,
        StepName.AUTHORITY: _authority,
        StepName.SITE: _site,
        StepName.ELIGIBILITY: _eligibility,
        StepName.CLIENT_DNS: _client_dns,
    }
    return asked[step](walk, observed, inquiry)


def _unasked(inquiry: Inquiry) -> StepEvidence:
    return (inquiry.unasked or say("unasked"),), False


def _database(_: Walk, __: Observed, inquiry: Inquiry) -> StepEvidence:
    contact = inquiry.database
    if contact is None:
        return _one("linked_to_none"), False
    if contact.name_failed:
        return _one("finds_no_name"), False
    return (say("host_answers", host=contact.host),), True


def _box_dns(walk: Walk, observed: Observed, inquiry: Inquiry) -> StepEvidence:
    host = urlsplit(walk.desired.authority_url).hostname or ""
    answers = tuple(answered(each) for each in inquiry.dns if each.name == host)
    if not answers:
        return (say("servers_find", servers=observed.resolvers.live, host=host),), True
    return (say("asked_for", name=host), *answers), True


def _authority(walk: Walk, _: Observed, inquiry: Inquiry) -> StepEvidence:
    contact = inquiry.authority
    if walk.desired.certificate_source is CertificateSource.RELAY:
        return _one("relayed"), True
    if contact is None or contact.error is not None or contact.untrusted is not None:
        return _unasked(inquiry)
    return (say("trusted", host=urlsplit(walk.desired.authority_url).hostname),), True


def _site(walk: Walk, _: Observed, inquiry: Inquiry) -> StepEvidence:
    contact = inquiry.authority
    if walk.desired.certificate_source is CertificateSource.RELAY:
        return _one("relayed"), True
    if contact is None or contact.status is None:
        return _unasked(inquiry)
    return (say("site", status=contact.status),), True


def _eligibility(_: Walk, __: Observed, inquiry: Inquiry) -> StepEvidence:
    met = inquiry.eligibility
    if met is None:
        return _unasked(inquiry)
    own = judge.own_log(inquiry, CodeName.LOAD_REQUEST_NO_RESULT)
    before = (say("was_refused", at=own.at),) if own and own.at else ()
    return (*met.seen, *before), True


def _client_dns(walk: Walk, observed: Observed, inquiry: Inquiry) -> StepEvidence:
    answers = (*observed.client_dns, *judge.about_the_box(walk.desired, inquiry))
    everyone = (*answers, *((walk.public,) if walk.public else ()))
    if not everyone:
        return _one("nobody_asked"), False
    is_known = any(each.outcome is DnsOutcome.ANSWERED for each in everyone)
    return (say("asked_for", name=everyone[0].name), *map(answered, everyone)), is_known


def _outside(walk: Walk) -> StepEvidence:
    if not walk.outside:
        return _one("no_outside"), False
    return (say("same_outside", port=walk.desired.https_port),), True
