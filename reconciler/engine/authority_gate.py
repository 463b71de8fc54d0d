"""Politeness towards the authority: few ask at once, and nobody asks for what others were refused or asked in vain.

The first box of a database goes alone, so that a refusal is met once. After it the others follow, some at a time:
with that refusal instead of a question, or to ask themselves. Nobody is waited for longer than a question takes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from ..codes import CodeName
from ..model.desired import Refusal
from ..model.result import Result
from ..model.target import Target
from .asked_in_vain import AskedInVain, was_granted
from .patience import PATIENCE, held
from .world import Visit

Mend = Callable[[Refusal | None], Awaitable[Visit | None]]
"""Mends a box; gets why it is not to ask, or None when it may. Returns None where it was not begun."""


@dataclass(slots=True)
class _Database:
    first: asyncio.Lock = field(default_factory=asyncio.Lock)
    is_tried: bool = False
    is_granted: bool = False
    refusal: Refusal | None = None

    def learn(self, box: str, result: Result) -> None:
        """Note what came of a question; a grant stands, whatever another box meets later."""
        self.is_granted = self.is_granted or was_granted(result)
        refused = [each for each in result.after if each.code == CodeName.LOAD_REQUEST_NO_RESULT]
        if refused and not self.is_granted:
            evidence = f"not asked again, since {box} of the same database got: {refused[0].evidence}"
            self.refusal = Refusal(code=refused[0].code, evidence=evidence, variant=refused[0].variant)


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
        async with held(known.first, self._patience):
            if not known.is_tried:
                known.is_tried = True
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
