"""What every kind of connection offers: a box that is reached, and from where others see it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from ..model.desired import Request
from ..model.errors import TemporaryFailure
from ..model.target import Target
from ..net.dial import ByteReader, ByteWriter
from ..results.finding import Finding
from ..results.result import Result


class Unreached(TemporaryFailure):
    """There is no connection to the box; `finding` says what happened and what to do."""

    def __init__(self, why: Finding) -> None:
        super().__init__(why.evidence)
        self.finding = why


class Standpoint(Protocol):
    """A place from which a box is seen as others see it."""

    @property
    def is_direct(self) -> bool:
        """Whether it is this machine: elsewhere, this machine's DNS is not that of the place."""

    @property
    def address(self) -> str:
        """Where the box is reached from there."""

    async def dial(self, host: str, port: int) -> tuple[ByteReader, ByteWriter]:
        """Connect to a TCP port from there, as `Dial` does."""


class ReachedBox(Protocol):
    """A box to which there is a connection."""

    @property
    def standpoint(self) -> Standpoint | None:
        """From where it is looked at from outside; `None` where there is no outside, since it is this machine."""

    async def run(self, request: Request) -> Result:
        """Run the box program; raises nothing."""


OpenBox = Callable[[Target, float], AbstractAsyncContextManager[tuple[ReachedBox, float]]]
"""Reaches a box, and gives what is left of its seconds; `Unreached` where it cannot be reached."""
