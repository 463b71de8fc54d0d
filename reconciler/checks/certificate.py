"""Is the pair in use a real, valid one, and is it time for the next?"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from ..codes import CodeName, Variant
from ..codes.writing.wording import moment
from ..model.observed import ChainState, Intermediate, Observed, Pair, PairProblem
from ..model.part import Part
from ..model.statement import Statement, Value, say
from ..results.finding import Finding, finding
from .case import Case
from .renewal import due_before, is_due, is_overdue, overdue_before
from .unknown import unseen
from .validity import SPOILT, UNCHANGED_FOR, begins, ends, real, sound, valid

PROBLEMS: Final = MappingProxyType(
    {
        PairProblem.CERTIFICATE_MISSING: CodeName.CERTIFICATE_MISSING,
        PairProblem.CERTIFICATE_UNREADABLE: CodeName.CHECK_CERT_READ_EXCEPTION,
        PairProblem.CERTIFICATE_MALFORMED: CodeName.CERTIFICATE_MALFORMED,
        PairProblem.KEY_MISSING: CodeName.KEY_MISSING,
        PairProblem.KEY_UNREADABLE: CodeName.KEY_UNREADABLE,
        PairProblem.KEY_MALFORMED: CodeName.KEY_MALFORMED,
        PairProblem.KEY_ENCRYPTED: CodeName.KEY_ENCRYPTED,
        PairProblem.KEY_MISMATCH: CodeName.KEY_MISMATCH,
    }
)


def check_pair(case: Case) -> Finding | None:
    """Certificate and key can be read, by the vendor's program as well, and belong together."""
    live, unreadable = case.observed.certificates.live, case.observed.certificates.unreadable
    if live.problem is None:
        if unreadable is None:
            return None
        return finding(CodeName.CHECK_CERT_READ_EXCEPTION, unreadable, variant=Variant.READ_BY_ROOT_ONLY)
    return finding(PROBLEMS[live.problem], say("unusable", problem=live.problem, reason=live.detail))


def check_temporary(case: Case) -> Finding | None:
    """The certificate is not the one that every image carries; its date says nothing, it ends in 2118."""
    leaf = sound(case.observed.certificates.live)
    if leaf is None or not leaf.temporary:
        return None
    return finding(CodeName.TEMPORARY_CERTIFICATE, say("name", name=leaf.name))


def check_dates(case: Case) -> Finding | None:
    """The certificate is in date and will be for long enough; the worst that is true is told."""
    live = case.observed.certificates.live
    leaf = real(live)
    if leaf is None:
        return None
    end, begin = ends(live), begins(live)
    left = (end - case.now).total_seconds()
    if case.now >= end:
        return finding(CodeName.EXPIRED, _ends(live, left=left))
    if case.now < begin:
        return finding(CodeName.NOT_YET_VALID, _begins(live, left=(begin - case.now).total_seconds()))
    if is_overdue(case.desired, live, case.now):
        before = overdue_before(case.desired, leaf).total_seconds()
        return finding(CodeName.RENEWAL_OVERDUE, _ends(live, left=left, before=before))
    if is_due(case.desired, live, case.now):
        before = due_before(case.desired, leaf).total_seconds()
        return finding(CodeName.RENEWAL_DUE, _ends(live, left=left, before=before))
    return None


def _ends(pair: Pair, **values: Value) -> Statement:
    end = ends(pair)
    above = next((each for each in pair.narrowed_by if each.not_after == end), None)
    return _dated(pair, above, ends=moment(end), **values)


def _begins(pair: Pair, **values: Value) -> Statement:
    begin = begins(pair)
    above = next((each for each in pair.narrowed_by if each.not_before == begin), None)
    return _dated(pair, above, begins=moment(begin), **values)


def _dated(pair: Pair, above: Intermediate | None, **values: Value) -> Statement:
    name = pair.certificate.name if pair.certificate else None
    if above is None:
        return say("leaf", name=name, **values)
    return say("intermediate", name=name, above=above.subject, **values)


def check_chain_complete(case: Case) -> Finding | None:
    """The file leads from the leaf to a root without a gap."""
    return _chain(case.observed, ChainState.INCOMPLETE, CodeName.CHAIN_INCOMPLETE)


def check_accepted(case: Case) -> Finding | None:
    """No client refuses it whomever it trusts: for its name, its key, what it may be used for."""
    return _chain(case.observed, ChainState.REFUSED, CodeName.CERTIFICATE_REFUSED)


def check_chain_trusted(case: Case) -> Finding | None:
    """The root at its end is one that the box trusts."""
    return _chain(case.observed, ChainState.UNTRUSTED, CodeName.CHAIN_UNTRUSTED)


def check_common_name(case: Case) -> Finding | None:
    """Branches that read a certificate by its common name have one to read."""
    leaf = real(case.observed.certificates.live)
    if leaf is None or leaf.subject_cn is not None or not case.observed.layout.needs_common_name:
        return None
    seen = say("read_by", name=leaf.name, branch=case.observed.layout.branch)
    return finding(CodeName.CERTIFICATE_WITHOUT_CN, seen)


def check_nothing_newer(case: Case) -> Finding | None:
    """A valid certificate that should be replaced is not asked for again for 12 hours after an unchanged answer."""
    live, asked = case.observed.certificates.live, case.observed.memory.unchanged_at
    if valid(live, case.now) is None or asked is None or unseen(case.observed, Part.MEMORY):
        return None
    wanted = is_due(case.desired, live, case.now) or live.chain in SPOILT
    # The box's clock may have been set since, to either side.
    if not wanted or abs(case.now - asked) >= UNCHANGED_FOR:
        return None
    seen = say("asked", asked=moment(asked), left=(asked - case.now).total_seconds())
    return finding(CodeName.NOTHING_NEWER, seen)


def _chain(observed: Observed, state: ChainState, code: CodeName) -> Finding | None:
    live = observed.certificates.live
    leaf = real(live)
    if leaf is None or live.chain is not state:
        return None
    return finding(code, say("issued", issuer=leaf.issuer, reason=live.chain_detail))
