"""One session for one box: encrypted as soon as a name is proved, and silent about what it sends."""

from __future__ import annotations

import logging
import socket
import ssl
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reconciler.homepage.answer import NoAnswer
from reconciler.homepage.session import Homepage
from reconciler.model.secret import Secret
from reconciler.net.tls import verifying_context
from tests.support.certificates import Identity, authority, issue, server_context
from tests.support.patience import PATIENCE
from tests.support.servers import LOOPBACK, Handler, Served, answering, flooding, serving, silent

from .served import homepage, raw

NAME = "127-0-0-1.d73e7513.odoo-iot.com"
GOOD = issue("*.d73e7513.odoo-iot.com")
TEMPORARY = issue("OdooTempIoTBoxCertificate", by=authority("Odoo"))
EXPIRED = issue("*.d73e7513.odoo-iot.com", valid=timedelta(days=-1))
OTHER = issue("*.11111111.odoo-iot.com")
CANARY = "canary-5eCr3t"
PING = answering(raw(200, b"ping"))


def trusting() -> ssl.SSLContext:
    context = verifying_context()
    context.load_verify_locations(cadata=authority().pem.decode())
    return context


@contextmanager
def both(
    handler: Handler, shown: Identity, folder: Path, seconds: float = PATIENCE
) -> Iterator[tuple[Homepage, Served, Served]]:
    """Serve in clear and with TLS, and give the client of both."""
    with serving(handler) as clear, serving(handler, server_context(shown, folder)) as secured:
        yield Homepage(LOOPBACK, clear.port, seconds=seconds, https_port=secured.port), clear, secured


def test_requests_go_in_clear_until_a_name_is_proved(tmp_path: Path) -> None:
    with both(PING, GOOD, tmp_path) as (page, clear, secured):
        page.rpc("/x", {"a": "1"})
        assert (page.proved, len(clear.requests), len(secured.requests)) == (None, 1, 0)
        assert page.prove(NAME, trusting())
        before = len(secured.requests)
        page.rpc("/x", {"a": "2"})
        assert (page.proved, len(clear.requests), len(secured.requests) - before) == (NAME, 1, 1)
    assert f"Host: {NAME}:{secured.port}".encode() in secured.requests[-1]


@pytest.mark.parametrize("shown", [TEMPORARY, EXPIRED, OTHER], ids=["temporary", "expired", "of another name"])
def test_a_name_that_is_not_proved_leaves_requests_in_clear(shown: Identity, tmp_path: Path) -> None:
    with both(PING, shown, tmp_path) as (page, clear, secured):
        assert not page.prove(NAME, trusting())
        page.get("/")
    assert (page.proved, len(clear.requests), secured.requests) == (None, 1, [])


def test_an_authority_that_the_library_brings_along_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(authority().pem)
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(bundle))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    with both(PING, GOOD, tmp_path) as (page, _, _):
        assert not page.prove(NAME, verifying_context())


def test_a_proved_name_is_never_given_up_for_clear_text(tmp_path: Path) -> None:
    with both(PING, GOOD, tmp_path) as (page, clear, secured):
        page.prove(NAME, trusting())
        secured.stop.set()
    with pytest.raises(NoAnswer):
        page.rpc("/x", {"token": Secret(CANARY)})
    assert clear.requests == []


def test_a_shared_context_still_checks_host_names(tmp_path: Path) -> None:
    context = trusting()
    with both(PING, GOOD, tmp_path) as (page, _, _):
        page.prove(NAME, context)
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)


@pytest.mark.parametrize("handler", [silent, flooding(b"", b"HTTP/1.1 100 Continue\r\n\r\n")])
def test_over_tls_the_time_is_bounded_as_a_whole(handler: Handler, tmp_path: Path) -> None:
    with both(handler, GOOD, tmp_path, seconds=0.4) as (page, _, _):
        assert not page.prove(NAME, trusting())


def test_whether_the_program_lives_is_asked_in_clear(tmp_path: Path) -> None:
    with both(PING, GOOD, tmp_path) as (page, clear, _):
        page.prove(NAME, trusting())
        assert page.is_alive()
        assert len(clear.requests) == 1


@pytest.mark.parametrize("handler", [answering(raw(502, b"ping")), answering(raw(200, b"<html>ping"))])
def test_another_answer_is_no_life(handler: Handler) -> None:
    with homepage(handler) as (page, _):
        assert not page.is_alive()


def test_the_clock_of_the_box_is_told() -> None:
    with homepage(PING) as (page, _):
        assert page.get("/").date == datetime(2026, 11, 23, 23, 17, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "date", [b"yesterday", b"Mon, 99 Nov 2026 23:17:12 GMT", b"\xff", b"Mon, 23 Nov 99999999 1:1:1 GMT"]
)
def test_a_date_that_is_none_is_no_date(date: bytes) -> None:
    with homepage(answering(b"HTTP/1.0 200 OK\r\nDate: " + date + b"\r\nContent-Length: 0\r\n\r\n")) as (page, _):
        assert page.get("/").date is None


ENDS: dict[str, Handler] = {
    "answered": answering(raw(200, CANARY.encode())),
    "cut off": answering(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + CANARY.encode()),
    "no HTTP": answering(CANARY.encode()),
    "strange headers": answering(f"HTTP/1.1 200 OK\r\n\xe9 {CANARY}\r\nX\r\n\r\n".encode()),
    "silent": silent,
    "compressed": answering(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + CANARY.encode()),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("manner", ["form", "rpc"])
def test_no_secret_is_in_a_log_an_exception_or_a_representation(
    end: str, manner: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown = ""
    with homepage(ENDS[end], 0.4 if end == "silent" else PATIENCE) as (page, served):
        try:
            shown = repr(getattr(page, manner)("/save_credential", {"enterprise_code": Secret(CANARY)}))
        except NoAnswer as problem:
            shown = "".join(traceback.format_exception(problem)) + repr(problem.statement)
        assert end == "silent" or CANARY.encode() in served.requests[0].partition(b"\r\n\r\n")[2]
        shown += repr(vars(page))
    assert shown
    assert CANARY not in shown + caplog.text


def test_a_log_comes_in_pieces_and_stops() -> None:
    body = b"line\n" * 100_000
    with homepage(answering(raw(200, body, "text/plain"))) as (page, _):
        assert b"".join(page.log("/logs")) == body
        assert b"".join(page.log("/logs", 70_000)) == body[:70_000]


def test_a_log_that_is_cut_off_says_so() -> None:
    with homepage(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")) as (page, _), pytest.raises(NoAnswer):
        list(page.log("/logs"))


def test_an_ipv6_address_is_reached() -> None:
    with homepage(PING) as (_, served):
        other = Homepage("::ffff:127.0.0.1", served.port, seconds=PATIENCE)
        assert other.get("/").body == b"ping"


def test_no_connection_is_left_open_for_the_next_request() -> None:
    def once(connection: socket.socket, served: Served) -> None:
        answering(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")(connection, served)
        connection.recv(1)  # whoever asks again here gets no answer

    with serving(once) as served:
        page = Homepage(LOOPBACK, served.port, seconds=PATIENCE)
        assert [page.get("/x").status for _ in range(3)] == [404, 404, 404]
    assert len(served.requests) == 3
