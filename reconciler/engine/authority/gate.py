"""The one way to ask the authority: a visit to a box that is going to ask, or is told what others were answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ...model.desired import CertificateSource, Mode
from ...model.target import Target
from ..seam import Visit
from .rate_limit import PATIENCE
from .relay import Relay
from .turns import Asker, Turns
from .verdict import NOTHING, Heard, Verdict, heard

_Came = TypeVar("_Came")
Go = Callable[[Verdict | None], Awaitable[Visit | None]]
_Ask = Callable[[Verdict | None], Awaitable[tuple[_Came, Heard]]]


class Gate:
    """One for a run.

    Args:
        at_once: how many may ask at the same time, boxes and the control machine together.
        relay: asks for boxes that do not ask themselves.
        patience: seconds that others wait for one who asks.
    """

    def __init__(self, at_once: int, relay: Relay, patience: float = PATIENCE) -> None:
        self._relay = relay
        self._turns = Turns(at_once, patience)
        self._waiting: dict[Asker, asyncio.Future[Verdict | None]] = {}
        self._soon: asyncio.Handle | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def through(self, target: Target, mode: Mode, visit: Go) -> Visit | None:
        """Visit a box that needs the authority, when it is its turn.

        Args:
            visit: gets what the box is told instead of asking, `None` where it is to ask; returns `None` where it was
                not begun.
        """
        if target.desired.certificate_source is CertificateSource.RELAY:
            return await visit(await self._ask_from_here(target, mode))

        async def ask(verdict: Verdict | None) -> tuple[Visit | None, Heard]:
            came = await visit(verdict)
            return came, NOTHING if came is None else heard(target.name, mode, came.result)

        return await self._in_turn(Asker.at_the_box(target.desired, mode), ask)

    async def _ask_from_here(self, target: Target, mode: Mode) -> Verdict:
        async def ask(known: Verdict | None) -> tuple[Verdict, Heard]:
            verdict = known
            if verdict is None:
                verdict = await asyncio.to_thread(self._relay.verdict, target.desired, mode)
            return verdict, Heard(verdict=verdict)

        return await self._in_turn(Asker.here(target.desired, mode), ask)

    async def _in_turn(self, asker: Asker, ask: _Ask[_Came]) -> _Came:
        turn = self._waiting[asker] = asyncio.get_running_loop().create_future()
        said = NOTHING
        self._turns.join(asker)
        self._call_soon()
        try:
            came, said = await ask(await turn)
        finally:
            del self._waiting[asker]
            self._turns.leave(asker, said)
            self._call_soon()
        return came

    def _call_soon(self) -> None:
        """Call, but not at once: who ends in the same moment is heard before the next is called."""
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_soon(self._call)

    def _call(self) -> None:
        """Let those go on whose turn it is, and come back when time alone may have let another one."""
        loop, self._soon = asyncio.get_running_loop(), None
        try:
            called = self._turns.called(loop.time())
        except Exception as error:  # noqa: BLE001 - nobody waits here for ever: each box reports the defect
            for turn in self._waiting.values():
                if not turn.done():
                    turn.set_exception(error)
            return
        for asker, verdict in called:
            if not self._waiting[asker].done():  # one that was cancelled leaves as soon as its task runs
                self._waiting[asker].set_result(verdict)
        if self._timer is not None:
            self._timer.cancel()
        wakes_at = self._turns.changes_at(loop.time())
        self._timer = None if wakes_at is None else loop.call_at(wakes_at, self._call)
