"""Reach a box by its homepage: nothing is sent before its run begins, which works in a thread of its own."""

from __future__ import annotations

import functools
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ...homepage.session import Homepage
from ...model.desired import Request
from ...model.target import HomepageWay, Target
from ...net.dial import ByteReader, ByteWriter
from ...results.result import Result
from ..reached import ReachedBox
from ..threads import in_daemon_thread
from . import presented
from .run import run
from .way import PagesOfBox

_SECONDS = 30.0
"""Of one request: some of a box's pages ask www.odoo.com before they answer."""


@dataclass(frozen=True, slots=True)
class _FromHere:
    """This machine, which sees the box as a till does."""

    address: str
    is_direct: bool = True

    async def dial(self, host: str, port: int) -> tuple[ByteReader, ByteWriter]:
        """Connect."""
        import asyncio

        return await asyncio.open_connection(host, port)


@dataclass(frozen=True, slots=True)
class _ByHomepage:
    way: HomepageWay

    @property
    def standpoint(self) -> _FromHere:
        return _FromHere(self.way.host)

    async def run(self, request: Request) -> Result:
        return await in_daemon_thread(lambda: visited(self.way, request))


@asynccontextmanager
async def opened(target: Target, seconds: float) -> AsyncIterator[tuple[ReachedBox, float]]:
    """Reach a box, which takes no time: what does not answer is found by the run."""
    if target.homepage is None:
        raise ValueError(f"{target.name}: reached by its homepage, and nothing says where that is")
    yield _ByHomepage(target.homepage), seconds


def visited(way: HomepageWay, request: Request) -> Result:
    """Do what a request asks on the box at the end of a way; a thread works on one box at a time."""
    page = Homepage(way.host, way.port, seconds=_SECONDS, https_port=way.https_port)
    try:
        box = PagesOfBox(
            page=page,
            present=lambda host: presented.presented(way.host, way.https_port, host, _trust()),
            prove=lambda name: page.prove(name, _trusting()),
        )
        return run(box, request)
    finally:
        page.close()


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whom this machine trusts, whatever the date: made once, which costs more than many handshakes."""
    return presented.trust()


@functools.cache
def _trusting() -> ssl.SSLContext:
    """The same for what is sent: a certificate that has ended proves nothing."""
    from ...net.tls import trusted_here

    return trusted_here()
