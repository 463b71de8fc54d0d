"""Names and connections: within a time limit, through whatever resolves and answers."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.machine.posix.trust import trusting
from reconciler.net.client import NetworkClient
from reconciler.net.network import HttpsRequest
from reconciler.net.stream import TimedStream, TimeLimit, connect
from tests.support.certificates import authority
from tests.support.servers import LOOPBACK, serving, silent, unused_port

from ..support.patience import PATIENCE

NETWORK = NetworkClient(trusting())
NAME = "10-0-0-1.abcdef01.odoo-iot.com"


def entry(address: str) -> tuple[object, ...]:
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))


def test_resolve_gives_every_address_once_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [entry("2001:db8::1"), entry("192.0.2.1"), entry("2001:db8::1"), entry("192.0.2.2")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert NETWORK.resolve("x", PATIENCE) == ("2001:db8::1", "192.0.2.1", "192.0.2.2")


def test_resolve_asks_the_system() -> None:
    assert {LOOPBACK, "::1"} & set(NETWORK.resolve("localhost", PATIENCE))


def test_resolve_passes_on_what_the_resolver_says(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(socket.gaierror, match="Temporary failure"):
        NETWORK.resolve("x", PATIENCE)


@pytest.mark.parametrize("name", ["a" * 64 + ".test", "a..test", "\0", "ü" * 64])
def test_a_name_that_cannot_exist_is_not_resolved(name: str) -> None:
    with pytest.raises(socket.gaierror):
        NETWORK.resolve(name, PATIENCE)


@contextmanager
def hanging_lookup() -> Iterator[Callable[[str], tuple[str, ...]]]:
    done = threading.Event()

    def lookup(name: str) -> tuple[str, ...]:
        done.wait(PATIENCE)
        return ()

    try:
        yield lookup
    finally:
        done.set()


@pytest.mark.parametrize(
    "call",
    [
        lambda network: network.resolve("x.test", 0.2),
        lambda network: network.get("http://x.test/", 0.2, 10),
        lambda network: network.send(HttpsRequest("https://x.test/", 0.2, 10, body=b"")),
        lambda network: network.served_certificate("x.test", 443, "x.test", 0.2),
    ],
    ids=["resolve", "get", "post", "served_certificate"],
)
def test_a_resolver_that_hangs_is_left_behind(call: Callable[[NetworkClient], object], tmp_path: Path) -> None:
    store = tmp_path / "store.pem"  # reading the real one takes its part of the time
    store.write_bytes(authority().pem)
    # on a busy machine the time may be over before the name is asked for
    late = r"(name was not resolved|no complete answer) within 0\.2 s"
    with hanging_lookup() as lookup, pytest.raises(TimeoutError, match=late):
        call(NetworkClient(trusting(str(store)), lookup=lookup))


def test_a_lookup_without_addresses_is_an_error() -> None:
    with pytest.raises(socket.gaierror, match="has no address"):
        NetworkClient(trusting(), lookup=lambda _: ()).resolve("x.test", PATIENCE)


def test_a_time_limit_runs_out_once_and_for_all() -> None:
    clock = iter([100.0, 101.5, 102.0, 103.0]).__next__
    limit = TimeLimit(2.0, clock)
    assert limit.left() == 0.5
    for _ in range(2):
        with pytest.raises(TimeoutError, match="within 2 s"):
            limit.left()


def test_the_next_address_is_tried_when_one_refuses() -> None:
    with serving(silent) as server:
        addresses = ("127.0.0.2", LOOPBACK)
        with connect("x.test", server.port, TimeLimit(PATIENCE), lambda _: addresses) as connection:
            assert connection.getpeername() == (LOOPBACK, server.port)


def test_an_address_that_swallows_everything_leaves_time_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[float] = []

    def create(address: tuple[str, int], timeout: float) -> socket.socket:
        given.append(timeout)
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket, "create_connection", create)
    limit = TimeLimit(9.0, lambda: 0.0)
    with pytest.raises(TimeoutError, match=r"a port 1: Connection timed out; b port 1: .*; c port 1: ") as caught:
        connect("x.test", 1, limit, lambda _: ("a", "b", "c"))
    assert given == [3.0, 4.5, 9.0]
    assert caught.value.errno == errno.ETIMEDOUT


def test_when_no_address_answers_each_is_named_with_its_reason() -> None:
    with unused_port() as port, pytest.raises(ConnectionRefusedError) as caught:
        connect("x.test", port, TimeLimit(PATIENCE), lambda _: (LOOPBACK, "127.0.0.2"))
    expected = "; ".join(f"{address} port {port}: Connection refused" for address in (LOOPBACK, "127.0.0.2"))
    assert caught.value.strerror == expected


def test_sending_is_cut_when_nobody_reads() -> None:
    with serving(silent) as server, connect(LOOPBACK, server.port, TimeLimit(PATIENCE)) as connection:
        stream = TimedStream(connection, TimeLimit(0.1))
        with pytest.raises(TimeoutError):
            stream.sendall(b"x" * (64 << 20))
