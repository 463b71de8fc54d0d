"""Homepages for tests: recorded answers, or a simulated box, on a port of loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.boxes.windows import WindowsBox
from iotbox_simulator.homepage import ports
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.machine.web import WebReply, WebRequest
from reconciler.homepage.dialect import DIALECTS, Dialect, DialectEntry
from reconciler.homepage.session import Homepage
from tests.support.patience import PATIENCE
from tests.support.servers import LOOPBACK, Handler, Served, read_request, serving

from ..simulator.homepage.boxes import Lab, lab

GENERATIONS: Mapping[str, tuple[LayoutKind, str | None, Dialect]] = {
    "15.0": ("ro_oldest", None, Dialect.FLAT_15),
    "16.0": ("ro_flat", None, Dialect.FLAT_16),
    "17.0 early": ("ro_flat", "17.0-early", Dialect.FLAT_16),
    "17.0 late": ("ro_ini", None, Dialect.OWL),
    "18.0": ("ro_ini_18", None, Dialect.OWL),
    "saas-18.3": ("ro_ini", "saas-18.3", Dialect.OWL_18_3),
    "19.0": ("rw_ini", None, Dialect.NEWEST),
    "saas-19.1": ("rw_newest", None, Dialect.NEWEST),
}
"""Kind of the simulated box, the code on it where its image came with another one, and how it is spoken to."""
RECORDED = Path(__file__).parents[1] / "recorded"
NOT_FOUND = b"<!doctype html>\n<title>404 Not Found</title>\n"
Pages = Mapping[str, tuple[int, bytes]]
"""Status and body, by method and path: `GET /hw_proxy/hello`."""


def generation(name: str, values: Mapping[str, str] | None = None) -> tuple[Lab, DialectEntry]:
    """Return a simulated box of a generation, which asks for no certificate by itself, and what is known of it."""
    kind, branch, dialect = GENERATIONS[name]
    return lab(kind, values, tends=False, branch=branch), DIALECTS[dialect]


def raw(status: int, body: bytes, content_type: str = "text/html; charset=utf-8") -> bytes:
    head = f"HTTP/1.0 {status} x\r\nServer: Werkzeug/2.2.2\r\nDate: Mon, 23 Nov 2026 23:17:12 GMT\r\n"
    return f"{head}Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def recorded(name: str) -> bytes:
    return (RECORDED / name).read_bytes()


def with_pages(pages: Pages) -> Handler:
    """Answer as these pages say, and 404 where they say nothing."""

    def handle(connection: socket.socket, served: Served) -> None:
        request = read_request(connection)
        served.requests.append(request)
        method, path = request.split(b" ", 2)[:2]
        status, body = pages.get(f"{method.decode()} {path.decode()}", (404, NOT_FOUND))
        connection.sendall(raw(status, body))

    return handle


def with_box(box: SimulatedBox | WindowsBox) -> Handler:
    """Answer as a simulated box does, whose time stands still."""
    turn = threading.Lock()

    def handle(connection: socket.socket, served: Served) -> None:
        request = read_request(connection)
        served.requests.append(request)
        with turn:
            reply = ports.answer(box, 8069, parsed(request))
        connection.sendall(written(reply))

    return handle


def parsed(request: bytes) -> WebRequest:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return WebRequest(method, path, headers, body)


def written(reply: WebReply) -> bytes:
    lines = [f"HTTP/1.0 {reply.status} x", *(f"{name}: {value}" for name, value in reply.headers)]
    return "\r\n".join([*lines, "", ""]).encode() + reply.body


@contextmanager
def homepage(handler: Handler, seconds: float = PATIENCE) -> Iterator[tuple[Homepage, Served]]:
    """Serve, and give the client of it."""
    with serving(handler) as served:
        page = Homepage(LOOPBACK, served.port, seconds=seconds)
        try:
            yield page, served
        finally:
            page.close()
