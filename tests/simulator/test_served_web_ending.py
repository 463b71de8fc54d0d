"""However far a client has come when the serving ends, nothing of its connection stays open on this side."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import signal
import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest

from iotbox_simulator import web_ports
from iotbox_simulator.boxes.arrange import small_world
from iotbox_simulator.boxes.linux import BOOT_SECONDS, SimulatedBox
from iotbox_simulator.homepage import ports
from iotbox_simulator.live import LiveMachine
from iotbox_simulator.machine.spec import BoxSpec
from iotbox_simulator.machine.web import WebReply
from iotbox_simulator.pki import make_authority
from iotbox_simulator.served_web import ServedWeb
from tests.support.patience import PATIENCE

NOW = datetime.now(UTC)
WORLD = small_world(make_authority("Simulated", now=NOW - timedelta(days=400)))
LOOPBACK = ("127.0.0.1", 0)
REQUEST = b"GET /hw_proxy/hello HTTP/1.1\r\nHost: box\r\n\r\n"
MUCH = WebReply(200, (("Content-Length", str(32 << 20)),), bytes(32 << 20))
"""More than both kernel buffers of loopback hold."""


Stage = Literal["knocked", "accepted", "asked", "answered"]


@dataclass(frozen=True)
class Client:
    """How far a client has come when the serving ends.

    Args:
        stage: what has happened on the server's side; who has `knocked` is in the kernel's queue.
        says: sent at once, without waiting for the server.
        over_tls: it came to nginx's port; `handshake`: through a session that is up by then.
        held: the program is held still, so that the request waits.
        reply: what the program answers, in place of its own.
    """

    stage: Stage
    says: bytes = b""
    over_tls: bool = False
    handshake: bool = False
    held: bool = False
    reply: WebReply | None = None


CLIENTS = {
    "has just come": Client("knocked"),
    "has just come to nginx": Client("knocked", over_tls=True),
    "has said nothing": Client("accepted"),
    "has said nothing to nginx": Client("accepted", over_tls=True),
    "is in its handshake": Client("accepted", b"\x16\x03\x01\x02\x00\x01", over_tls=True),
    "is through its handshake": Client("accepted", over_tls=True, handshake=True),
    "is in its request": Client("accepted", REQUEST[:20]),
    "is in its request over TLS": Client("accepted", REQUEST[:20], over_tls=True, handshake=True),
    "waits for a held program": Client("asked", REQUEST, held=True),
    "waits for a held program over TLS": Client("asked", REQUEST, over_tls=True, handshake=True, held=True),
    "has its answer": Client("answered", REQUEST),
    "has its answer and keeps the session": Client("answered", REQUEST, over_tls=True, handshake=True),
    "does not read its answer": Client("answered", REQUEST, reply=MUCH),
    "does not read its answer over TLS": Client("answered", REQUEST, over_tls=True, handshake=True, reply=MUCH),
}


@contextmanager
def nothing_left_open() -> Iterator[None]:
    """Fail over sockets and transports that nobody closed."""
    gc.collect()
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always", ResourceWarning)
        yield
        gc.collect()
    assert [str(each.message) for each in seen] == []


def box() -> SimulatedBox:
    spec = BoxSpec(kind="rw_ini", clock=datetime.now(UTC) - timedelta(seconds=BOOT_SECONDS))
    return SimulatedBox(spec, WORLD)


def web(of: SimulatedBox) -> ServedWeb:
    return ServedWeb(LiveMachine("till-1", of), LOOPBACK, LOOPBACK)


def come(port: int, *, handshake: bool, says: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), PATIENCE)
    if handshake:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = context.wrap_socket(connection)
    connection.sendall(says)
    return connection


def come_so_far(client: Client, port: int, asked: threading.Event) -> socket.socket:
    connection = come(port, handshake=client.handshake, says=client.says)
    if client.stage == "accepted":  # in the order in which they came: who comes later and is served tells it
        with come(port, handshake=client.over_tls, says=REQUEST) as later:
            assert later.recv(12)
    elif client.stage == "asked":
        assert asked.wait(PATIENCE)
    elif client.stage == "answered":
        assert connection.recv(12) == b"HTTP/1.1 200"
    return connection


@pytest.mark.parametrize("name", CLIENTS)
def test_nothing_stays_open(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client, served, asked, answer = CLIENTS[name], box(), threading.Event(), ports.answer

    def answer_and_tell(*words: Any) -> WebReply:
        asked.set()
        reply = answer(*words)
        return client.reply or reply

    async def run() -> socket.socket:
        async with web(served) as up:
            port = up.https_port if client.over_tls else up.homepage_port
            if client.held:
                served.odoo.signal(signal.SIGSTOP)
            if client.stage == "knocked":  # in the loop's own thread, so that nothing can have been done about it
                return come_so_far(client, port, asked)
            return await asyncio.to_thread(come_so_far, client, port, asked)

    monkeypatch.setattr(ports, "answer", answer_and_tell)
    with nothing_left_open():
        asyncio.run(run()).close()


@pytest.mark.parametrize("how", [ValueError, asyncio.CancelledError, KeyboardInterrupt])
def test_nothing_stays_open_of_what_ends_by_an_exception(how: type[BaseException]) -> None:
    async def run() -> None:
        async with web(box()) as up:
            connections.append(come(up.homepage_port, handshake=False))
            connections.append(await asyncio.to_thread(come, up.https_port, handshake=True))
            raise how

    connections: list[socket.socket] = []
    with nothing_left_open():
        with pytest.raises(how):
            asyncio.run(run())
        for connection in connections:
            connection.close()


@pytest.mark.parametrize("taken", ["homepage", "https"])
def test_nothing_stays_open_where_a_port_is_taken(taken: str) -> None:
    async def run(address: tuple[str, int]) -> None:
        live = LiveMachine("till-1", box())
        served = ServedWeb(live, address, LOOPBACK) if taken == "homepage" else ServedWeb(live, LOOPBACK, address)
        with pytest.raises(OSError, match="in use"):
            await served.__aenter__()

    with nothing_left_open(), socket.create_server(LOOPBACK) as other:
        asyncio.run(run(other.getsockname()))


def test_nothing_stays_open_of_a_serving_that_never_began() -> None:
    with nothing_left_open():
        web(box())


def test_a_client_waits_while_no_descriptor_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    refusals = [errno.EMFILE, errno.ECONNABORTED]
    accept = socket.socket.accept

    def accept_later(listener: socket.socket) -> tuple[socket.socket, object]:
        if refusals:
            raise OSError(number := refusals.pop(0), os.strerror(number))
        return accept(listener)

    async def run() -> bytes:
        async with web(box()) as up:
            with come(up.homepage_port, handshake=False, says=REQUEST) as connection:
                return await asyncio.to_thread(connection.recv, 12)

    monkeypatch.setattr(web_ports, "_PAUSE", 0.0)
    monkeypatch.setattr(socket.socket, "accept", accept_later)
    assert asyncio.run(run()) == b"HTTP/1.1 200"
    assert refusals == []
