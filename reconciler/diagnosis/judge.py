"""What the answers of an inquiry mean, as findings. Pure; the box program runs it, so that secrets stay there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from ..checks import clients
from ..checks.clock import clock_is_wrong
from ..codes import CATALOGUE, CodeName, Trait, Variant, known_variant, refusal_kinds
from ..codes.writing.wording import moment
from ..model.desired import Desired
from ..model.inquiry import DnsAnswer, Inquiry, LogEntry, Whose
from ..model.observed import Observed
from ..model.statement import Statement, say
from ..results.finding import Finding, finding
from . import interception
from .hints import hints


def findings(
    desired: Desired, observed: Observed, inquiry: Inquiry, looked: Sequence[Finding] = ()
) -> tuple[Finding, ...]:
    """Return what is wrong beyond what a look finds, in no order.

    Args:
        looked: what a look found.
    """
    return (
        *_last_run(inquiry, looked),
        *_database(observed, inquiry),
        *_resolvers(desired, inquiry, looked),
        *_authority(desired, observed, inquiry),
        *_eligibility(observed, inquiry),
        *(() if _is_granted(inquiry) else hints(desired, observed)),
        *clients.findings(about_the_box(desired, inquiry), observed.identity.address),
        *_unasked(observed, inquiry),
    )


def about_the_box(desired: Desired, inquiry: Inquiry) -> tuple[DnsAnswer, ...]:
    """Return what servers that tills may ask say of the box's name; that a router serves no DNS means nothing."""
    host = urlsplit(desired.authority_url).hostname
    return tuple(each for each in inquiry.dns if each.name != host and (each.whose is Whose.CLIENTS or each.works))


def own_log(inquiry: Inquiry, code: str) -> LogEntry | None:
    """Return the newest line of the vendor's log that says the same."""
    return next((each for each in inquiry.log if each.code == code), None)


def _last_run(inquiry: Inquiry, looked: Sequence[Finding]) -> Iterator[Finding]:
    """A repair that failed explains what it was to mend, as long as that still stands."""
    last = inquiry.last_run
    if last is None or not {each.code for each in looked} & set(last.left):
        return
    for each in last.failures:
        yield finding(each.code, *each.seen, say("reconcile_of", at=moment(last.at)))


def _database(observed: Observed, inquiry: Inquiry) -> Iterator[Finding]:
    contact = inquiry.database
    if contact is None or contact.error is None:
        return
    if contact.name_failed and observed.resolvers.resolves is False:
        return  # the box finds no name at all, which is the cause
    yield finding(CodeName.DATABASE_UNREACHABLE, say("unreached", host=contact.host, reason=contact.error))


def _resolvers(desired: Desired, inquiry: Inquiry, looked: Sequence[Finding]) -> Iterator[Finding]:
    """Judge the box's DNS servers one by one: the first that answers is believed, also where it answers nonsense."""
    host = urlsplit(desired.authority_url).hostname
    answers = [each for each in inquiry.dns if each.name == host and each.whose is Whose.BOX]
    bad = [each for each in answers if clients.leads_nowhere(each)]
    if not bad or any(each.code == CodeName.RESOLVERS_DO_NOT_WORK for each in looked):
        return
    variant = None if bad == answers else Variant.OTHERS_ANSWER
    said = map(clients.answered, bad)
    yield finding(CodeName.RESOLVERS_DO_NOT_WORK, say("asked_for", name=host), *said, variant=variant)


def _authority(desired: Desired, observed: Observed, inquiry: Inquiry) -> Iterator[Finding]:
    contact = inquiry.authority
    if contact is None:
        return
    if contact.by_date and clock_is_wrong(observed):
        return  # by that clock every certificate is out of date, also the right one
    if contact.untrusted is not None:
        came, variant = interception.explain(contact, through_proxy=desired.proxy is not None)
        yield finding(CodeName.ANSWER_NOT_FROM_ODOO, came, variant=variant)
    elif contact.error is not None:
        if not (contact.name_failed and observed.resolvers.resolves is False):
            yield finding(CodeName.LOAD_REQUEST_EXCEPTION, say("unreached", host=contact.host, reason=contact.error))
    elif contact.maintenance:
        page = say("front_page", host=contact.host, status=contact.status)
        yield finding(CodeName.LOAD_REQUEST_STATUS, page, variant=Variant.MAINTENANCE)


def _eligibility(observed: Observed, inquiry: Inquiry) -> Iterator[Finding]:
    told = inquiry.eligibility
    if told is None or told.code is None or told.code == CodeName.LOAD_NO_CREDENTIAL:
        return
    if told.asked and told.variant == Variant.OUT_OF_DATE and clock_is_wrong(observed):
        return
    seen, variant = told.seen, known_variant(told.code, told.variant)
    if told.code is CodeName.LOAD_REQUEST_STATUS and inquiry.authority is not None:
        seen = tuple(replace(each, says="request") if each.says == "status" else each for each in seen)
        variant = Variant.NO_MAINTENANCE
    yield finding(told.code, *seen, *_also_in_log(inquiry, told.code), variant=variant)


def _is_granted(inquiry: Inquiry) -> bool:
    return inquiry.eligibility is not None and inquiry.eligibility.code is None


def _also_in_log(inquiry: Inquiry, code: CodeName) -> tuple[Statement, ...]:
    entry = own_log(inquiry, code)
    return (say("also_in_log", text=entry.text, at=entry.at),) if entry else ()


def _unasked(observed: Observed, inquiry: Inquiry) -> Iterator[Finding]:
    """Where there was no time to ask, the log of the vendor's program has to do; a wrong clock explains what failed."""
    if inquiry.unasked is None:
        return
    yield finding(CodeName.DEADLINE, inquiry.unasked, variant=Variant.NOT_ALL_ASKED)
    for entry in inquiry.log:
        of_clock = entry.code is CodeName.LOAD_REQUEST_EXCEPTION and clock_is_wrong(observed)
        if Trait.IN_VENDOR_LOG in CATALOGUE[entry.code].traits and not of_clock:
            logged = say("only_in_log", at=entry.at, text=entry.text, status=entry.status)
            kind = known_variant(entry.code, refusal_kinds.kind_of(entry.text))
            yield finding(entry.code, logged, variant=kind)
            return
