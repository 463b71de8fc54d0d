"""One run over many boxes: look at all, count and ask, then change those that want it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ..model.desired import Mode
from ..model.target import Invalid, Target
from ..outcome.unvisited import invalid_entry, not_managed
from ..results.fleet import FleetReport
from .ledger import Ledger
from .looking import look
from .mending import mend, too_many, wants
from .seam import Submit
from .settings import Settings
from .stop import Stop
from .worker import Worker
from .world import World


class Run:
    """One run; used once.

    Args:
        submit: has boxes worked on; a worker in this process where nothing else is given.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        invalid: Sequence[Invalid],
        settings: Settings,
        world: World,
        stop: Stop,
        *,
        submit: Submit | None = None,
    ) -> None:
        self._targets = [each for each in targets if each.desired.declares_something]
        self._unmanaged = [each for each in targets if not each.desired.declares_something]
        self._invalid = invalid
        self._settings = settings
        self._world = world
        self._stop = stop
        self._submit = submit or Worker(settings, world, stop).submit
        self._ledger = Ledger(self._targets, world.journal, world.tell, world.now, world.monotonic)
        self._began = world.monotonic()

    def at_work(self) -> Mapping[str, float]:
        """Return the boxes that are being worked on just now, with the seconds that each can still take."""
        return self._ledger.at_work()

    async def check(self) -> FleetReport:
        """Look at every box and change none."""
        return await self._only_look(Mode.CHECK)

    async def diagnose(self) -> FleetReport:
        """Look at every box, ask on until the cause is known, and change none."""
        return await self._only_look(Mode.DIAGNOSE)

    async def reconcile(self) -> FleetReport:
        """Look at every box; change those that want it, if they may be changed."""
        started, ledger = self._start(), self._ledger
        await look(self._targets, Mode.CHECK, ledger, self._submit, lambda report: not wants(report, ledger))
        wanting = [target for target in self._targets if wants(ledger[target.name], ledger)]
        too_many_want, no = await self._leave(wanting)
        held_back = too_many_want or no
        if wanting and held_back is None:
            await mend(wanting, ledger, self._submit)
        resumed = () if held_back else tuple(each.name for each in wanting if each.name in ledger.unfinished)
        report = self._report(Mode.RECONCILE, started)
        return replace(report, held_back=held_back, declined=no is not None, resumed=resumed)

    async def _leave(self, wanting: Sequence[Target]) -> tuple[str | None, str | None]:
        """Return why these may not be changed: they are too many, or somebody says no."""
        if not wanting or self._stop.begin_nothing:
            return None, None
        if (why := too_many(wanting, self._settings.max_changed)) is not None:
            return why, None
        return None, await self._world.may([self._ledger[target.name] for target in wanting])

    async def _only_look(self, mode: Mode) -> FleetReport:
        started = self._start()
        await look(self._targets, mode, self._ledger, self._submit, lambda _: True)
        return self._report(mode, started)

    def _start(self) -> datetime:
        started = self._ledger.begin(len(self._targets) + len(self._invalid) + len(self._unmanaged))
        for each in self._invalid:
            self._ledger.finish(invalid_entry(each))
        for target in self._unmanaged:
            self._ledger.finish(not_managed(target.desired))
        return started

    def _report(self, mode: Mode, started: datetime) -> FleetReport:
        boxes: tuple[Target | Invalid, ...] = (*self._targets, *self._invalid, *self._unmanaged)
        reports = self._ledger.close([each.name for each in boxes], self._stop.reason)
        return FleetReport(
            mode=mode,
            started_at=started,
            seconds=round(self._world.monotonic() - self._began, 3),
            boxes=reports,
            interrupted=self._stop.begin_nothing,
        )
