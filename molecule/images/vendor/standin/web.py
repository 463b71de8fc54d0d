"""The web server of the stand-in: routes, JSON-RPC framing and headers in the shapes that boxes answer."""

from __future__ import annotations

import json
import platform
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .facts.answers import error_page, rpc_error


@dataclass(frozen=True)
class Answer:
    """What a route returns when it is more than a body; `then` runs after the answer is on the wire."""

    body: object
    then: Callable[[], None] | None = None


@dataclass(frozen=True)
class Route:
    """A path; `rpc` routes take JSON-RPC by POST, the others query or form parameters."""

    call: Callable[..., object]
    rpc: bool = False


class Server(ThreadingHTTPServer):
    """Counts requests in flight: a stop waits for them, as the vendor's server does."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, port: int, routes: dict[str, Route]) -> None:
        self.routes = routes
        self._in_flight = 0
        self._changed = threading.Condition()
        super().__init__(("0.0.0.0", port), Handler)  # noqa: S104 - a box listens everywhere

    def enter(self, step: int) -> None:
        """Count a request in (+1) or out (-1)."""
        with self._changed:
            self._in_flight += step
            self._changed.notify_all()

    def drain(self, seconds: float) -> None:
        """Wait until nothing is in flight, or the time is up."""
        with self._changed:
            self._changed.wait_for(lambda: not self._in_flight, seconds)


class Handler(BaseHTTPRequestHandler):
    """One connection, one request."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        """Answer a page or a plain route."""
        self._dispatch(b"")

    def do_POST(self) -> None:
        """Answer a form or a JSON-RPC call."""
        self._dispatch(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def version_string(self) -> str:
        """What stands in the Server header."""
        return f"Werkzeug/2.2.2 Python/{platform.python_version()}"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Boxes log no requests at their level."""

    def _dispatch(self, body: bytes) -> None:
        url = urlsplit(self.path)
        route = self.server.routes.get(url.path)
        self.server.enter(1)
        try:
            if route is None:
                self._send_page(HTTPStatus.NOT_FOUND)
            elif route.rpc and self.command != "POST":
                self._send_page(HTTPStatus.METHOD_NOT_ALLOWED)
            elif route.rpc:
                self._answer_rpc(route, body)
            else:
                self._answer_plain(route, dict(parse_qsl(url.query) + parse_qsl(body.decode("utf-8", "replace"))))
        finally:
            self.server.enter(-1)

    def _answer_rpc(self, route: Route, body: bytes) -> None:
        try:
            params = json.loads(body or b"{}").get("params") or {}
            answer = _as_answer(route.call(**params))
            reply: dict[str, Any] = {"result": answer.body}
        except Exception as error:  # noqa: BLE001 - every failure of such a route is a 200 with an error in it
            answer, reply = Answer(None), {"error": rpc_error(error)}
        text = json.dumps({"jsonrpc": "2.0", "id": None, **reply})
        self._send(200, text, "application/json; charset=utf-8", "POST")
        if answer.then:
            answer.then()

    def _answer_plain(self, route: Route, params: dict[str, str]) -> None:
        try:
            answer = _as_answer(route.call(**params))
        except Exception:  # noqa: BLE001 - the vendor's routes catch nothing either
            traceback.print_exc()
            self._send_page(HTTPStatus.INTERNAL_SERVER_ERROR)
            return
        text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        self._send(200, text, "text/html; charset=utf-8", "GET, POST")
        if answer.then:
            answer.then()

    def _send_page(self, status: HTTPStatus) -> None:
        self._send(status, error_page(status), "text/html; charset=utf-8", "")

    def _send(self, status: int, text: str, content_type: str, methods: str) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        if methods:
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Allow-Methods", methods)
            self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()


def _as_answer(value: object) -> Answer:
    return value if isinstance(value, Answer) else Answer(value)
