"""One task for each box, some at a time, each for itself: what goes wrong at one is no business of another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from .stop import Stop

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class Missing(Enum):
    """Why there is no outcome for a box."""

    NOT_BEGUN = "the run ended before its turn"
    LEFT_ALONE = "the run ended without waiting for it"


@dataclass(frozen=True, slots=True)
class FanOut(Generic[Item, Outcome]):
    """Runs `work` for many items.

    Args:
        work: must not raise; what goes wrong belongs into its outcome.
        at_once: how many run at the same time.
        stop: ends it early.
        delay: seconds to wait before an item takes its place, for spreading a fleet's questions.
    """

    work: Callable[[Item], Awaitable[Outcome]]
    at_once: int
    stop: Stop
    delay: Callable[[Item], float] = lambda _: 0.0

    async def run(self, items: Sequence[Item]) -> list[Outcome | Missing]:
        """Return one outcome for each item, in their order."""
        places = asyncio.Semaphore(self.at_once)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._one(item, places)) for item in items]
        return [task.result() for task in tasks]

    async def _one(self, item: Item, places: asyncio.Semaphore) -> Outcome | Missing:
        if (seconds := self.delay(item)) > 0 and not await self._wait(asyncio.sleep(seconds)):
            return Missing.NOT_BEGUN
        if not await self._wait(places.acquire()):
            return Missing.NOT_BEGUN
        try:
            return await self._work(item)
        finally:
            places.release()

    async def _wait(self, what: Awaitable[object]) -> bool:
        """Wait for something, unless nothing may be begun any more."""
        await _first(asyncio.ensure_future(what), asyncio.ensure_future(self.stop.until_asked()))
        return not self.stop.begin_nothing

    async def _work(self, item: Item) -> Outcome | Missing:
        working = asyncio.ensure_future(self.work(item))
        await _first(working, asyncio.ensure_future(self.stop.until_pressed()))
        return Missing.LEFT_ALONE if working.cancelled() else working.result()


async def _first(*either: asyncio.Future[Any]) -> None:
    """Wait until one of these is done; the others are ended then, and also when nobody waits any longer."""
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in either:
            each.cancel()
        await asyncio.wait(either)
