"""Servers on loopback that present what a test wants, or misbehave."""

from __future__ import annotations

import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from iotbox_simulator.pki import Pair
from tests.support.patience import PATIENCE

from ..support.servers import Served, serving

Serve = Callable[[socket.socket, threading.Event], None]
"""Gets a connection and an event that is set when the test is over."""


@contextmanager
def listening(serve: Serve, pair: Pair | None = None) -> Iterator[int]:
    """Listen on a free port of loopback, with TLS if there is a pair; yields the port."""

    def handle(connection: socket.socket, served: Served) -> None:
        serve(connection, served.stop)

    with serving(handle, context(pair) if pair is not None else None) as served:
        yield served.port


def context(pair: Pair) -> ssl.SSLContext:
    """What a server needs to present a pair."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = Path(folder, "crt"), Path(folder, "key")
        certificate.write_text(pair.certificate_pem)
        key.write_text(pair.private_key_pem)
        made.load_cert_chain(certificate, key)
    return made


def saying(reply: bytes) -> Serve:
    """Answer whatever comes with these bytes, and end."""

    def serve(connection: socket.socket, _: threading.Event) -> None:
        connection.recv(1)
        connection.sendall(reply)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1 << 12):
            pass

    return serve


def silent(connection: socket.socket, over: threading.Event) -> None:
    """Take what comes and never answer."""
    over.wait(PATIENCE)


def closing(connection: socket.socket, over: threading.Event) -> None:
    """End at once."""


def flooding(connection: socket.socket, over: threading.Event) -> None:
    """Send records of TLS without an end."""
    while not over.is_set():
        connection.sendall(b"\x16\x03\x03\x40\x00" + b"\0" * 0x4000)
