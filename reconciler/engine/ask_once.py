"""A diagnosis asks the authority once for each database, however many boxes share it.

The first box of a database goes alone. When it was told yes or no, the others are told so and do not ask; a question
to which there was no verdict says something about the network of that box, so the next one asks for itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from ..codes import CodeName
from ..model.desired import Refusal
from ..model.result import Result
from .world import Visit

Known = Refusal | str | None
"""What is known of a database: a refusal, how it is known that it is granted, or nothing yet."""
Ask = Callable[[Known], Awaitable[Visit | None]]


@dataclass(slots=True)
class _Database:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    known: Known = None


@dataclass(slots=True)
class AskOnce:
    """One for a run."""

    _databases: dict[str, _Database] = field(default_factory=dict)

    async def through(self, database: str, box: str, ask: Ask) -> Visit | None:
        """Visit a box: alone while nothing is known of its database, beside others afterwards.

        Args:
            database: by which boxes that are granted or refused together are told.
        """
        one = self._databases.setdefault(database, _Database())
        async with one.turn:
            if one.known is None:
                visit = await ask(None)
                one.known = None if visit is None else verdict(box, visit.result)
                return visit
        return await ask(one.known)


def verdict(box: str, result: Result) -> Known:
    """Return what the answer to a box says of its database, None where it says nothing."""
    told = result.inquiry.eligibility if result.inquiry else None
    if told is None or not told.asked:
        return None
    if told.code is None:
        return f"given to {box} of the same database, and dropped"
    if told.code != CodeName.LOAD_REQUEST_NO_RESULT:
        return None
    return Refusal(code=told.code, evidence=f"not asked again, since {box} of the same database got: {told.evidence}")
