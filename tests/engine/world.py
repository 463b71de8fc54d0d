"""A fleet that is answered for by a table: what each box says when it is looked at, and when it is mended."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random
from typing import NoReturn

from reconciler.codes import CodeName
from reconciler.engine.authority.relay import Relay
from reconciler.engine.journal import Journal
from reconciler.engine.run import Run
from reconciler.engine.seam import Submit, Visit
from reconciler.engine.settings import Settings
from reconciler.engine.stop import Stop
from reconciler.engine.worker import Worker
from reconciler.engine.world import World
from reconciler.model.desired import Desired, Mode, Request
from reconciler.model.inquiry import Eligibility, Inquiry
from reconciler.model.repair import RepairKind
from reconciler.model.secret import Secret
from reconciler.model.statement import Statement, say, told
from reconciler.model.target import ConnectionKind, Invalid, Target
from reconciler.results.events import Event
from reconciler.results.finding import Finding, finding
from reconciler.results.fleet import BoxReport, BoxState, FleetReport
from reconciler.results.result import Repair, RepairOutcome, RepairStatus, Result
from tests.support.observed import healthy

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FETCH = (
    Repair(kind=RepairKind.FETCH_CERTIFICATE, because=(CodeName.EXPIRED,)),
    Repair(kind=RepairKind.INSTALL_CERTIFICATE, because=(CodeName.EXPIRED,)),
)
RESOLVERS = (Repair(kind=RepairKind.SET_RESOLVERS, because=(CodeName.RESOLVERS_DIFFER,)),)


def target(name: str, *, database: str | None = "a", **changes: object) -> Target:
    """A box of a customer; boxes of the same database share its credentials."""
    desired = Desired(name=name, customer="Bakery", store="Hanoi")
    if database is not None:
        uuid, code = Secret(f"{database * 8}-0000-0000-0000-000000000000"), Secret(f"M-{database}")
        desired = replace(desired, db_uuid=uuid, enterprise_code=code)
    return Target(desired=replace(desired, **changes), connection=ConnectionKind.LOCAL)  # type: ignore[arg-type]


def targets(number: int, **options: object) -> list[Target]:
    return [target(f"till-{each}", **options) for each in range(1, number + 1)]  # type: ignore[arg-type]


def looked(request: Request, plan: tuple[Repair, ...] = (), *found: Finding) -> Result:
    """What a check answers: with these findings, or one for each planned repair."""
    findings = found or tuple(finding(CodeName(code), told("seen")) for repair in plan for code in repair.because[:1])
    return Result(
        name=request.desired.name,
        mode=request.mode,
        started_at=NOW,
        seconds=0.1,
        before=findings,
        after=findings,
        plan=plan,
        observed=healthy(NOW),
    )


def mended(request: Request, plan: tuple[Repair, ...] = ()) -> Result:
    """What a reconcile answers that did all of its plan."""
    done = tuple(RepairOutcome(repair=repair, status=RepairStatus.DONE) for repair in plan)
    return replace(looked(request), plan=plan, outcomes=done, changed=bool(plan))


def left(request: Request, code: CodeName, *seen: Statement, failed: bool = True) -> Result:
    """What is answered when something is left over."""
    found = finding(code, *(seen or (told("seen"),)))
    return replace(looked(request), after=(found,), failed=failed)


def unreachable(request: Request, code: CodeName = CodeName.CONNECTION_TIMEOUT) -> Result:
    """What stands for an answer that did not come."""
    return Result.unobserved(request.desired.name, request.mode, NOW, finding(code, told("no answer")))


@dataclass
class Fleet:
    """Boxes by name.

    Args:
        plans: what a check wants.
        broken: boxes at which this program has a defect.
        silent: what stands for the answer of a box that is mended.
        fails: how the authority fails a box.
        seconds: how long each visit takes, by the clock of `monotonic`.
    """

    plans: Mapping[str, tuple[Repair, ...]] = field(default_factory=dict)
    offline: set[str] = field(default_factory=set)
    silent: Mapping[str, CodeName] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    fails: Mapping[str, CodeName] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    asking: int = 0
    most_asking: int = 0
    gate: asyncio.Event | None = None
    """Holds boxes that are mended until it is set."""
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    seconds: float = 0.0
    clock: float = 1000.0

    async def visit(self, target: Target, request: Request) -> Visit:
        """Answer as the tables say."""
        self.requests.append(request)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            self.clock += self.seconds
            return Visit(await self._result(target.name, request))
        finally:
            self.at_once -= 1

    async def _result(self, name: str, request: Request) -> Result:
        mend = request.mode is Mode.RECONCILE
        if name in self.broken:
            raise RuntimeError("canary: a secret of the box")
        if name in self.offline:
            return unreachable(request)
        if mend and name in self.silent:
            return unreachable(request, self.silent[name])
        plan = self.plans.get(name, ())
        if request.mode is Mode.DIAGNOSE and not (request.refusal or request.granted):
            return await self._diagnosed(request, plan)
        if not mend:
            return looked(request, plan)
        if self.gate is not None:
            self.begun.set()
            await self.gate.wait()
        if plan != FETCH:
            return mended(request, plan)
        return await self._fetched(name, request)

    async def _fetched(self, name: str, request: Request) -> Result:
        if request.refusal is not None:
            return left(request, CodeName(request.refusal.code), *request.refusal.seen, failed=False)
        await self._ask()
        if name in self.refused:
            return left(request, CodeName.LOAD_REQUEST_NO_RESULT, told("refused: no subscription"), failed=False)
        if name in self.fails:
            return left(request, self.fails[name], told(f"{name} asked"), failed=False)
        return mended(request, FETCH)

    async def _diagnosed(self, request: Request, plan: tuple[Repair, ...]) -> Result:
        await self._ask()
        eligibility = Eligibility(seen=(say("granted"),))
        return replace(looked(request, plan), inquiry=Inquiry(eligibility=eligibility))

    async def _ask(self) -> None:
        """Be counted among those who ask the authority, for as long as a question takes."""
        self.asking += 1
        self.most_asking = max(self.most_asking, self.asking)
        for _ in range(3):
            await asyncio.sleep(0)
        self.asking -= 1

    def mended(self) -> list[str]:
        """Names of boxes that were asked to mend themselves, in that order."""
        return [each.desired.name for each in self.requests if each.mode is Mode.RECONCILE]


class Nobody(Relay):
    """No box relays in these tests unless one says so."""

    def __init__(self) -> None:
        super().__init__(network=None, ask=self._refuse)  # type: ignore[arg-type]

    @staticmethod
    def _refuse(*_: object) -> NoReturn:
        raise AssertionError("nobody may be asked here")


@dataclass
class Scene:
    """One run and what was seen of it."""

    fleet: Fleet
    boxes: Sequence[Target]
    invalid: Sequence[Invalid] = ()
    settings: Settings = field(default_factory=Settings)
    answer: str | None = None
    journal: Journal | None = None
    relay: Relay = field(default_factory=Nobody)
    stop: Stop = field(default_factory=Stop)
    events: list[Event] = field(default_factory=list)
    asked_for: list[str] = field(default_factory=list)

    async def may(self, wanting: Sequence[BoxReport]) -> str | None:
        self.asked_for = [each.name for each in wanting]
        return self.answer

    def world(self) -> World:
        return World(
            visit=self.fleet.visit,
            may=self.may,
            relay=self.relay,
            journal=self.journal,
            tell=self.events.append,
            now=lambda: NOW,
            monotonic=lambda: self.fleet.clock,
            random=Random(1),
        )

    def worker(self) -> Worker:
        return Worker(self.settings, self.world(), self.stop)

    def run(self, submit: Submit | None = None) -> Run:
        return Run(self.boxes, self.invalid, self.settings, self.world(), self.stop, submit=submit)

    def check(self) -> FleetReport:
        return asyncio.run(self.run().check())

    def diagnose(self) -> FleetReport:
        return asyncio.run(self.run().diagnose())

    def reconcile(self) -> FleetReport:
        return asyncio.run(self.run().reconcile())


def states(report: FleetReport) -> dict[str, BoxState]:
    return {each.name: each.state for each in report.boxes}
