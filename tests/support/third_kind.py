"""A kind of connection that there is not: its entry in each table is all that is needed to reach boxes by it.

It stands for the next one. Whatever treats a kind that it does not know as SSH, or as this machine, fails with it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import pytest

from reconciler.connections import kinds
from reconciler.connections.reached import OpenBox, ReachedBox, Standpoint
from reconciler.model.desired import Request
from reconciler.model.target import ConnectionKind, Target
from reconciler.model.variables import VARIABLES
from reconciler.net.dial import ByteReader, ByteWriter
from reconciler.results.result import Result

VARIABLE = VARIABLES["iot_https_connection"]


@dataclass(slots=True)
class Roof:
    """Where pigeons land: no port of a box answers there."""

    address: str = "192.0.2.7"
    is_direct: bool = False
    dialled: list[tuple[str, int]] = field(default_factory=list)

    async def dial(self, host: str, port: int) -> tuple[ByteReader, ByteWriter]:
        """Note what was asked for, and refuse it."""
        self.dialled.append((host, port))
        raise ConnectionRefusedError(111, "Connection refused")


@dataclass(frozen=True, slots=True)
class Answering:
    """A reached box whose program runs somewhere in this process."""

    program: Callable[[Request], Awaitable[Result]]
    standpoint: Standpoint | None = None

    async def run(self, request: Request) -> Result:
        """Run it."""
        return await self.program(request)


def opener(run: Callable[[Request], Awaitable[Result]], place: Standpoint | None = None) -> OpenBox:
    """Return how such boxes are reached."""

    @asynccontextmanager
    async def opened(_: Target, seconds: float) -> AsyncIterator[tuple[ReachedBox, float]]:
        yield Answering(run, place), seconds

    return opened


@contextmanager
def pigeons(opens: OpenBox) -> Iterator[ConnectionKind]:
    """Have one kind more: a member of the enumeration, a choice of the variable, an entry of the connections."""
    kind = str.__new__(ConnectionKind, "pigeon")
    kind._name_, kind._value_ = "PIGEON", "pigeon"
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(ConnectionKind._member_map_, kind._name_, kind)
        patched.setitem(ConnectionKind._value2member_map_, kind._value_, kind)
        patched.setattr(ConnectionKind, "_member_names_", [*ConnectionKind._member_names_, kind._name_])
        patched.setitem(kinds._ENTRIES, kind, opens)
        choices = VARIABLE.choices
        object.__setattr__(VARIABLE, "choices", (*choices, kind.value))
        try:
            yield kind
        finally:
            object.__setattr__(VARIABLE, "choices", choices)
