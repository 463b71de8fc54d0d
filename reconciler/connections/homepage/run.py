"""One run on one box by its homepage: observe, check, plan, repair, observe again, check again.

The checks and the plan are those of the program that runs on a box. There is no lock there: two control machines at one
box at once are kept apart by nobody, and each of their writes is one request.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from ...checks import CONVERGE, Case, gate
from ...checks import run as run_checks
from ...checks.clock import judged_at
from ...checks.ownership import has_to_be_judged, marks_of
from ...codes import CodeName, Trait
from ...diff import with_diffs
from ...homepage.answer import NoAnswer, NotABox
from ...homepage.detect import detect
from ...model.desired import Mode, Request
from ...model.observed import Observed
from ...model.repair import RepairKind
from ...model.sealing import sealed_credentials
from ...model.statement import say
from ...plan import plan
from ...results.finding import Finding, finding
from ...results.result import IN_VAIN, RepairStatus, Result
from .clock import TimeLeft
from .look import Looking, PageLook
from .repair import carried_out
from .way import PagesOfBox
from .work import PageWork

_PATIENCE: Final = 65.0
"""Seconds in which a box that was changed may be away again: on Windows Odoo restarts over a new certificate."""
_EVERY: Final = 0.5


def run(way: PagesOfBox, request: Request) -> Result:
    """Do what the request asks; raises nothing that a box can do."""
    started, began = way.timing.now(), way.timing.monotonic()
    left = TimeLeft.of(way.timing, request.deadline_seconds)
    try:
        result = _Run(replace(way, left=left), request, left).result()
    except NotABox as why:
        only = _no_box(way, why)
        result = Result.unobserved(request.desired.name, request.mode, started, only)
    except NoAnswer as why:
        only = silent(way.page.address, way.page.port, why)
        result = Result.unobserved(request.desired.name, request.mode, started, only)
    return replace(result, started_at=started, seconds=round(way.timing.monotonic() - began, 3))


def silent(host: str, port: int, why: NoAnswer) -> Finding:
    """Return what is found where nothing answers."""
    return finding(CodeName.HOMEPAGE_SILENT, say("unanswered", host=host, port=port, reason=why.statement))


def _no_box(way: PagesOfBox, why: NotABox) -> Finding:
    if why.statement.says == "page_unknown_generation":
        return finding(CodeName.UNSUPPORTED_LAYOUT, say("unknown_pages"))
    here = say("no_page_of_a_box", host=way.page.address, port=way.page.port, reason=why.statement)
    return finding(CodeName.NOT_A_BOX, here)


@dataclass(slots=True)
class _Run:
    way: PagesOfBox
    request: Request
    left: TimeLeft

    def result(self) -> Result:
        """Look, and change what is to be changed."""
        looking = Looking(self.way, self.request.desired, detect(self.way.page))
        look = looking.look()
        looked = self._judged(look)
        if self._has_to_ask(look, looked):
            look = looking.look(may_act=True)
            looked = self._judged(look)
        if self.request.mode is not Mode.RECONCILE or looked.awaits_judgement:
            return looked
        return self._reconciled(looking, look, looked)

    def _has_to_ask(self, look: PageLook, looked: Result) -> bool:
        """Tell whether the box is to fetch anyway, so that its status page may be read whatever it does then.

        Whoever has such a plan comes when it is the turn of its database to ask, and is not told of a refusal.
        """
        asks = any(each.kind is RepairKind.FETCH_CERTIFICATE for each in looked.plan)
        reconciles = self.request.mode is Mode.RECONCILE and self.request.refusal is None
        return reconciles and asks and not look.is_whole

    def _judged(self, look: PageLook) -> Result:
        desired, observed = self.request.desired, look.observed
        before = self._check(observed)
        # which box it is and whose is not known, so there is nothing to compare yet
        marks = marks_of(observed) if look.is_whole else None
        is_ours = gate(Case(desired, observed, judged_at(observed))) is None
        waits = marks is not None and marks != self.request.judged and has_to_be_judged(desired, marks)
        return Result(
            name=desired.name,
            mode=self.request.mode,
            started_at=observed.observed_at,
            seconds=0.0,
            before=before,
            plan=with_diffs(plan(before, desired, observed, now=judged_at(observed)), desired, observed),
            after=before,
            observed=observed,
            failed=_is_failed(before),
            marks=marks,
            awaits_judgement=is_ours and waits,
            sealed=self._sealed(look) if is_ours else None,
        )

    def _sealed(self, look: PageLook) -> str | None:
        """Return the credentials for who asked for them, where it is known which box this is."""
        key = self.request.seal_to
        return None if key is None or not look.is_whole else sealed_credentials(look.observed.store, key)

    def _reconciled(self, looking: Looking, look: PageLook, looked: Result) -> Result:
        work = PageWork(self.way, looking, self.request, look, self.left)
        outcomes = tuple(carried_out(work, repair) for repair in looked.plan)
        if not outcomes:
            return looked
        seen = self._look_again(work)
        if seen is None:
            gone = finding(CodeName.ODOO_DOWN_AFTER_REPAIR, say("port_silent", port=self.way.page.port))
            after: tuple[Finding, ...] = (gone,)
        else:
            met = {each.code for each in work.findings}
            after = (*work.findings, *(each for each in self._check(seen) if each.code not in met))
        return replace(
            looked,
            outcomes=outcomes,
            after=after,
            observed=seen or looked.observed,
            changed=any(each.status is RepairStatus.DONE for each in outcomes),
            failed=_is_failed(after) or any(each.status in IN_VAIN for each in outcomes),
        )

    def _look_again(self, work: PageWork) -> Observed | None:
        """Look after the repairs; `None` where the box has not come back."""
        timing = self.way.timing
        end = timing.monotonic() + min(_PATIENCE, max(self.left.seconds, 5.0))
        while True:
            try:
                return work.looking.look(known=work.told).observed
            except NoAnswer:
                if timing.monotonic() + _EVERY > end:
                    return None
                timing.sleep(_EVERY)

    def _check(self, observed: Observed) -> tuple[Finding, ...]:
        return run_checks(CONVERGE, Case(self.request.desired, observed, judged_at(observed)))


def _is_failed(findings: tuple[Finding, ...]) -> bool:
    return any(each.has(Trait.FAILS) for each in findings)
