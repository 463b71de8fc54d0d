"""DNS servers that misbehave are an error in one line, within the time for the question."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from reconciler.machine.posix.trust import trusting
from reconciler.net.client import NetworkClient
from tests.support.patience import PATIENCE
from tests.support.servers import LOOPBACK, Handler, datagrams, serving, silent

from .behaviours import DNS, MOST_SENT, WAVE, closing, counting, pouring, saying
from .measure import SHORT, bounded

NAME = "10-0-0-1.abcdef01.odoo-iot.com"
TRUNCATED = DNS["truncates without TCP"]
OVER_TCP: dict[str, Handler] = {
    "stalls": silent,
    "ends": closing,
    "half a length": saying(b"\xff"),
    "less than announced": saying(b"\xff\xffx"),
    "no length but garbage": pouring(WAVE),
}


def ask(port: int) -> None:
    with bounded(SHORT), pytest.raises(OSError, match=r"\w") as caught:
        NetworkClient(trusting(), dns_port=port).ask_resolver(LOOPBACK, NAME, SHORT)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("answer", DNS.values(), ids=DNS)
def test_over_udp(answer: Callable[[bytes], list[bytes]]) -> None:
    with datagrams(answer) as server:
        ask(server.port)
    assert len(server.requests) <= 3


@pytest.mark.parametrize("handler", OVER_TCP.values(), ids=OVER_TCP)
def test_over_tcp(handler: Handler) -> None:
    sent: list[int] = []
    with serving(counting(handler, sent)) as server, datagrams(TRUNCATED, server.port):
        ask(server.port)
    assert sum(sent) < MOST_SENT


def test_a_system_resolver_that_never_answers_is_left_behind() -> None:
    over = threading.Event()

    def lookup(_: str) -> tuple[str, ...]:
        over.wait(PATIENCE)
        return ()

    try:
        with bounded(SHORT), pytest.raises(TimeoutError, match="not resolved within"):
            NetworkClient(trusting(), lookup=lookup).resolve("box.example", SHORT)
    finally:
        over.set()
