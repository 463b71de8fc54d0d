"""HTTP answers: bounded in size and time, whatever the other side sends."""

from __future__ import annotations

import errno
import time

import pytest

from reconciler.machine.posix.trust import trusting
from reconciler.net.client import NetworkClient
from reconciler.net.replies import HttpReply
from tests.support.servers import Handler, answering, dripping, flooding, serving, silent, unused_port

from ..support.patience import PATIENCE

NETWORK = NetworkClient(trusting())
SHORT = 0.2
OK = b"HTTP/1.1 200 OK\r\n"


def get(handler: Handler, timeout: float = PATIENCE, limit: int = 1000) -> HttpReply:
    with serving(handler) as server:
        return NETWORK.get(f"http://127.0.0.1:{server.port}/path?q=1", timeout, limit)


def test_a_request_is_plain_and_asks_for_the_connection_to_end() -> None:
    with serving(answering(OK + b"\r\n")) as server:
        NETWORK.get(f"http://127.0.0.1:{server.port}/path?q=1", PATIENCE, 10)
    lines = server.requests[0].decode().split("\r\n")
    assert lines[0] == "GET /path?q=1 HTTP/1.1"
    expected = {"", f"Host: 127.0.0.1:{server.port}", "Connection: close", "Accept-Encoding: identity"}
    assert set(lines[1:]) == expected


ANSWERS = {
    "length": (OK + b"Content-Length: 5\r\n\r\nhello", HttpReply(200, "OK", b"hello")),
    "length, more follows": (OK + b"Content-Length: 5\r\n\r\nhello again", HttpReply(200, "OK", b"hello")),
    "the same length twice": (OK + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", HttpReply(200, "OK", b"x")),
    "until the end": (OK + b"\r\nhello", HttpReply(200, "OK", b"hello")),
    "HTTP/1.0": (b"HTTP/1.0 200 Fine\r\n\r\nhello", HttpReply(200, "Fine", b"hello")),
    "bare line feeds": (b"HTTP/1.1 200 OK\n\nhello", HttpReply(200, "OK", b"hello")),
    "empty": (OK + b"Content-Length: 0\r\n\r\n", HttpReply(200, "OK", b"")),
    "no reason": (b"HTTP/1.1 503\r\n\r\n", HttpReply(503, "", b"")),
    "no content": (b"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", HttpReply(204, "No Content", b"")),
    "after 100 Continue": (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"\r\nx", HttpReply(200, "OK", b"x")),
    "redirect": (
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 2\r\n\r\nno",
        HttpReply(302, "Found", b"no"),
    ),
    "chunks": (
        OK + b"Transfer-Encoding: Chunked\r\n\r\n3\r\nhel\r\n2;extension=1\r\nlo\r\n0\r\nTrailer: x\r\n\r\n",
        HttpReply(200, "OK", b"hello"),
    ),
    "wild reason": (b"HTTP/1.1 500 a\tb\x1b[31m\xe9\x85  c\r\n\r\n", HttpReply(500, "a b [31m\xe9 c", b"")),
}


@pytest.mark.parametrize(("raw", "expected"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_is_read_to_its_end(raw: bytes, expected: HttpReply) -> None:
    assert get(answering(raw)) == expected


def test_a_redirect_is_not_followed() -> None:
    with serving(answering(OK + b"\r\n")) as elsewhere:
        location = f"http://127.0.0.1:{elsewhere.port}/".encode()
        reply = get(answering(b"HTTP/1.1 301 Moved\r\nLocation: " + location + b"\r\n\r\n"))
    assert (reply.status, elsewhere.requests) == (301, [])


def test_a_very_long_reason_is_cut() -> None:
    assert get(answering(b"HTTP/1.1 500 " + b"x" * 5000 + b"\r\n\r\n")).reason == "x" * 100


@pytest.mark.parametrize("size", [9, 10, 11, 500_000])
@pytest.mark.parametrize("framing", ["length", "end", "chunks"])
def test_a_body_is_cut_at_the_limit_and_said_to_be(framing: str, size: int) -> None:
    body = b"x" * size
    raw = {
        "length": b"Content-Length: %d\r\n\r\n%s" % (size, body),
        "end": b"\r\n" + body,
        "chunks": b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (size, body),
    }[framing]
    assert get(answering(OK + raw), limit=10) == HttpReply(200, "OK", body[:10], complete=size <= 10)


CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"

FLOODS = {
    "huge length": flooding(OK + b"Content-Length: 99999999999\r\n\r\n", b"x" * 65536),
    "no end": flooding(OK + b"\r\n", b"x" * 65536),
    "endless chunks": flooding(CHUNKED, b"10\r\n" + b"x" * 16 + b"\r\n"),
    "huge chunk": flooding(CHUNKED + b"fffffffffffffff\r\n", b"x" * 65536),
}


@pytest.mark.parametrize("handler", FLOODS.values(), ids=FLOODS)
def test_a_flood_is_cut_at_once(handler: Handler) -> None:
    start = time.monotonic()
    reply = get(handler, limit=50)
    assert (len(reply.body), reply.complete) == (50, False)
    assert time.monotonic() - start < PATIENCE / 2


NOT_HTTP = {
    "another protocol": b"SSH-2.0-OpenSSH_9.2 hunter2\r\n",
    "a page": b"<html>hunter2</html>\r\n\r\n",
    "status no number": b"HTTP/1.1 hunter2 OK\r\n\r\n",
    "status too long": b"HTTP/1.1 20000 hunter2\r\n\r\n",
    "endless status line": b"HTTP/1.1 200 " + b"hunter2" * 20_000,
    "endless header": OK + b"X: " + b"hunter2" * 20_000,
    "too many headers": OK + b"X: hunter2\r\n" * 200 + b"\r\n",
    "unknown coding": OK + b"Transfer-Encoding: gzip, hunter2\r\n\r\n",
    "two lengths": OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nhunter2",
    "length no number": OK + b"Content-Length: hunter2\r\n\r\n",
    "negative length": OK + b"Content-Length: -1\r\n\r\nhunter2",
    "chunk size no number": CHUNKED + b"hunter2\r\n",
    "negative chunk": CHUNKED + b"-1\r\nhunter2",
    "no chunk size": CHUNKED + b"\r\nhunter2",
    "endless chunk size": CHUNKED + b"1" * 5000,
    "chunk too long": CHUNKED + b"3\r\nhunter2\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("raw", NOT_HTTP.values(), ids=NOT_HTTP)
def test_what_is_not_http_is_a_value_error_that_repeats_nothing(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"^127\.0\.0\.1:\d+: .*(answer|chunk)") as caught:
        get(answering(raw))
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


BROKEN_OFF = {
    "nothing": b"",
    "body": OK + b"Content-Length: 10\r\n\r\nhello",
    "chunk": CHUNKED + b"a\r\nhello",
    "between chunks": CHUNKED + b"5\r\nhello\r\n",
}


@pytest.mark.parametrize("raw", BROKEN_OFF.values(), ids=BROKEN_OFF)
def test_an_answer_that_breaks_off_is_a_connection_error(raw: bytes) -> None:
    with pytest.raises(ConnectionError):
        get(answering(raw))


DRIPS = {
    "silence": silent,
    "status line": dripping(b"HTTP/1.1 2", b"0"),
    "headers": dripping(OK, b"X: y\r\n"),
    "continue": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n", interval=0.001),
    "body": dripping(OK + b"Content-Length: 5000\r\n\r\n", b"x"),
    "chunks": dripping(CHUNKED, b"1\r\nx\r\n"),
    "chunk size": dripping(CHUNKED, b"0"),
}


@pytest.mark.parametrize("handler", DRIPS.values(), ids=DRIPS)
def test_the_time_limit_is_for_the_whole_call(handler: Handler) -> None:
    start = time.monotonic()
    with pytest.raises(TimeoutError, match=r"127\.0\.0\.1:\d+: no complete answer within 0\.2 s") as caught:
        get(handler, timeout=SHORT, limit=1_000_000)
    assert SHORT * 0.9 < time.monotonic() - start < PATIENCE / 2
    assert caught.value.errno == errno.ETIMEDOUT


def test_a_refused_connection_names_address_and_port() -> None:
    with unused_port() as port, pytest.raises(ConnectionRefusedError, match=rf"127\.0\.0\.1 port {port}: Conn"):
        NETWORK.get(f"http://127.0.0.1:{port}/", PATIENCE, 10)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with unused_port() as port:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        assert get(answering(OK + b"\r\nx")).body == b"x"


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "file:///etc/passwd", "127.0.0.1/"])
def test_get_takes_only_plain_http(url: str) -> None:
    with pytest.raises(ValueError, match="http://"):
        NETWORK.get(url, PATIENCE, 10)
