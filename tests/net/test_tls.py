"""TLS: posting only to who proves to be meant, and reading certificates of those who do not."""

from __future__ import annotations

import base64
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.machine.posix.trust import trusting
from reconciler.net.client import NetworkClient
from reconciler.net.network import HttpsRequest
from reconciler.net.replies import HttpReply
from tests.support.certificates import Identity, authority, issue, server_context
from tests.support.servers import (
    Handler,
    Served,
    answering,
    dripping,
    flooding,
    interrupting,
    serving,
    silent,
    tunnelling,
    unused_port,
)
from tests.support.trusted import bundle, ca_file

from ..support.patience import PATIENCE

__all__ = ["bundle", "ca_file"]

SHORT = 0.2
BODY = b'{"params": {"db_uuid": "hunter2"}}'
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
NAME = "www.authority.test"


@contextmanager
def https(handler: Handler, folder: Path, identity: Identity | None = None) -> Iterator[Served]:
    with serving(handler, server_context(identity or issue(NAME), folder)) as server:
        yield server


def network(bundle: str) -> NetworkClient:
    return NetworkClient(trusting(bundle), lookup=lambda _: ("127.0.0.1",))


def post(
    server: Served, bundle: str, timeout: float = PATIENCE, *, ca_file: str | None = None, proxy: str | None = None
) -> HttpReply:
    url = f"https://{NAME}:{server.port}/x509"
    headers = {"Content-Type": "application/json"}
    return network(bundle).send(HttpsRequest(url, timeout, 100, BODY, headers, ca_file, proxy))


def test_a_post_carries_its_body_and_headers(tmp_path: Path, bundle: str, ca_file: str) -> None:
    with https(answering(OK), tmp_path) as server:
        reply = post(server, bundle, ca_file=ca_file)
    assert reply == HttpReply(200, "OK", b"{}")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert (lines[0], body) == ("POST /x509 HTTP/1.1", BODY)
    expected = {f"Host: {NAME}:{server.port}", "Content-Type: application/json", f"Content-Length: {len(BODY)}"}
    assert expected < set(lines)


def test_the_system_store_alone_is_enough(tmp_path: Path, ca_file: str) -> None:
    with https(answering(OK), tmp_path) as server:
        assert post(server, ca_file).status == 200


def test_a_ca_file_adds_to_the_system_store_and_does_not_replace_it(tmp_path: Path, bundle: str, ca_file: str) -> None:
    foreign = issue(NAME, by=authority("Somebody else"))
    with https(answering(OK), tmp_path, foreign) as server:
        assert post(server, bundle, ca_file=ca_file).status == 200


STRANGERS = {
    "unknown authority": (lambda: issue(NAME, by=authority("Nobody")), "unable to get local issuer"),
    "another name": (lambda: issue("www.other.test"), "Hostname mismatch"),
    "expired": (lambda: issue(NAME, valid=timedelta(days=-1)), "expired"),
    "self-signed": (lambda: authority(NAME), "self-signed|self signed"),
}


@pytest.mark.parametrize(("make", "said"), STRANGERS.values(), ids=STRANGERS)
def test_a_stranger_gets_nothing(tmp_path: Path, bundle: str, ca_file: str, make: object, said: str) -> None:
    assert callable(make)
    with https(answering(OK), tmp_path, make()) as server:
        with pytest.raises(ssl.SSLCertVerificationError, match=said) as caught:
            post(server, bundle, ca_file=ca_file)
        assert "\n" not in str(caught.value)
    assert server.requests == []


def test_the_environment_does_not_decide_whom_to_trust(
    tmp_path: Path, bundle: str, ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", ca_file)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    with https(answering(OK), tmp_path) as server:
        with pytest.raises(ssl.SSLCertVerificationError):
            post(server, bundle)
        post(server, bundle, ca_file=ca_file)
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("handler", [silent, dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n")], ids=["silence", "headers"])
def test_the_time_limit_holds_inside_tls(tmp_path: Path, bundle: str, ca_file: str, handler: Handler) -> None:
    start = time.monotonic()
    with https(handler, tmp_path) as server, pytest.raises(TimeoutError, match=rf"{NAME}:.* within 0\.2 s"):
        post(server, bundle, SHORT, ca_file=ca_file)
    assert time.monotonic() - start < PATIENCE / 2


@pytest.mark.parametrize("handler", [silent, dripping(b"", b"\x16")], ids=["silence", "drip"])
def test_the_time_limit_holds_for_the_handshake(bundle: str, handler: Handler) -> None:
    with serving(handler) as server, pytest.raises(TimeoutError, match=r"no TLS handshake within 0\.2 s"):
        post(server, bundle, SHORT)


def test_a_flood_inside_tls_is_cut(tmp_path: Path, bundle: str, ca_file: str) -> None:
    with https(flooding(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536), tmp_path) as server:
        reply = post(server, bundle, ca_file=ca_file)
    assert (len(reply.body), reply.complete) == (100, False)


def test_what_is_not_tls_is_an_os_error(bundle: str) -> None:
    with serving(interrupting(b"HTTP/1.1 200 OK\r\n\r\n")) as server, pytest.raises(ssl.SSLError) as caught:
        post(server, bundle)
    assert not isinstance(caught.value, ssl.SSLCertVerificationError)


@pytest.mark.parametrize("url", ["http://www.authority.test/", "ftp://x/", "x"])
def test_post_takes_only_https(bundle: str, url: str) -> None:
    with pytest.raises(ValueError, match="begin with https://"):
        network(bundle).send(HttpsRequest(url, PATIENCE, 10, BODY))


def test_a_header_that_http_does_not_allow_is_not_repeated(tmp_path: Path, bundle: str, ca_file: str) -> None:
    headers = {"X": "hunter2\r\nY: z"}
    with https(answering(OK), tmp_path) as server, pytest.raises(ValueError, match="header") as caught:
        network(bundle).send(HttpsRequest(f"https://{NAME}:{server.port}/", PATIENCE, 10, BODY, headers, ca_file))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("credentials", ["", "till:hunter2@"])
def test_a_proxy_joins_us_with_the_target(tmp_path: Path, bundle: str, ca_file: str, credentials: str) -> None:
    with https(answering(OK), tmp_path) as server, serving(tunnelling(port=server.port)) as proxy:
        reply = post(server, bundle, ca_file=ca_file, proxy=f"http://{credentials}127.0.0.1:{proxy.port}")
    assert reply.body == b"{}"
    lines = proxy.requests[0].decode().rstrip().split("\r\n")
    authority_form = f"{NAME}:{server.port}"
    expected = [f"CONNECT {authority_form} HTTP/1.1", f"Host: {authority_form}"]
    if credentials:
        expected.append("Proxy-Authorization: Basic " + base64.b64encode(b"till:hunter2").decode())
    assert lines == expected
    assert b"Proxy-Authorization" not in server.requests[0]


def test_a_target_behind_a_proxy_is_verified_as_well(tmp_path: Path, bundle: str) -> None:
    with (
        https(answering(OK), tmp_path) as server,
        serving(tunnelling(port=server.port)) as proxy,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        post(server, bundle, proxy=f"http://127.0.0.1:{proxy.port}")
    assert server.requests == []


PROXY_TROUBLE = {
    "refuses": (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", ConnectionError, "407 Proxy Authentication"),
    "redirects": (b"HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n", ConnectionError, "302 Found"),
    "no proxy": (b"SSH-2.0-x\r\n", ValueError, "does not begin like HTTP"),
    "hangs up": (b"", ConnectionError, "closed connection"),
}


@pytest.mark.parametrize(("raw", "kind", "said"), PROXY_TROUBLE.values(), ids=PROXY_TROUBLE)
def test_trouble_with_a_proxy_is_said_without_its_credentials(
    bundle: str, raw: bytes, kind: type[Exception], said: str
) -> None:
    with serving(tunnelling(raw)) as proxy, pytest.raises(kind, match=said) as caught:
        post(proxy, bundle, proxy=f"http://till:hunter2@127.0.0.1:{proxy.port}")
    assert not any(part in str(caught.value) for part in ("till", "hunter2", "dGlsbDpodW50ZXIy"))


def test_the_time_limit_holds_for_a_proxy(bundle: str) -> None:
    with serving(silent) as proxy, pytest.raises(TimeoutError, match=r"within 0\.2 s"):
        post(proxy, bundle, SHORT, proxy=f"http://127.0.0.1:{proxy.port}")


def test_proxies_of_the_environment_are_not_used(
    tmp_path: Path, bundle: str, ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unused_port() as port, https(answering(OK), tmp_path) as server:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        assert post(server, bundle, ca_file=ca_file).status == 200
