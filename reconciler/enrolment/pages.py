"""What an enrolment needs of a box's homepage: who answers there, and a new password.

A box behind a jump host or a proxy command is asked from there, never from here: its private address may be that of
another machine in the networks that this one reaches.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from ..connections import ssh
from ..connections.ssh_way import Direct, Way
from ..connections.threads import in_daemon_thread
from ..homepage.answer import NoAnswer
from ..homepage.detect import SeenPage, detect
from ..homepage.dialect import Dialect
from ..homepage.orders import new_password
from ..homepage.session import Homepage
from ..model.secret import Secret
from ..model.statement import say
from ..model.target import Target
from .proving import prove

SECONDS: Final = 20.0
"""For one request; the vendor's program answers within a second where it is not restarting."""
_LOOPBACK: Final = "127.0.0.1"
_CHUNK: Final = 1 << 16
_SERIAL: Final = re.compile(r"[0-9a-fA-F]{8,32}")
_GENERATIONS: Final = {
    Dialect.FLAT_15: "15.0",
    Dialect.FLAT_16: "16.0 or early 17.0",
    Dialect.OWL: "17.0 or 18.0",
    Dialect.OWL_18_3: "saas-18.3",
    Dialect.NEWEST: "19.0",
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SeenBox:
    """Who answers.

    Args:
        generation: in words.
        serial: what it calls itself, where a look that changes nothing tells.
        makes_password: it has a route for that.
        proves_name: what it is asked and answers afterwards travels encrypted.
    """

    page: SeenPage
    generation: str
    is_windows: bool
    serial: str | None
    makes_password: bool
    proves_name: bool = False


class Pages(Protocol):
    """The homepage of one box."""

    async def seen(self) -> SeenBox:
        """Find out who answers, by routes that change nothing; NoAnswer where nobody does."""

    async def new_password(self, seen: SeenBox) -> Secret | None:
        """Have `pi` get another password, encrypted where it was to be; NoAnswer where that did not work out."""


@dataclass(frozen=True, slots=True)
class HttpPages:
    """Over HTTP, in a thread of its own.

    Args:
        host: the box's own address.
        https_port: at the homepage's address.
    """

    homepage: Homepage
    host: str
    https_port: int

    async def seen(self) -> SeenBox:
        """See `Pages`."""
        page = await _within(lambda: detect(self.homepage))
        status = page.status
        serial = status.identifier if status is not None and page.dialect is Dialect.NEWEST else None
        return SeenBox(
            page,
            _GENERATIONS[page.dialect],
            page.is_windows,
            serial if serial is not None and _SERIAL.fullmatch(serial) else None,
            page.entry.password is not None and not page.is_windows,
            await _within(lambda: prove(self.homepage, self.host, self.https_port)),
        )

    async def new_password(self, seen: SeenBox) -> Secret | None:
        """See `Pages`."""

        def made() -> Secret | None:
            if seen.proves_name and not prove(self.homepage, self.host, self.https_port):
                raise NoAnswer(say("handshake_failed"))
            return new_password(self.homepage, seen.page.entry)

        return await _within(made)


@asynccontextmanager
async def pages_of(target: Target) -> AsyncIterator[Pages]:
    """Open the way to a box's homepage, the same that leads to its SSH server.

    Raises:
        NoConnection: a jump host on the way does not let through.
    """
    async with AsyncExitStack() as stack:
        if target.ssh is None:
            raise ValueError(f"{target.name} is not reached over SSH")
        way, host = await stack.enter_async_context(ssh.way_to(target.ssh))
        address, ports = host, (target.desired.homepage_port, target.desired.https_port)
        if not isinstance(way, Direct):
            led = [await stack.enter_async_context(_led(way, host, port)) for port in ports]
            address, ports = _LOOPBACK, (led[0], led[1])
        homepage = Homepage(address, ports[0], seconds=SECONDS, https_port=ports[1])
        stack.callback(homepage.close)
        yield HttpPages(homepage, host, ports[1])


@asynccontextmanager
async def _led(way: Way, host: str, port: int) -> AsyncIterator[int]:
    """Lead a port of this machine to the box while this is open."""
    tasks: set[asyncio.Task[None]] = set()

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (task := asyncio.current_task()) is not None:
            tasks.add(task)
        try:
            far_reader, far_writer = await way.dial(host, port)
        except OSError:
            writer.transport.abort()  # who asked sees that nobody answers
            return
        try:
            await asyncio.gather(_carry(reader, far_writer), _carry(far_reader, writer))
        finally:
            far_writer.close()
            writer.close()

    server = await asyncio.start_server(come, _LOOPBACK, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):  # the other end sees that it ends
        while piece := await source.read(_CHUNK):
            sink.write(piece)
            await sink.drain()
    with suppress(OSError):
        sink.write_eof()


async def _within(work: Callable[[], T]) -> T:
    return await in_daemon_thread(work)
