"""Politeness towards the authority: few ask at once, and after a refusal nobody asks for that database again.

The first box of a database goes alone. Only when it is known whether the authority grants a certificate do the others
follow, all at once or with the refusal instead of a question.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from ..codes import CodeName
from ..model.desired import Refusal
from ..model.result import RepairKind, RepairStatus, Result
from .world import Visit


@dataclass(slots=True)
class _Database:
    first: asyncio.Lock = field(default_factory=asyncio.Lock)
    answered: bool = False
    refusal: Refusal | None = None


class AuthorityGate:
    """One for a run. `at_once`: boxes that may ask at the same time."""

    def __init__(self, at_once: int) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._databases: dict[str, _Database] = {}

    async def through(self, database: str, box: str, mend: Callable[[Refusal | None], Awaitable[Visit]]) -> Visit:
        """Mend a box that is going to ask the authority, when it is its turn.

        Args:
            database: by which boxes that are granted or refused together are told.
            box: its name, for the evidence of later refusals.
            mend: gets the refusal that another box of the database met, or None when it may ask.
        """
        known = self._databases.setdefault(database, _Database())
        async with known.first:
            if not known.answered:
                visit = await self._in_turn(mend)
                self._learn(known, box, visit.result)
                return visit
        if known.refusal is not None:
            return await mend(known.refusal)
        return await self._in_turn(mend)

    async def _in_turn(self, mend: Callable[[Refusal | None], Awaitable[Visit]]) -> Visit:
        async with self._places:
            return await mend(None)

    @staticmethod
    def _learn(known: _Database, box: str, result: Result) -> None:
        refused = [each for each in result.after if each.code == CodeName.LOAD_REQUEST_NO_RESULT]
        fetched = [each for each in result.outcomes if each.repair.kind is RepairKind.FETCH_CERTIFICATE]
        known.answered = bool(refused) or any(
            each.status in (RepairStatus.DONE, RepairStatus.UNCHANGED) for each in fetched
        )
        if refused:
            evidence = f"not asked again, since {box} of the same database got: {refused[0].evidence}"
            known.refusal = Refusal(code=refused[0].code, evidence=evidence)
