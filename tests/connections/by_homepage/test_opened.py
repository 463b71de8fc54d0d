"""How a box is reached by its homepage: on which port, and what an address says at which nothing answers."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from iotbox_simulator.pki import TestAuthority
from reconciler.codes import CodeName
from reconciler.connections.homepage import opened
from reconciler.homepage.answer import NoAnswer
from reconciler.model import wire
from reconciler.model.desired import Desired, Request
from reconciler.model.target import HomepageWay
from tests.support.page_boxes import CODE, TOKEN, UUID, linux

PING = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nping"


@contextmanager
def pinging() -> Iterator[int]:
    """Answer hello on a port, as a box does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.recv(1 << 12)
                    connection.sendall(PING)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()
            thread.join()


def closed_port() -> int:
    """Return a port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_the_port_that_answers_is_taken() -> None:
    with pinging() as port:
        assert opened.answering(HomepageWay(host="127.0.0.1", port=port), beside=closed_port()) == port


def test_where_odoo_listens_for_nginx_alone_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = closed_port()
    monkeypatch.setattr(opened, "HOMEPAGE_PORT", nothing)
    with pinging() as port:
        assert opened.answering(HomepageWay(host="127.0.0.1", port=nothing), beside=port) == port


def test_a_port_that_somebody_chose_is_the_only_one() -> None:
    with pinging() as port, pytest.raises(NoAnswer):
        opened.answering(HomepageWay(host="127.0.0.1", port=closed_port()), beside=port)


def test_a_box_that_repeats_what_it_was_sent_is_not_repeated(ca: TestAuthority) -> None:
    box = linux("rw_ini", ca)
    desired = box.desired()
    box.box.vendor.stores({"remote_server": f"https://{TOKEN}.example"})
    request = Request(desired=desired)
    result = opened.as_told(box.visit(), request)
    assert result.observed is not None
    assert result.plan == ()
    told = json.dumps(wire.encode(result))
    assert not any(secret in told for secret in (TOKEN, CODE, UUID))


def test_nothing_that_answers_is_one_line() -> None:
    port = closed_port()
    result = opened.visited(HomepageWay(host="127.0.0.1", port=port), Request(desired=Desired(name="till-1")))
    (only,) = result.after
    assert only.code is CodeName.HOMEPAGE_SILENT
    assert only.evidence == f"127.0.0.1 port {port}: Connection refused"
