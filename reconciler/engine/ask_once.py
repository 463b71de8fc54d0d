"""A diagnosis asks the authority once for each database (twice where it refuses), however many boxes share it.

The first box of a database goes alone. When it was told yes, or two were told no, the others are told so and do not
ask. A box that brings no verdict (it is offline, or its network is in the way) lets two others go in its place, so that
many of those do not wait for each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from ..codes import CodeName, known_variant
from ..model.desired import Refusal
from ..model.statement import Statement, say
from ..results.result import Result
from .patience import PATIENCE, held
from .refusals import Refusals
from .world import Visit

Known = Refusal | tuple[Statement, ...]
"""What is known of a database: a refusal, how it is known that it is granted, or nothing yet (empty)."""
Ask = Callable[[Known], Awaitable[Visit | None]]


@dataclass(slots=True)
class _Database:
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    granted: tuple[Statement, ...] = ()
    refusals: Refusals = field(default_factory=Refusals)

    @property
    def known(self) -> Known:
        return self.granted or self.refusals.agreed or ()

    def learn(self, box: str, result: Result) -> bool:
        """Note what a box was told; return whether that was a verdict."""
        told = verdict(box, result)
        if isinstance(told, Refusal):
            self.refusals.add(box, told)
        else:
            self.granted = self.granted or told
        return bool(told)


@dataclass(slots=True)
class AskOnce:
    """One for a run. `patience`: seconds after which a box without an answer lets another one ask beside it."""

    patience: float = PATIENCE
    _databases: dict[str, _Database] = field(default_factory=dict)

    async def through(self, database: str, box: str, ask: Ask) -> Visit | None:
        """Visit a box: alone while nothing is known of its database, beside others afterwards.

        Args:
            database: by which boxes that are granted or refused together are told.
        """
        one = self._databases.setdefault(database, _Database())
        async with held(one.places, self.patience):
            if not one.known:
                visit = await ask(())
                if visit is None or not one.learn(box, visit.result):
                    one.places.release()
                return visit
        return await ask(one.known)


def verdict(box: str, result: Result) -> Known:
    """Return what the answer to a box says of its database, as that box was told it; empty where it says nothing."""
    told = result.inquiry.eligibility if result.inquiry else None
    if told is None or not told.asked:
        return ()
    if told.code is None:
        return (say("granted_to", box=box),)
    if told.code != CodeName.LOAD_REQUEST_NO_RESULT:
        return ()
    return Refusal(code=told.code, seen=told.seen, variant=known_variant(told.code, told.variant))
