"""Who works on boxes, in this process: one task for each, some at a time, and what happens is told as it happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import replace

from ..model.desired import Mode, Request
from ..model.repair import RepairKind
from ..outcome.directory import again, allowed
from ..results.result import Result
from .authority.gate import Gate
from .authority.verdict import Verdict, with_verdict
from .fan_out import FanOut, Missing
from .seam import BoxEvent, Broken, LeftAlone, NotBegun, NotNoted, Order, Started, Visit, Visited, Visiting
from .settings import Settings
from .state_folder import StateUnusable
from .stop import Stop
from .world import World

_LOG = logging.getLogger(__name__)

Tell = Callable[[BoxEvent], None]


class Worker:
    """One for a run; its time for the run begins when it is made."""

    def __init__(self, settings: Settings, world: World, stop: Stop) -> None:
        self._settings = settings
        self._world = world
        self._stop = stop
        self._gate = Gate(settings.authority_at_once, world.relay)
        self._began = world.monotonic()
        self._visiting: set[str] = set()

    async def submit(self, orders: Sequence[Order]) -> AsyncGenerator[BoxEvent, None]:
        """Work on boxes; this is the seam."""
        events = asyncio.Queue[BoxEvent | None]()
        working = asyncio.create_task(self._work(orders, events.put_nowait))
        working.add_done_callback(lambda _: events.put_nowait(None))
        try:
            while (event := await events.get()) is not None:
                yield event
            working.result()
        finally:
            if not working.done():
                working.cancel()
                await asyncio.wait((working,))

    async def _work(self, orders: Sequence[Order], tell: Tell) -> None:
        async def one(order: Order) -> None:
            tell(Started(order.target.name))
            end = await self._end_of(order, tell)
            self._visiting.discard(order.target.name)
            tell(end)

        outcomes = await FanOut(one, self._settings.forks, self._stop, self._delay).run(orders)
        for order, outcome in zip(orders, outcomes, strict=True):
            if isinstance(outcome, Missing):
                name = order.target.name
                tell(LeftAlone(name) if name in self._visiting else NotBegun(name))

    def _delay(self, order: Order) -> float:
        """Return after how many seconds a box is begun: looks are spread, repairs were spread by their looks."""
        jitter = self._settings.jitter_seconds
        return self._world.random.uniform(0, jitter) if jitter and order.mode is not Mode.RECONCILE else 0.0

    async def _end_of(self, order: Order, tell: Tell) -> BoxEvent:
        """Work on a box; whatever goes wrong is what came of it."""
        name, began = order.target.name, self._world.monotonic()
        try:
            visit = await self._visit_in_turn(order, tell)
        except StateUnusable as error:
            return NotNoted(name, str(error))
        except Exception as error:  # noqa: BLE001 - the one boundary: a defect at one box must not stop the others
            _LOG.debug("%s", name, exc_info=True)
            is_left = self._stop.waits_for_nothing and name in self._visiting
            return LeftAlone(name) if is_left else Broken(name, type(error).__name__)
        if visit is None:
            return NotBegun(name)
        return Visited(name, visit, round(self._world.monotonic() - began, 3))

    async def _visit_in_turn(self, order: Order, tell: Tell) -> Visit | None:
        async def visit(verdict: Verdict | None) -> Visit | None:
            return await self._begin(order, verdict, tell)

        return await (self._gate.through(order.target, order.mode, visit) if _asks(order) else visit(None))

    async def _begin(self, order: Order, verdict: Verdict | None, tell: Tell) -> Visit | None:
        """Go to a box, unless nothing may be begun any more: this is the moment at which it is begun."""
        seconds = self._settings.seconds_for_a_box(self._world.monotonic() - self._began)
        if seconds is None:
            self._stop.run_out(self._settings.out_of_time)
        if seconds is None or self._stop.begin_nothing:
            return None
        name = order.target.name
        if self._world.journal and order.mode is Mode.RECONCILE:
            self._world.journal.began(name)
        self._visiting.add(name)
        tell(Visiting(name, self._settings.longest_visit(order.target, seconds)))
        request = Request(desired=order.target.desired, mode=order.mode, deadline_seconds=seconds)
        return await self._judged(order, with_verdict(request, verdict))

    async def _judged(self, order: Order, request: Request) -> Visit:
        """Visit a box; what may be somebody else's changes nothing before it was judged here by what it shows."""
        target, directory = order.target, self._world.directory
        if order.mode is Mode.RECONCILE and order.looked is not None:
            request = allowed(request, order.looked, directory, target.others) or request
        visit = await self._world.visit(target, request)
        if (second := again(request, visit.result, directory, target.others)) is not None:
            visit = await self._world.visit(target, second)
        return replace(visit, result=directory.judged(request, target.others, visit.result))


def _asks(order: Order) -> bool:
    """Tell whether somebody will ask the authority for a box: a diagnosis does, and a repair that fetches."""
    if order.mode is not Mode.RECONCILE:
        return order.mode is Mode.DIAGNOSE
    return order.looked is not None and _fetches(order.looked)


def _fetches(looked: Result) -> bool:
    return any(each.kind is RepairKind.FETCH_CERTIFICATE for each in looked.plan)
