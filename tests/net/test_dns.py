"""One DNS server is asked, over UDP and TCP: lost, forged, broken and endless answers."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable

import pytest

from reconciler.machine.posix.trust import trusting
from reconciler.net.client import NetworkClient
from tests.support.servers import LOOPBACK, Served, datagrams, serving, silent, unused_datagram_port

from ..support.patience import PATIENCE

NAME = "10-0-0-1.abcdef01.odoo-iot.com"


def reply(query: bytes, *, rcode: int = 0, addresses: tuple[str, ...] = (), flags: int = 0x8180) -> bytes:
    head = query[:2] + struct.pack("!5H", flags | rcode, 1, len(addresses), 0, 0)
    data = (socket.inet_aton(address) for address in addresses)
    return head + query[12:] + b"".join(b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + item for item in data)


def ask(server: Served, timeout: float = PATIENCE) -> tuple[str, ...]:
    return NetworkClient(trusting(), dns_port=server.port).ask_resolver(LOOPBACK, NAME, timeout)


def test_a_dns_server_is_asked_for_the_name() -> None:
    with datagrams(lambda query: [reply(query, addresses=("10.0.0.1", "10.0.0.2"))]) as server:
        assert ask(server) == ("10.0.0.1", "10.0.0.2")
    assert b"\x0810-0-0-1\x08abcdef01\x08odoo-iot\x03com\x00" in server.requests[0]


def test_each_question_has_a_new_identifier() -> None:
    with datagrams(lambda query: [reply(query, addresses=("10.0.0.1",))]) as server:
        for _ in range(8):
            ask(server)
    assert len({query[:2] for query in server.requests}) > 1


@pytest.mark.parametrize(("rcode", "name"), [(2, "SERVFAIL"), (3, "NXDOMAIN"), (5, "REFUSED"), (0, "NODATA")])
def test_an_error_of_a_dns_server_is_named(rcode: int, name: str) -> None:
    with (
        datagrams(lambda query: [reply(query, rcode=rcode)]) as server,
        pytest.raises(OSError, match=rf"^127\.0\.0\.1 answered {name}"),
    ):
        ask(server)


def test_forged_answers_before_the_real_one_are_passed_over() -> None:
    def answer(query: bytes) -> list[bytes]:
        forged = reply(query, addresses=("6.6.6.6",))
        other_identifier = bytes([forged[0] ^ 1]) + forged[1:]
        return [other_identifier, forged.replace(b"abcdef01", b"abcdef02"), reply(query, addresses=("10.0.0.1",))]

    with datagrams(answer) as server:
        assert ask(server) == ("10.0.0.1",)


def test_a_lost_datagram_is_sent_again() -> None:
    seen: list[bytes] = []

    def answer(query: bytes) -> list[bytes]:
        seen.append(query)
        return [reply(query, addresses=("10.0.0.1",))] if len(seen) == 3 else []

    with datagrams(answer) as server:
        assert ask(server, 0.6) == ("10.0.0.1",)


def test_a_dns_server_that_is_silent_or_answers_others_is_a_timeout() -> None:
    with (
        datagrams(lambda query: [b"\0\0" + reply(query)[2:]] * 3) as server,
        pytest.raises(TimeoutError, match=r"127\.0\.0\.1 did not answer within 0\.1 s"),
    ):
        ask(server, 0.1)


def test_a_malformed_answer_is_an_os_error() -> None:
    with (
        datagrams(lambda query: [reply(query, addresses=("10.0.0.1",))[:-1]]) as server,
        pytest.raises(OSError, match="too early"),
    ):
        ask(server)


def test_no_dns_server_there_is_known_at_once() -> None:
    with unused_datagram_port() as port, pytest.raises(ConnectionRefusedError):
        NetworkClient(trusting(), dns_port=port).ask_resolver(LOOPBACK, NAME, PATIENCE)


@pytest.mark.parametrize(
    ("server", "name"), [("dns.example", NAME), (LOOPBACK, "a..b"), (LOOPBACK, "")], ids=["server", "label", "empty"]
)
def test_what_cannot_be_asked_is_an_os_error(server: str, name: str) -> None:
    with pytest.raises(OSError, match=r"not known|label"):
        NetworkClient(trusting()).ask_resolver(server, name, PATIENCE)


def over_tcp(length: int | None, cut: int | None = None) -> Callable[[socket.socket, Served], None]:
    def handle(connection: socket.socket, served: Served) -> None:
        query = connection.recv(65535)[2:]
        message = reply(query, addresses=tuple(f"10.0.{i}.1" for i in range(100)))
        connection.sendall(struct.pack("!H", length or len(message)) + message[:cut])

    return handle


def truncated(query: bytes) -> list[bytes]:
    return [reply(query, flags=0x8180 | 0x0200)]


def test_a_truncated_answer_is_asked_for_again_over_tcp() -> None:
    with serving(over_tcp(None)) as server, datagrams(truncated, server.port):
        assert len(ask(server)) == 100


def test_an_answer_over_tcp_that_breaks_off_is_a_connection_error() -> None:
    with (
        serving(over_tcp(None, cut=50)) as server,
        datagrams(truncated, server.port),
        pytest.raises(ConnectionError, match="in the middle"),
    ):
        ask(server)


def test_an_answer_over_tcp_has_the_same_time_limit() -> None:
    with (
        serving(silent) as server,
        datagrams(truncated, server.port),
        pytest.raises(TimeoutError, match=r"within 0\.1 s"),
    ):
        ask(server, 0.1)
