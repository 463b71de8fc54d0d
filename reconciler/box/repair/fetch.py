"""Get a pair that is worth putting in place from the authority, or from the control machine that asked it.

Everything about it is tested before anything of the box changes: parsed, key, name, dates, chain.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ... import authority
from ...checks.validity import begins, ends, valid
from ...codes import CodeName, Variant, known_variant
from ...codes.writing.wording import moment
from ...model.certificate_name import same_name
from ...model.desired import CertificateSource
from ...model.observed import ChainState, Pair
from ...model.repair import Undertaking
from ...model.reveal import reveal
from ...model.statement import Statement, say
from ...results.finding import finding
from ...results.result import Repair, RepairOutcome
from ..pair.parse import BadPair, parse_pair
from ..pair.reading import trusted_roots
from ..pair.trial import try_chain
from ..services.deadly_answers import is_deadly
from .staging import staged
from .work import Work, failed, unchanged

_CLOCK_TOLERANCE = timedelta(minutes=5)
_LAST_DAYS = timedelta(days=2)
"""Two nightly runs: one of them may find the box switched off."""


def fetch_certificate(work: Work, repair: Repair) -> RepairOutcome:
    """Ask the authority, or take what the control machine brought, and stage it in every tree."""
    work.box.deadline.require(60, Undertaking.FETCH)
    answer = _answer(work)
    if isinstance(answer, authority.Refused):
        if answer.variant is Variant.OUT_OF_DATE and work.clock_is_wrong:
            return failed(repair, say("by_wrong_clock"), found=finding(answer.code, *answer.seen))
        work.deadly = is_deadly(answer.answer, work.box.layout)
        found = work.found(answer.code, *answer.seen, variant=answer.variant)
        return failed(repair, say("found", code=answer.code), found=found)
    return _judge(work, repair, answer)


def _answer(work: Work) -> authority.Issued | authority.Refused:
    if work.refusal is not None:
        variant = known_variant(work.refusal.code, work.refusal.variant)
        return authority.Refused(work.refusal.code, work.refusal.seen, variant)
    if work.box.desired.certificate_source is CertificateSource.RELAY:
        if work.relayed is None:
            return authority.Refused(CodeName.REPAIR_FAILED, (say("nothing_brought"),))
        return authority.Issued(work.relayed.subject, work.relayed.certificate_pem, work.relayed.key_pem)
    work.step("ask the authority")
    box, desired = work.box, work.box.desired
    question = authority.Question(
        url=desired.authority_url,
        db_uuid=desired.db_uuid or work.observed.store.db_uuid,
        enterprise_code=desired.enterprise_code or work.observed.store.enterprise_code,
        ca_file=desired.ca_file,
        proxy=desired.proxy,
        seconds=box.deadline.within(30.0),
    )
    return authority.ask(box.system, question)


def _judge(work: Work, repair: Repair, answer: authority.Issued) -> RepairOutcome:
    try:
        pair = parse_pair(answer.certificate_pem.encode(), reveal(answer.key_pem).encode())
    except BadPair as error:
        return _unusable(work, repair, say("unusable_pair", problem=error.problem, reason=error.statement))
    leaf, now = pair.leaf, work.now()
    if answer.subject and not any(same_name(name, answer.subject) for name in leaf.names):
        return _unusable(work, repair, say("other_name", subject=answer.subject, names=leaf.names))
    new = try_chain(pair, _roots(work), work.observed.identity.host)
    if ends(new) <= now or begins(new) > now + _CLOCK_TOLERANCE:
        subjects = tuple(each.subject for each in new.narrowed_by)
        narrowed = (say("narrowed_by", subjects=subjects),) if subjects else ()
        in_time = say("not_in_time", begins=moment(begins(new)), ends=moment(ends(new)))
        return _unusable(work, repair, in_time, *narrowed)
    if new.chain is ChainState.REFUSED:
        return _unusable(work, repair, say("refused_by_clients", reason=new.chain_detail))
    if new.chain is ChainState.INCOMPLETE:
        not_whole = say("not_whole", reason=new.chain_detail)
        return failed(repair, found=work.found(CodeName.CHAIN_INCOMPLETE, not_whole))
    have = work.observed.certificates.live
    if leaf.subject_cn is None and (kept := _kept_for_the_vendor(work, have, now)) is not None:
        return unchanged(repair, found=work.found(CodeName.CERTIFICATE_WITHOUT_CN, kept))
    if new.chain is ChainState.UNTRUSTED and _is_trusted(have, now):
        not_trusted = say("not_trusted", reason=new.chain_detail)
        return failed(repair, found=work.found(CodeName.CHAIN_UNTRUSTED, not_trusted))
    if _brings_nothing(new, have):
        work.found(CodeName.NOTHING_NEWER, say("the_same", until=moment(leaf.not_after)))
        return unchanged(repair, say("nothing_newer"))
    return staged(work, repair, pair, say("fetched", name=leaf.name, until=moment(leaf.not_after)))


def _kept_for_the_vendor(work: Work, have: Pair, now: datetime) -> Statement | None:
    """Return why a certificate without common name waits: the vendor's branch fails on it, and the old one serves.

    In the last days of the old one tills come first: without HTTPS nothing works, without a restart everything does.
    """
    layout = work.observed.layout
    if not layout.needs_common_name or have.certificate is None or not _is_trusted(have, now + _LAST_DAYS):
        return None
    return say("without_common_name", branch=layout.branch, until=moment(have.certificate.not_after))


def _unusable(work: Work, repair: Repair, *seen: Statement) -> RepairOutcome:
    return failed(repair, found=work.found(CodeName.LOAD_REQUEST_NO_RESULT, *seen, variant=Variant.UNUSABLE))


def _brings_nothing(new: Pair, have: Pair) -> bool:
    """Tell whether it is what the box has; the same leaf with another chain may be what was missing."""
    same = new.certificate is not None and new.certificate == have.certificate and have.problem is None
    return same and (new.chain, new.narrowed_by) == (have.chain, have.narrowed_by)


def _is_trusted(pair: Pair, now: datetime) -> bool:
    return valid(pair, now) is not None and pair.chain is ChainState.OK


def _roots(work: Work) -> bytes:
    return trusted_roots(work.box.system, work.box.desired.ca_file)
