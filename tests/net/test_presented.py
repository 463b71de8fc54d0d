"""Who answers at a URL: the front page over verified TLS, and the certificate of whoever is there in its place."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.box.pair.certificate_holder import holder
from reconciler.machine.posix.trust import trusting
from reconciler.net.client import NetworkClient
from reconciler.net.network import HttpsRequest
from tests.support.certificates import Identity, authority, issue, server_context
from tests.support.servers import LOOPBACK, Served, answering, serving, silent, tunnelling, unused_port

from ..support.patience import PATIENCE

NAME = "www.authority.test"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


@pytest.fixture
def bundle(tmp_path: Path) -> str:
    path = tmp_path / "system.pem"
    path.write_bytes(authority().pem)
    return str(path)


@contextmanager
def https(folder: Path, identity: Identity | None = None) -> Iterator[Served]:
    with serving(answering(PAGE), server_context(identity or issue(NAME), folder)) as server:
        yield server


def network(bundle: str) -> NetworkClient:
    return NetworkClient(trusting(bundle), lookup=lambda _: (LOOPBACK,))


def test_the_front_page_is_fetched_over_verified_tls(bundle: str, tmp_path: Path) -> None:
    with https(tmp_path) as server:
        reply = network(bundle).send(HttpsRequest(f"https://{NAME}:{server.port}/", PATIENCE, 3))
    assert (reply.status, reply.body, reply.complete) == (200, b"hel", False)
    assert server.requests[0].startswith(b"GET / HTTP/1.1\r\n")
    assert b"params" not in server.requests[0]


def test_a_stranger_gets_no_request_and_is_told_by_the_certificate(bundle: str, tmp_path: Path) -> None:
    stranger = issue("login.hotspot.test")
    url = f"https://{NAME}"
    with https(tmp_path, stranger) as server:
        with pytest.raises(ssl.SSLCertVerificationError):
            network(bundle).send(HttpsRequest(f"{url}:{server.port}/", PATIENCE, 100))
        der = network(bundle).presented(f"{url}:{server.port}/", PATIENCE)
    assert server.requests in ([], [b""])
    assert der is not None
    who = holder(der)
    assert who is not None
    assert who.names == ("login.hotspot.test",)


def test_whoever_is_behind_a_proxy_is_seen_through_it(bundle: str, tmp_path: Path) -> None:
    with https(tmp_path) as server, serving(tunnelling(port=server.port)) as proxy:
        der = network(bundle).presented(
            f"https://{NAME}:{server.port}/", PATIENCE, proxy=f"http://user:canary@{LOOPBACK}:{proxy.port}"
        )
    assert der is not None
    assert any(b"CONNECT" in each for each in proxy.requests)


def test_a_server_without_tls_is_only_connected_to(bundle: str) -> None:
    with serving(silent) as server:
        assert network(bundle).presented(f"http://{NAME}:{server.port}", PATIENCE) is None
    assert server.requests == []


def test_nobody_there_is_an_error(bundle: str) -> None:
    with unused_port() as port, pytest.raises(OSError, match="refused"):
        network(bundle).presented(f"https://{NAME}:{port}", PATIENCE)


def test_a_server_that_stalls_costs_no_more_than_its_time(bundle: str) -> None:
    with serving(silent) as server, pytest.raises(TimeoutError):
        network(bundle).presented(f"https://{NAME}:{server.port}", 0.2)


def test_all_names_that_a_site_has_are_kept_and_no_thousands() -> None:
    who = holder(issue(*(f"n{number}.odoo.test" for number in range(20)), NAME).der)
    assert who is not None
    assert NAME in who.names
    many = holder(issue(*(f"n{number}.odoo.test" for number in range(500))).der)
    assert many is not None
    assert len(many.names) == 100


@pytest.mark.parametrize("der", [b"", b"\x30\x03", b"x" * 1000])
def test_a_certificate_that_is_none_names_nobody(der: bytes) -> None:
    assert holder(der) is None
