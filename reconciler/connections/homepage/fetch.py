"""Have the box's own software fetch a certificate, and see on its HTTPS port whether it did."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from ...checks.renewal import fresh
from ...codes import CodeName, Variant, known_variant
from ...codes.writing.wording import moment
from ...homepage.answer import NoAnswer
from ...model.observed import Pair
from ...model.statement import say
from ...results.result import Repair, RepairOutcome, RepairStatus
from .presented import HttpsShown
from .told import told_by
from .work import PageWork, ended

_AT_START: Final = 40.0
"""Seconds from a start of Odoo until nginx presents what it fetched: its own requests take up to 10 s each."""
_BY_ROUTE: Final = 15.0
"""The same from the answer of the route, which comes when all is written: nginx restarts 3 s later."""
_EVERY: Final = 1.0
_JUST_ISSUED: Final = timedelta(hours=2)
"""Authorities date a certificate an hour back; an older one was there before, where nobody saw it."""
_OWN_WORDS: Final = frozenset(
    {
        CodeName.LOAD_REQUEST_EXCEPTION,
        CodeName.LOAD_REQUEST_STATUS,
        CodeName.LOAD_REQUEST_NO_RESULT,
        CodeName.LOAD_NO_CREDENTIAL,
    }
)
"""The vendor's codes that this program uses in the same sense."""


def fetched(work: PageWork, repair: Repair) -> RepairOutcome:
    """Wait for what a start brings, or ask for it by the route of the generation."""
    if work.request.refusal is not None:
        return refused(work, repair)
    route, waited = work.looking.entry.check_certificate, 0.0
    if work.restarted or route is None:
        waited = _AT_START
        new = _awaited(work, waited)
    else:
        new = _awaited(work, 0.0)  # the status page that was read before may have been enough
    if new is None and route is not None:
        waited += _BY_ROUTE
        _ask(work, route.path)
        new = _awaited(work, _BY_ROUTE)
    if new is None or new.leaf is None:
        return _in_vain(work, repair, waited)
    served = work.observed.certificates.served
    if new.fingerprint == served or (served is None and new.leaf.not_before < work.way.timing.now() - _JUST_ISSUED):
        seen = say("still_good", name=new.leaf.name, until=moment(new.leaf.not_after))
        return ended(repair, RepairStatus.UNCHANGED, seen)
    return ended(repair, RepairStatus.DONE, say("by_box", name=new.leaf.name, until=moment(new.leaf.not_after)))


def refused(work: PageWork, repair: Repair) -> RepairOutcome:
    """Say why the box was not made to ask, which other boxes of its database have learnt."""
    refusal = work.request.refusal
    if refusal is None:
        return ended(repair, RepairStatus.SKIPPED, say("page_not_read"))
    found = work.found(refusal.code, *refusal.seen, variant=known_variant(refusal.code, refusal.variant))
    return ended(repair, RepairStatus.FAILED, say("found", code=refusal.code), found=found)


def _ask(work: PageWork, path: str) -> None:
    """Ask by a route whose answer says nothing: what counts is what is presented afterwards."""
    try:
        work.way.page.get(path)
    except NoAnswer as why:
        if not why.sent:
            raise


def _awaited(work: PageWork, seconds: float) -> HttpsShown | None:
    """Return a certificate as good as new once it is presented, `None` where it is not in time."""
    timing = work.way.timing
    end = timing.monotonic() + min(seconds, work.left.seconds)
    while True:
        shown = work.way.present(work.way.host)
        if fresh(work.request.desired, Pair(certificate=shown.leaf, chain=shown.chain), timing.now()):
            return shown
        if timing.monotonic() + _EVERY > end:
            return None
        timing.sleep(_EVERY)


def _in_vain(work: PageWork, repair: Repair, seconds: float) -> RepairOutcome:
    """Say what the box itself says of it."""
    try:
        work.told = told_by(work.way.page, work.looking.seen)
    except NoAnswer as why:
        unfit = say("unfit", reason=why.statement)
        found = work.found(CodeName.NATIVE_RENEWAL_FAILED, unfit, variant=Variant.STATUS_FAILED)
        return ended(repair, RepairStatus.FAILED, found=found)
    said = work.told.certificate
    if said.ok is False and said.code in _OWN_WORDS and said.code is not None:
        found = work.found(said.code, say("own_words", text=said.details))
    elif said.ok is False and said.details:
        found = work.found(CodeName.NATIVE_RENEWAL_FAILED, say("own_words", text=said.details))
    else:
        found = work.found(CodeName.NATIVE_RENEWAL_FAILED, say("nothing_new", seconds=seconds))
    return ended(repair, RepairStatus.FAILED, found=found)
