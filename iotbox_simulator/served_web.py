"""The web servers of a live box: its homepage over HTTP, and over TLS what its nginx serves.

A port is open exactly while the box's process listens: otherwise the kernel refuses, as on a real box. All servers of a
fleet share one event loop; the box's own work runs in a thread, under the box's lock. Whenever somebody was at the box,
and whenever something was due on it, the state of its ports is looked at again, so that a reload of nginx shows in the
next handshake without any restart here.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from .homepage import ports
from .live import LiveMachine
from .machine.nginx import Loaded
from .machine.web import HOMEPAGE_PORT, HTTPS_PORT, ProgramHeld, WebReply, WebRequest
from .web_ports import Address, Port, Presenting, streams
from .web_wire import Malformed, WebExchange

CONNECTION_SECONDS = 120.0
"""A client that says nothing, or waits for a program that is held still, is not served for longer."""
_GRACE = 0.001
"""Seconds after which something that is due has surely become due."""


@dataclass(frozen=True, slots=True)
class _State:
    """What decides about the ports.

    Args:
        homepage: the program listens.
        answering: it does, and is not held still.
        pair: what nginx presents, None while it is down.
        next_event: seconds until something happens on the box by itself.
    """

    homepage: bool
    answering: bool
    pair: Loaded | None
    next_event: float | None


class ServedWeb:
    """Serves one box; use it as an asynchronous context manager.

    Args:
        homepage: where its port 8069 is; port 0 lets the system choose.
        https: where its port 443 is.
    """

    def __init__(self, live: LiveMachine[Any], homepage: Address, https: Address) -> None:
        self._live = live
        self._presenting = Presenting(old_image=live.box.odoo.image.read_only_root)
        self._homepage = Port(homepage, self._at_homepage)
        self._https = Port(https, self._at_https)
        self._states: asyncio.Queue[_State] = asyncio.Queue()
        self._changed = asyncio.Condition()
        self._standing = False, False
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._failure: BaseException | None = None

    @property
    def homepage_port(self) -> int:
        """The number of the port that stands for 8069."""
        return self._homepage.number

    @property
    def https_port(self) -> int:
        """The number of the port that stands for 443."""
        return self._https.number

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        try:
            self._homepage.reserve()
            self._https.reserve()
            await asyncio.to_thread(self._live.watch, self._look)
            await asyncio.to_thread(self._visit)
            await self._apply(await self._states.get())
        except BaseException:
            await self._end()
            raise
        self._start(self._follow())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()
        if self._failure is not None and error is None:
            raise self._failure

    async def _end(self) -> None:
        """Leave nothing open, and nothing running, of what was begun."""
        # first, so that nobody comes in any more; who came at the last moment is being served when this returns
        self._homepage.release()
        self._https.release()
        try:
            await asyncio.to_thread(self._live.unwatch, self._look)
        finally:
            if self._timer is not None:
                self._timer.cancel()
            tasks = tuple(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _visit(self) -> None:
        """Let what is due on the box happen; the end of the turn tells the state of the ports."""
        with self._live.caught_up():
            pass

    def _look(self) -> None:
        """Tell the loop how the box is now; called in the thread of whoever had the turn."""
        odoo = self._live.box.odoo
        answering = odoo.listening and not odoo.stopped
        state = _State(odoo.listening, answering, odoo.nginx.loaded, self._live.next_event())
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._states.put_nowait, state)

    async def _follow(self) -> None:
        while True:
            await self._apply(await self._states.get())

    async def _apply(self, state: _State) -> None:
        self._presenting.pair = state.pair
        self._homepage.set(listening=state.homepage)
        self._https.set(listening=state.pair is not None)
        if self._timer is not None:
            self._timer.cancel()
        if state.next_event is not None and self._loop is not None:
            self._timer = self._loop.call_later(max(state.next_event, 0.0) + _GRACE, self._come_back)
        standing = state.homepage, state.answering
        if standing != self._standing:  # each retry of a request is a turn, too: it must wake nobody
            self._standing = standing
            async with self._changed:
                self._changed.notify_all()

    def _come_back(self) -> None:
        self._start(asyncio.to_thread(self._visit))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Remember the first failure, which is the simulator's own: it is raised when the serving ends."""
        self._tasks.discard(task)
        if not task.cancelled() and self._failure is None:
            self._failure = task.exception()

    def _at_homepage(self, connection: socket.socket) -> None:
        self._start(self._connection(HOMEPAGE_PORT, connection, None))

    def _at_https(self, connection: socket.socket) -> None:
        self._start(self._connection(HTTPS_PORT, connection, self._presenting.context))

    async def _connection(self, port: int, connection: socket.socket, context: ssl.SSLContext | None) -> None:
        """Serve one request; clients that leave or say nothing are nobody's fault here."""
        with suppress(OSError):
            async with asyncio.timeout(CONNECTION_SECONDS), streams(connection, context) as (reader, writer):
                await self._serve(port, WebExchange(reader), writer)

    async def _serve(self, port: int, exchange: WebExchange, writer: asyncio.StreamWriter) -> None:
        try:
            request = await exchange.request()
            if request is None:
                return
            reply = await self._answer(port, request)
        except Malformed as error:
            reply = WebReply(error.status, (("Content-Length", "0"),), b"")
        except ConnectionRefusedError:  # the process ended while the request was on its way
            writer.transport.abort()
            return
        writer.write(exchange.reply(reply))
        await writer.drain()

    async def _answer(self, port: int, request: WebRequest) -> WebReply:
        """Return the box's answer; while its program is held still, wait for a change."""
        while True:
            async with self._changed:
                try:
                    return await asyncio.to_thread(self._ask, port, request)
                except ProgramHeld:
                    await self._changed.wait()

    def _ask(self, port: int, request: WebRequest) -> WebReply:
        with self._live.caught_up() as box:
            return ports.answer(box, port, request)
