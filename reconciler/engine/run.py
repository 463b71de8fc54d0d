"""One run over many boxes: look at all, count and ask, then change those that want it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from ..model.desired import CertificateSource, Mode, Refusal, Relayed, Request
from ..model.digests import Concern, concern_digest
from ..model.repair import RepairKind
from ..model.statement import Statement, say
from ..model.target import Invalid, Target
from ..outcome.directory import again, allowed
from ..outcome.states import has_ended, state_of
from ..outcome.unvisited import invalid_entry, not_managed
from ..results.events import Event, EventKind
from ..results.fleet import BoxReport, FleetReport
from .ask_once import AskOnce, Known
from .at_work import AtWork
from .authority_gate import AuthorityGate
from .diagnoses import with_diagnosis
from .fan_out import FanOut
from .journal import Journal
from .settings import Settings
from .stand_ins import broken, missing, not_begun, not_noted
from .state import StateUnusable
from .stop import Stop
from .world import Visit, World

_LOG = logging.getLogger(__name__)

Work = Callable[[Target], Awaitable[BoxReport]]
Look = Callable[[Target], Awaitable[Visit | None]]


class Run:
    """One run; used once."""

    def __init__(
        self, targets: Sequence[Target], invalid: Sequence[Invalid], settings: Settings, world: World, stop: Stop
    ) -> None:
        self._targets = [each for each in targets if each.desired.declares_something]
        self._unmanaged = [each for each in targets if not each.desired.declares_something]
        self._invalid = invalid
        self._settings = settings
        self._world = world
        self._stop = stop
        self._gate = AuthorityGate(settings.authority_at_once)
        self._once = AskOnce()
        self._began = world.monotonic()
        self._unfinished = frozenset(world.journal.unfinished if world.journal else ())
        self._reports: dict[str, BoxReport] = {}
        self._finished: set[str] = set()
        self.at_work = AtWork(world.monotonic)

    async def check(self) -> FleetReport:
        """Look at every box and change none."""
        started = self._start()
        await self._look(self._finish)
        return self._report(Mode.CHECK, started)

    async def diagnose(self) -> FleetReport:
        """Look at every box, ask on until the cause is known, and change none."""
        started = self._start()
        await self._look(self._finish, self._diagnosed)
        return self._report(Mode.DIAGNOSE, started)

    async def reconcile(self) -> FleetReport:
        """Look at every box; change those that want it, if they may be changed."""
        started = self._start()
        await self._look(lambda report: None if self._wants(report) else self._finish(report))
        wanting = [target for target in self._targets if self._wants(self._reports[target.name])]
        asked = bool(wanting) and not self._stop.begin_nothing
        too_many = self._too_many(wanting) if asked else None
        wishes = [self._reports[target.name] for target in wanting]
        no = await self._world.may(wishes) if asked and too_many is None else None
        held_back = too_many or no
        if wanting and held_back is None:
            await self._mend(wanting)
        resumed = () if held_back else tuple(each.name for each in wanting if each.name in self._unfinished)
        report = self._report(Mode.RECONCILE, started)
        return replace(report, held_back=held_back, declined=no is not None, resumed=resumed)

    def _start(self) -> datetime:
        now = self._world.now()
        total = len(self._targets) + len(self._invalid) + len(self._unmanaged)
        self._world.tell(Event(kind=EventKind.RUN_STARTED, at=now, total=total))
        for each in self._invalid:
            self._finish(invalid_entry(each))
        for target in self._unmanaged:
            self._finish(not_managed(target.desired))
        return now

    async def _look(self, then: Callable[[BoxReport], None], look_at: Look | None = None) -> None:
        async def look(target: Target) -> BoxReport:
            self._tell(EventKind.BOX_STARTED, target.name)
            began = self._world.monotonic()
            visit = await (look_at(target) if look_at else self._visit(target, Mode.CHECK))
            if visit is None:
                return not_begun(target)
            due = target.name in self._unfinished
            report = self._judged(target, visit, began, was_to_be_changed=due)
            if look_at is not None:
                report = with_diagnosis(target, visit, report, was_to_be_changed=due)
            self._tell(EventKind.BOX_CHECKED, target.name, report)
            then(report)
            return report

        jitter = self._settings.jitter_seconds
        await self._each(look, self._targets, lambda: self._world.random.uniform(0, jitter) if jitter else 0.0)

    async def _mend(self, wanting: Sequence[Target]) -> None:
        journal = self._world.journal
        if journal:
            journal.start()

        async def mend(target: Target) -> BoxReport:
            began = self._world.monotonic()
            visit = await self._visit_to_mend(target)
            if visit is None:
                return not_begun(target, self._reports[target.name])
            report = self._judged(target, visit, began, was_to_be_changed=True)
            if journal and has_ended(visit.result, was_unfinished=target.name in self._unfinished):
                self._note_end(journal, target.name)
            self._finish(report)
            return report

        await self._each(mend, wanting)

    def _note_end(self, journal: Journal, box: str) -> None:
        """Note that a box is done; where that cannot be written the next run only looks once more."""
        try:
            journal.ended(box)
        except StateUnusable as error:
            self._world.tell(Event(kind=EventKind.WARNING, at=self._world.now(), box=box, detail=str(error)))

    async def _each(self, work: Work, targets: Sequence[Target], delay: Callable[[], float] = lambda: 0.0) -> None:
        """Work on each box; what it did not come to is reported, what it already saw is kept."""

        async def guarded(target: Target) -> BoxReport:
            try:
                return await work(target)
            except StateUnusable as error:
                return not_noted(target, self._reports[target.name], error)
            except Exception as error:  # noqa: BLE001 - the one boundary: a defect at one box must not stop the others
                _LOG.debug("%s", target.name, exc_info=True)
                return broken(target, error)

        outcomes = await FanOut(guarded, self._settings.forks, self._stop, delay).run(targets)
        for target, outcome in zip(targets, outcomes, strict=True):
            self._reports[target.name] = outcome if isinstance(outcome, BoxReport) else self._missing(target)

    def _missing(self, target: Target) -> BoxReport:
        return missing(target, self._reports.get(target.name), is_at_work=target.name in self.at_work)

    async def _visit_to_mend(self, target: Target) -> Visit | None:
        looked = self._reports[target.name].result
        fetches = looked is not None and any(each.kind is RepairKind.FETCH_CERTIFICATE for each in looked.plan)
        if not fetches:
            return await self._visit(target, Mode.RECONCILE)
        if target.desired.certificate_source is CertificateSource.RELAY:
            brought = await self._world.relay.answer_for(target.desired)
            return await self._visit(target, Mode.RECONCILE, brought)
        return await self._gate.through(
            _database(target), target, lambda refusal: self._visit(target, Mode.RECONCILE, refusal or ())
        )

    async def _diagnosed(self, target: Target) -> Visit | None:
        """Diagnose a box; the authority is asked once for each database."""

        async def ask(known: Known) -> Visit | None:
            return await self._visit(target, Mode.DIAGNOSE, known)

        if target.desired.certificate_source is CertificateSource.RELAY:
            refusal = await self._world.relay.refusal_for(target.desired)
            return await ask(refusal or (say("granted_to_control_machine"),))
        return await self._once.through(_database(target), target.name, ask)

    async def _visit(
        self, target: Target, mode: Mode, brought: Relayed | Refusal | tuple[Statement, ...] = ()
    ) -> Visit | None:
        """Go to a box, unless nothing may be begun any more: this is the moment at which it is begun."""
        seconds = self._settings.seconds_for_a_box(self._world.monotonic() - self._began)
        if seconds is None:
            self._stop.run_out(self._settings.out_of_time)
        if seconds is None or self._stop.begin_nothing:
            return None
        if self._world.journal and mode is Mode.RECONCILE:
            self._world.journal.began(target.name)
        request = Request(
            desired=target.desired,
            mode=mode,
            deadline_seconds=seconds,
            relayed=brought if isinstance(brought, Relayed) else None,
            refusal=brought if isinstance(brought, Refusal) else None,
            granted=brought if isinstance(brought, tuple) else (),
        )
        with self.at_work.on(target.name, self._settings.longest_visit(target, seconds)):
            return await self._judged_visit(target, request)

    async def _judged_visit(self, target: Target, request: Request) -> Visit:
        """Visit a box; what may be somebody else's changes nothing before it was judged here by what it shows."""
        whose, looked = (self._world.directory, target.others), self._reports.get(target.name)
        if request.mode is Mode.RECONCILE and looked is not None and looked.result is not None:
            request = allowed(request, looked.result, *whose) or request
        visit = await self._world.visit(target, request)
        if (second := again(request, visit.result, *whose)) is not None:
            visit = await self._world.visit(target, second)
        return replace(visit, result=self._world.directory.judged(request, target.others, visit.result))

    def _judged(self, target: Target, visit: Visit, began: float, *, was_to_be_changed: bool) -> BoxReport:
        findings = (*visit.result.after, *visit.outside)
        return BoxReport(
            name=target.name,
            state=state_of(visit.result, findings, was_to_be_changed=was_to_be_changed),
            customer=target.desired.customer,
            store=target.desired.store,
            findings=findings,
            result=visit.result,
            seconds=round(self._world.monotonic() - began, 3),
        )

    def _wants(self, report: BoxReport) -> bool:
        """Tell whether a box that was looked at is to be changed, or was left unfinished by an earlier run."""
        if report.result is None or report.result.observed is None:
            return False
        return bool(report.result.plan) or report.name in self._unfinished

    def _too_many(self, wanting: Sequence[Target]) -> str | None:
        most = self._settings.max_changed
        if most is None or len(wanting) <= most:
            return None
        wish = f"{len(wanting)} boxes want changes, more than the {most} that --max-changed allows"
        return f"{wish}; look at what is wanted, then allow more or limit the run"

    def _report(self, mode: Mode, started: datetime) -> FleetReport:
        boxes: Iterable[Target | Invalid] = (*self._targets, *self._invalid, *self._unmanaged)
        reports = [self._reports[each.name] for each in boxes]
        for report in reports:
            self._finish(report)
        self._world.tell(Event(kind=EventKind.RUN_FINISHED, at=self._world.now(), detail=self._stop.reason))
        return FleetReport(
            mode=mode,
            started_at=started,
            seconds=round(self._world.monotonic() - self._began, 3),
            boxes=tuple(reports),
            interrupted=self._stop.begin_nothing,
        )

    def _finish(self, report: BoxReport) -> None:
        self._reports[report.name] = report
        if report.name not in self._finished:
            self._finished.add(report.name)
            self._tell(EventKind.BOX_FINISHED, report.name, report)

    def _tell(self, kind: EventKind, box: str, report: BoxReport | None = None) -> None:
        codes = tuple(each.code for each in report.findings) if report else ()
        state = report.state if report else None
        self._world.tell(Event(kind=kind, at=self._world.now(), box=box, state=state, codes=codes))


def _database(target: Target) -> str:
    """Name what is granted or refused as one; a box that asks with a credential of its own stands for itself.

    Customers that share a database ask each for themselves, so that none believes boxes of another.
    """
    desired = target.desired
    if desired.db_uuid is None or desired.enterprise_code is None:
        return f"box {target.name}"
    return f"{desired.customer} {desired.authority_url} {concern_digest(desired, Concern.CREDENTIALS)}"
