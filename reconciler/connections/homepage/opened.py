"""Reach a box by its homepage: nothing is sent before its run begins, which works in a thread of its own."""

from __future__ import annotations

import functools
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from ...homepage.answer import NoAnswer
from ...homepage.session import HELLO, HOMEPAGE_PORT, Homepage
from ...model import framing, wire
from ...model.desired import Request
from ...model.errand import Errand
from ...model.target import CONNECT_SECONDS, HomepageWay, Target
from ...net.dial import ByteReader, ByteWriter
from ...results.result import Result
from .. import reply
from ..errand_reply import Carried, ErrandFailed
from ..reached import ReachedBox
from ..threads import in_daemon_thread
from . import presented
from .errand import carried
from .run import run, silent
from .way import LONGEST_REQUEST, PagesOfBox

_NGINX_PORT = 80
_TOO_LATE = "page_silent"
"""No answer in time: a box that is off, which is not asked twice."""


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
    try:
        port = answering(way)
    except NoAnswer as why:
        return Result.unobserved(request.desired.name, request.mode, datetime.now(UTC), silent(way.host, way.port, why))
    with _pages(way, port) as box:
        return as_told(run(box, request), request)


async def run_errand(target: Target, errand: Errand) -> Carried:
    """Run an errand at a box.

    Raises:
        ErrandFailed: the box does not answer, or is none.
    """
    way = target.homepage
    if way is None:
        raise ValueError(f"{target.name}: reached by its homepage, and nothing says where that is")

    def work() -> Carried:
        try:
            port = answering(way)
        except NoAnswer as why:
            raise ErrandFailed(silent(way.host, way.port, why)) from None
        with _pages(way, port) as box:
            return carried(box, errand)

    return await in_daemon_thread(work)


@contextmanager
def _pages(way: HomepageWay, port: int) -> Iterator[PagesOfBox]:
    page = Homepage(way.host, port, seconds=LONGEST_REQUEST, https_port=way.https_port)
    try:
        yield PagesOfBox(
            client=page,
            present=lambda host: presented.presented(way.host, way.https_port, host, _trust()),
            prove=lambda name: page.prove(name, _trusting()),
        )
    finally:
        page.close()


def as_told(result: Result, request: Request) -> Result:
    """Return a result as every reply of a box is taken: bounded, plausible, without a secret or a control character.

    What a box's pages say is as much its own word as what a program on it would print.
    """
    if result.observed is None:
        return result
    return reply.read(framing.frame({"result": wire.encode(result)}), request, result.started_at, "")


def answering(way: HomepageWay, beside: int = _NGINX_PORT) -> int:
    """Return the port on which the pages are: from 19.1 on Odoo may listen for nginx alone, which passes all on.

    Args:
        beside: where nginx does, asked only where nothing listens on the port that every box had before.

    Raises:
        NoAnswer: nothing answers at the address.
    """
    try:
        _greet(way.host, way.port)
    except NoAnswer as why:
        if why.sent or why.statement.says == _TOO_LATE or way.port != HOMEPAGE_PORT:
            raise
        try:
            _greet(way.host, beside)
        except NoAnswer:
            raise why from None
        return beside
    return way.port


def _greet(host: str, port: int) -> None:
    page = Homepage(host, port, seconds=CONNECT_SECONDS)
    try:
        page.get(HELLO)
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
