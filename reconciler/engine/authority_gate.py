"""Politeness towards the authority: few ask at once, and nobody asks for what others were refused or asked in vain.

The first box of a database goes alone, and the second too where that one was refused: one box alone may be broken into
and make a refusal up, so it counts when two have met it. After them the others follow, some at a time: with that
refusal instead of a question, or to ask themselves. Nobody is waited for longer than a question takes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from ..codes import CodeName
from ..model.desired import Refusal
from ..model.target import Target
from ..results.result import Result
from .asked_in_vain import AskedInVain, was_granted
from .patience import PATIENCE, held
from .refusals import Refusals
from .world import Visit

Mend = Callable[[Refusal | None], Awaitable[Visit | None]]
"""Mends a box; gets why it is not to ask, or None when it may. Returns None where it was not begun."""


@dataclass(slots=True)
class _Database:
    alone: asyncio.Lock = field(default_factory=asyncio.Lock)
    tried: int = 0
    is_granted: bool = False
    refusals: Refusals = field(default_factory=Refusals)

    @property
    def needs_one_alone(self) -> bool:
        """Whether the next box is to be waited for, since what it meets will count for the others."""
        return self.tried == 0 or (self.tried == 1 and self.refusals.is_to_be_confirmed and not self.is_granted)

    @property
    def refusal(self) -> Refusal | None:
        """What boxes are told instead of asking; a grant stands, whatever others meet."""
        return None if self.is_granted else self.refusals.agreed

    def learn(self, box: str, result: Result) -> None:
        """Note what came of a question."""
        self.is_granted = self.is_granted or was_granted(result)
        refused = [each for each in result.after if each.code == CodeName.LOAD_REQUEST_NO_RESULT]
        if refused:
            first = refused[0]
            self.refusals.add(box, Refusal(code=first.code, seen=first.seen, variant=first.variant))


class AuthorityGate:
    """One for a run.

    Args:
        at_once: boxes that may ask at the same time.
        patience: seconds after which a box that is still at work counts as one that has asked.
    """

    def __init__(self, at_once: int, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._places = asyncio.Semaphore(at_once)
        self._databases: dict[str, _Database] = {}
        self._in_vain = AskedInVain()

    async def through(self, database: str, target: Target, mend: Mend) -> Visit | None:
        """Mend a box that is going to ask the authority, when it is its turn.

        Args:
            database: by which boxes that are granted or refused together are told.
        """
        known = self._databases.setdefault(database, _Database())
        async with held(known.alone, self._patience):
            if known.needs_one_alone:
                known.tried += 1
                return await self._in_turn(known, target, mend)
        return await self._in_turn(known, target, mend)

    async def _in_turn(self, known: _Database, target: Target, mend: Mend) -> Visit | None:
        async with held(self._places, self._patience):
            refusal = known.refusal or self._in_vain.reason_for(target.desired)
            if refusal is None:
                visit = await mend(None)
                if visit is not None:
                    known.learn(target.name, visit.result)
                    self._in_vain.learn(target.desired, visit.result)
                return visit
        return await mend(refusal)
