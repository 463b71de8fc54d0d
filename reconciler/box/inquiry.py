"""All that a diagnosis asks on the box beyond a look, in the order of the chain; nothing is written, nothing is kept.

The authority is asked once, with the credentials, and only over a connection that was proved to be to it. What it
grants is dropped at once: a key that nobody installs must be nowhere.
"""

from __future__ import annotations

from dataclasses import replace

from .. import authority
from ..machine.routes import gateway
from ..model.certificate_name import public_name
from ..model.desired import CertificateSource, Refusal
from ..model.inquiry import DnsAnswer, Eligibility, Inquiry, Whose
from ..model.observed import MOST_RESOLVERS, Observed, ResolverOwner
from ..model.statement import Statement, say
from .ask import contact, lookups
from .context import Box
from .notes import last_run
from .services import vendor_log, vendor_status

QUESTION_SECONDS = 20.0
_NEEDED = 40.0
"""Seconds that must be left before the authority is asked, for a diagnosis has no use for half an answer: 10 each for
the look-up of the name and for the front page, then the question."""


def inquire(box: Box, observed: Observed, refusal: Refusal | None, granted: tuple[Statement, ...]) -> Inquiry:
    """Ask everything.

    Args:
        refusal: what another box of the same database, or the control machine, was told; not asked again then.
        granted: the same for a grant.
    """
    stored, own = observed.store, vendor_status.own_page(box, observed, box.system.now())
    asked = Inquiry(
        dns=_dns(box, observed),
        database=None if observed.identity.access_point else contact.with_database(box, observed),
        log=vendor_log.read(box.system, stored.token, stored.db_uuid, stored.enterprise_code),
        last_run=last_run.recall(box.system),
        own_words=own.words,
        own_code=own.code,
        own_unread=own.unread,
    )
    if observed.identity.access_point:
        return asked
    return _with_authority(box, observed, asked, _told(refusal, granted))


def _told(refusal: Refusal | None, granted: tuple[Statement, ...]) -> Eligibility | None:
    if refusal is not None:
        return Eligibility(code=refusal.code, seen=refusal.seen, variant=refusal.variant, asked=False)
    return Eligibility(seen=granted, asked=False) if granted else None


def _with_authority(box: Box, observed: Observed, asked: Inquiry, told: Eligibility | None) -> Inquiry:
    if box.desired.certificate_source is CertificateSource.RELAY:
        return replace(asked, eligibility=told)
    if box.deadline.remaining() < _NEEDED:
        return replace(asked, unasked=say("too_late", left=box.deadline.remaining(), needed=_NEEDED))
    met = contact.with_authority(box)
    blocked = met.error is not None or met.untrusted is not None or met.maintenance
    return replace(asked, authority=met, eligibility=None if blocked else told or _eligibility(box, observed))


def _dns(box: Box, observed: Observed) -> tuple[DnsAnswer, ...]:
    """Ask each server by itself: the box's own for what it needs, those that tills may ask for the box's name."""
    own = observed.resolvers.live[:MOST_RESOLVERS]
    answers = [lookups.ask(box, server, Whose.BOX, box.authority_host) for server in own]
    leaf = observed.certificates.live.certificate
    subject = leaf.name if leaf and not leaf.temporary else observed.store.subject
    name = public_name(observed.identity.host, subject)
    if name is not None and box.desired.client_resolvers is None:
        answers += [lookups.ask_about_box(box, server, whose, name) for server, whose in _likely(box, observed)]
    return tuple(answers)


def _likely(box: Box, observed: Observed) -> list[tuple[str, Whose]]:
    """Return the servers that tills most likely ask where nobody says: the router, and what DHCP gave the box."""
    router = gateway(box.system)
    found = [(router, Whose.ROUTER)] if router else []
    if observed.resolvers.owner is ResolverOwner.NETWORK_MANAGER and box.desired.resolvers is None:
        found += [(server, Whose.BOX) for server in observed.resolvers.live[:MOST_RESOLVERS] if server != router]
    return found


def _eligibility(box: Box, observed: Observed) -> Eligibility | None:
    desired, store = box.desired, observed.store
    db_uuid = desired.db_uuid or store.db_uuid
    if not db_uuid:
        return None
    question = authority.Question(
        url=desired.authority_url,
        db_uuid=db_uuid,
        enterprise_code=desired.enterprise_code or store.enterprise_code,
        ca_file=desired.ca_file,
        proxy=desired.proxy,
        seconds=box.deadline.within(QUESTION_SECONDS),
    )
    answer = authority.ask(box.system, question)
    if isinstance(answer, authority.Refused):
        return Eligibility(code=answer.code, seen=answer.seen, variant=answer.variant)
    return Eligibility(seen=(say("granted"),))
