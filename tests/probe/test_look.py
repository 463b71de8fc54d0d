"""What is seen of servers on loopback: real handshakes, real refusals, and no hang whatever they do."""

from __future__ import annotations

import asyncio
import hashlib
import re
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from iotbox_simulator.pki import Pair, issue_wildcard_pair, make_authority, temporary_pair
from reconciler.codes import CATALOGUE, CodeName
from reconciler.codes.writing.sentences import sentence
from reconciler.model.statement import Statement, told
from reconciler.probe import hello, name, tls
from reconciler.probe.seen import Handshake
from reconciler.probe.streams import ByteReader, ByteWriter, Dial, direct_dial

from . import servers

NOW = datetime.now(UTC)
CA = make_authority("Probe", now=NOW - timedelta(days=400))
STRANGER = make_authority("Firewall", now=NOW - timedelta(days=400))
PAIR = issue_wildcard_pair(CA, "d73e7513", now=NOW)
NAME = "192-168-1-20.d73e7513.odoo-iot.com"
TRUST = ssl.create_default_context(cadata=CA.root_pem)


def fingerprint(pair: Pair) -> str:
    leaf = x509.load_pem_x509_certificate(pair.certificate_pem.encode())
    return hashlib.sha256(leaf.public_bytes(serialization.Encoding.DER)).hexdigest()


def shake(
    serve: servers.Serve = servers.silent, pair: Pair | None = PAIR, *, seconds: float = 10.0, dial: Dial = direct_dial
) -> Handshake:
    with servers.listening(serve, pair) as port:
        return asyncio.run(tls.handshake(dial, tls.Server("127.0.0.1", port, NAME), TRUST, seconds))


def said(serve: servers.Serve, seconds: float = 10.0) -> hello.Said:
    with servers.listening(serve) as port:
        return asyncio.run(hello.answers(direct_dial, "127.0.0.1", port, seconds))


def test_right_certificate_is_trusted_under_the_name_of_the_box() -> None:
    seen = shake()
    assert (seen.fingerprint, seen.untrusted, seen.error) == (fingerprint(PAIR), None, None)


EXPIRED = issue_wildcard_pair(CA, "d73e7513", now=NOW, not_before=NOW - timedelta(days=9), not_after=NOW - timedelta(1))


@pytest.mark.parametrize(
    ("pair", "why"),
    [
        (issue_wildcard_pair(CA, "0000beef", now=NOW), "Hostname mismatch"),
        (issue_wildcard_pair(STRANGER, "d73e7513", now=NOW), "self-signed certificate in certificate chain|issuer"),
        (EXPIRED, "expired"),
        (temporary_pair(), "self-signed"),
    ],
    ids=["other name", "other authority", "expired", "temporary"],
)
def test_certificate_that_is_not_accepted_is_seen_all_the_same(pair: Pair, why: str) -> None:
    seen = shake(pair=pair)
    assert seen.fingerprint == fingerprint(pair)
    assert seen.untrusted is not None
    assert any(each in seen.untrusted for each in why.split("|"))
    assert seen.holder is not None
    assert seen.holder.issuer.startswith("CN=")


@pytest.mark.parametrize(
    ("serve", "error"),
    [
        (servers.closing, "the connection ended|Connection reset"),
        (servers.saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "WRONG_VERSION_NUMBER|wrong version number|record layer"),
        (servers.flooding, ""),
    ],
    ids=["closes", "plain HTTP", "floods"],
)
def test_what_is_not_tls_has_a_reason(serve: servers.Serve, error: str) -> None:
    seen = shake(serve, None)
    assert seen.fingerprint is None
    assert seen.error
    assert any(each in seen.error for each in error.split("|"))


def test_silence_ends_with_the_time() -> None:
    assert shake(servers.silent, None, seconds=0.2).error == "timed out"


def test_refused_port_has_a_reason() -> None:
    async def refuse(host: str, port: int) -> tuple[ByteReader, ByteWriter]:
        raise ConnectionRefusedError(111, "Connection refused")

    assert shake(dial=refuse).error == "Connection refused"


def test_the_way_there_is_the_observers(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    async def dial(host: str, port: int) -> tuple[ByteReader, ByteWriter]:
        asked.append((host, port))
        return await direct_dial(host, port)

    assert shake(dial=dial).error is None
    assert [host for host, _ in asked] == ["127.0.0.1"]


PING = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nping"


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        (PING, None),
        (b"HTTP/1.0 200 OK\r\n\r\nping\n", None),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "HTTP status 502"),
        (b"HTTP/1.1 200 OK\r\n\r\n<html>login</html>", "what answers is not an IoT box"),
        (b"SSH-2.0-OpenSSH\r\n", "what answers is not HTTP"),
        (b"HTTP/1.1\r\n\r\n", "what answers is not HTTP"),
        (b"", "the connection ended without an answer"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000, "what answers is not an IoT box"),
    ],
)
def test_answers_of_a_homepage(reply: bytes, verdict: str | None) -> None:
    answer = said(servers.saying(reply))
    assert (answer.problem and words(answer.problem)) == verdict
    assert answer.by_another == bool(verdict and reply)


def words(problem: Statement) -> str:
    return sentence(problem, CATALOGUE[CodeName.HOMEPAGE_UNREACHABLE].sentences)


def test_a_silent_homepage_ends_with_the_time() -> None:
    assert said(servers.silent, 0.2) == hello.Said(told("timed out"))


ANSWERS = st.tuples(
    st.sampled_from([b"HTTP/1.1 ", b"HTTP/1.0 ", b"HTTP/1.", b"HTTP/2 ", b""]) | st.binary(max_size=9),
    st.sampled_from([b"200", b"200 OK", b"2000", b"502", b"20"]) | st.binary(max_size=9),
    st.sampled_from([b"\r\n\r\n", b"\r\nServer: x\r\n\r\n", b"\n\n", b"\r\n"]),
    st.sampled_from([b"ping", b" ping\n", b"pong", b"pingping", b""]) | st.binary(max_size=9),
).map(b"".join)


@given(ANSWERS | st.binary(max_size=300))
def test_verdict_on_any_answer_is_one_printable_line_or_none_for_a_ping_only(reply: bytes) -> None:
    verdict = hello.judged(reply)
    if verdict is None:
        assert re.match(rb"HTTP/1\.[^ ]* 200(\r\n| )", reply)
        assert reply.partition(b"\r\n\r\n")[2].strip() == b"ping"
    else:
        assert words(verdict)
        assert words(verdict).isprintable()


def look_up(outcome: tuple[str, ...] | Exception | None) -> tuple[str, ...] | None:
    async def resolve(_: str) -> tuple[str, ...]:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome or ()

    return asyncio.run(name.addresses(resolve if outcome is not None else None, NAME, 10.0))


@pytest.mark.parametrize(
    ("outcome", "addresses"),
    [(("1.2.3.4",), ("1.2.3.4",)), (OSError(-2, "Name or service not known"), ()), (None, None)],
)
def test_a_name_leads_somewhere_nowhere_or_was_not_asked(
    outcome: tuple[str, ...] | Exception | None, addresses: tuple[str, ...] | None
) -> None:
    assert look_up(outcome) == addresses


def test_the_own_resolver_knows_localhost() -> None:
    assert asyncio.run(name.resolve("localhost")) == ("127.0.0.1",)
