"""A small web server for stand-ins: TLS whose certificate can be changed while it runs, and bodies that misbehave.

A body is either bytes, sent with its length, or an iterable, sent piece by piece until it ends or the client leaves:
that is how drip, endless and cut answers are made without any sleeping in tests.
"""

from __future__ import annotations

import json
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SOCKET_SECONDS = 120.0
"""A client that says nothing does not keep its thread for longer."""
BODY_LIMIT = 1 << 20


@dataclass(frozen=True)
class ClientRequest:
    """What a client asked."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    client: str = ""

    def json(self) -> Any:
        """The decoded body; None when it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True)
class Reply:
    """What the server answers; `claimed_length` announces more than is sent, so that the client sees a cut."""

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    claimed_length: int | None = None


Answering = Callable[[ClientRequest], Reply]


def json_reply(value: object, status: int = 200) -> Reply:
    """An answer that is JSON."""
    return Reply(status, json.dumps(value).encode())


class WebServer:
    """Serves one function on one address, with TLS once a certificate was given; use it as a context manager."""

    def __init__(self, listen: tuple[str, int], answer: Answering) -> None:
        self._context: ssl.SSLContext | None = None
        self._server = _Server(listen, answer, self._wrap)
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True)

    @property
    def port(self) -> int:
        """The port, chosen by the system when 0 was asked for."""
        return int(self._server.server_address[1])

    def serve_certificate(self, certificate_pem: str, private_key_pem: str) -> None:
        """Present this pair from the next connection on."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            certificate, key = Path(folder, "certificate"), Path(folder, "key")
            certificate.write_text(certificate_pem, encoding="ascii")
            key.write_text(private_key_pem, encoding="ascii")
            context.load_cert_chain(certificate, key)
        self._context = context

    def start(self) -> None:
        """Begin to serve in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; answers in flight are left to their threads."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _wrap(self, connection: Any) -> Any:
        connection.settimeout(SOCKET_SECONDS)
        return self._context.wrap_socket(connection, server_side=True) if self._context else connection


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, listen: tuple[str, int], answer: Answering, wrap: Callable[[Any], Any]) -> None:
        self.answer = answer
        self._wrap = wrap
        super().__init__(listen, _Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """The handshake happens here, in the thread of the connection: a slow client holds up nobody else."""
        with self._wrap(request) as connection:
            super().finish_request(connection, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave, or do not trust the certificate, are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._dispatch()

    def do_POST(self) -> None:
        self._dispatch()

    def do_PUT(self) -> None:
        self._dispatch()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Quiet: what matters is counted by whoever answers."""

    def _dispatch(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), BODY_LIMIT)
        body = self.rfile.read(length)
        client = str(self.client_address[0])
        self._send(self.server.answer(ClientRequest(self.command, self.path, dict(self.headers), body, client)))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        length = len(reply.body) if isinstance(reply.body, bytes) else None
        announced = reply.claimed_length if reply.claimed_length is not None else length
        if announced is not None:
            self.send_header("Content-Length", str(announced))
        self.send_header("Connection", "close")
        self.end_headers()
        for part in [reply.body] if isinstance(reply.body, bytes) else reply.body:
            self.wfile.write(part)
            self.wfile.flush()
