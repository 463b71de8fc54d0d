"""What takes the place of nginx on port 443 is looked at within the time for it, from the box and from outside."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from reconciler.box.network import PosixNetwork
from reconciler.probe import tls
from reconciler.probe.seen import Handshake
from reconciler.probe.streams import direct_dial
from tests.support.certificates import authority, issue, server_context
from tests.support.servers import Handler, serving, silent

from .behaviours import MOST_SENT, NOT_TLS, counting
from .measure import SHORT, bounded

NAME = "10-0-0-1.d73e7513.odoo-iot.com"
EACH = pytest.mark.parametrize("handler", NOT_TLS.values(), ids=NOT_TLS)
LONG_CHAIN = 400
"""Certificates, in all more than the bytes that a handshake may have."""


def look(port: int, seconds: float = SHORT) -> Handshake:
    trust = ssl.create_default_context()
    return asyncio.run(tls.handshake(direct_dial, tls.Server("127.0.0.1", port, NAME), trust, seconds))


@EACH
def test_the_box_says_why_there_is_no_certificate(handler: Handler) -> None:
    sent: list[int] = []
    with serving(counting(handler, sent)) as server, bounded(SHORT), pytest.raises(OSError, match=r"\w") as caught:
        PosixNetwork().served_certificate("127.0.0.1", server.port, NAME, SHORT)
    assert str(caught.value).isprintable()
    assert sum(sent) < MOST_SENT


@EACH
def test_the_look_from_outside_says_why_there_is_no_handshake(handler: Handler) -> None:
    sent: list[int] = []
    with serving(counting(handler, sent)) as server, bounded(SHORT):
        seen = look(server.port)
    assert seen.fingerprint is None
    assert (seen.error or "").isprintable()
    assert sum(sent) < MOST_SENT


@pytest.fixture
def long_chain(tmp_path: Path) -> ssl.SSLContext:
    context = server_context(issue(NAME), tmp_path)
    leaf = issue(NAME)
    chain = tmp_path / "chain.pem"
    chain.write_bytes(leaf.pem + authority().pem * LONG_CHAIN + leaf.key_pem)
    context.load_cert_chain(chain)
    return context


def test_a_chain_without_end_is_no_handshake(long_chain: ssl.SSLContext) -> None:
    with serving(silent, long_chain) as server, bounded(5):
        seen = look(server.port, 5)
    assert seen.fingerprint is None
    assert seen.error
    with serving(silent, long_chain) as server, bounded(5), pytest.raises(OSError, match=r"(?i)excessive|too much"):
        PosixNetwork().served_certificate("127.0.0.1", server.port, NAME, 5)
