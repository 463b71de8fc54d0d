"""Servers for tests: on loopback, on a free port, good or as bad as the world, and gone when the test is."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

from tests.support.patience import PATIENCE

LOOPBACK = "127.0.0.1"


@dataclass(slots=True)
class Served:
    """What a running server has heard. `stop` is set when the test is over."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


Handler = Callable[[socket.socket, Served], None]
"""Serves one connection. The client may go away at any time: its OSErrors are nobody's concern."""


@contextmanager
def serving(
    handler: Handler, tls: ssl.SSLContext | None = None, where: tuple[str, int] = (LOOPBACK, 0)
) -> Iterator[Served]:
    """Run a TCP server, one thread per connection; with `tls` the handler speaks through it."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(where))
        served = Served(listener.getsockname()[1])
        threads: list[threading.Thread] = []

        def serve(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                connection.settimeout(PATIENCE)
                if tls is None:
                    handler(connection, served)
                    return
                with tls.wrap_socket(connection, server_side=True) as secured:
                    handler(secured, served)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threads.append(threading.Thread(target=serve, args=(connection,)))
                    threads[-1].start()

        acceptor = threading.Thread(target=accept)
        acceptor.start()
        try:
            yield served
        finally:
            served.stop.set()
            listener.shutdown(socket.SHUT_RDWR)
            acceptor.join(PATIENCE)
            for thread in threads:
                thread.join(PATIENCE)


@contextmanager
def datagrams(answer: Callable[[bytes], list[bytes]], port: int = 0) -> Iterator[Served]:
    """Run a UDP server that sends back what `answer` makes of each datagram."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind((LOOPBACK, port))
        served = Served(listener.getsockname()[1])

        def serve() -> None:
            with suppress(OSError):
                while True:
                    data, client = listener.recvfrom(65535)
                    if served.stop.is_set():
                        return
                    served.requests.append(data)
                    for piece in answer(data):
                        listener.sendto(piece, client)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield served
        finally:
            served.stop.set()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
                waker.sendto(b"", (LOOPBACK, served.port))
            thread.join(PATIENCE)


def answering(raw: bytes) -> Handler:
    """Read one request, send these bytes, close."""

    def handle(connection: socket.socket, served: Served) -> None:
        served.requests.append(read_request(connection))
        connection.sendall(raw)

    return handle


def interrupting(raw: bytes) -> Handler:
    """Say this to the first bytes, whatever they are: another protocol than the client expects."""

    def handle(connection: socket.socket, served: Served) -> None:
        connection.recv(65536)
        connection.sendall(raw)

    return handle


def dripping(start: bytes, drop: bytes, interval: float = 0.02) -> Handler:
    """Read one request, send `start`, then a drop every `interval` seconds for ever."""

    def handle(connection: socket.socket, served: Served) -> None:
        served.requests.append(read_request(connection))
        connection.sendall(start)
        while not served.stop.wait(interval):
            connection.sendall(drop)

    return handle


def flooding(start: bytes, wave: bytes) -> Handler:
    """Read one request, send `start`, then waves without a pause for ever."""
    return dripping(start, wave, interval=0)


def silent(connection: socket.socket, served: Served) -> None:
    """Accept and never say a word."""
    served.stop.wait(PATIENCE)


def tunnelling(answer: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n", port: int | None = None) -> Handler:
    """Be a proxy: answer CONNECT so, and where that is a yes, join the client with `port` on loopback."""

    def handle(connection: socket.socket, served: Served) -> None:
        served.requests.append(read_request(connection))
        connection.sendall(answer)
        if port is None:
            return
        with socket.create_connection((LOOPBACK, port), timeout=PATIENCE) as upstream:
            back = threading.Thread(target=_pump, args=(upstream, connection))
            back.start()
            _pump(connection, upstream)
            back.join(PATIENCE)

    return handle


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def read_request(connection: socket.socket) -> bytes:
    """Read one HTTP request with the body that its Content-Length announces."""
    data = b""
    while b"\r\n\r\n" not in data and (piece := connection.recv(65536)):
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = int(lengths[0].split(b":")[1]) - len(body) if lengths else 0
    while missing > 0 and (piece := connection.recv(missing)):
        data += piece
        missing -= len(piece)
    return data


@contextmanager
def unused_port() -> Iterator[int]:
    """Give a port that refuses connections: bound, so that nobody else can take it, and not listened on."""
    with socket.socket() as holder:
        holder.bind((LOOPBACK, 0))
        yield holder.getsockname()[1]


@contextmanager
def unused_datagram_port() -> Iterator[int]:
    """The same for UDP: its holder hears one stranger only, so for everybody else nobody is there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind((LOOPBACK, 0))
        holder.connect((LOOPBACK, 9))
        yield holder.getsockname()[1]
