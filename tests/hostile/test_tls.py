"""What takes the place of nginx on port 443 is looked at within the time for it, from the box and from outside."""

from __future__ import annotations

import asyncio
import base64
import ssl
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from reconciler.machine.posix.trust import trusting
from reconciler.net.client import NetworkClient
from reconciler.net.tls import trusted_here
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
    server = tls.Server("127.0.0.1", port, NAME)
    return asyncio.run(tls.handshake(direct_dial, server, trusted_here(), seconds))


@EACH
def test_the_box_says_why_there_is_no_certificate(handler: Handler) -> None:
    sent: list[int] = []
    with serving(counting(handler, sent)) as server, bounded(SHORT), pytest.raises(OSError, match=r"\w") as caught:
        NetworkClient(trusting()).served_certificate("127.0.0.1", server.port, NAME, SHORT)
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


GROUP_BITS = 8192
"""Of the numbers that a server chooses, almost the most that OpenSSL takes."""


def _der(tag: int, body: bytes) -> bytes:
    size = len(body).to_bytes(2, "big")
    return bytes((tag, 0x82)) + size + body


@pytest.fixture
def huge_numbers(tmp_path: Path) -> ssl.SSLContext:
    """Return a server that knows no other way to agree on a key than over a finite field of its choice."""
    prime = Random(1).getrandbits(GROUP_BITS) | 1 << (GROUP_BITS - 1) | 1  # nobody finds out that it is none
    numbers = _der(2, prime.to_bytes(GROUP_BITS // 8 + 1, "big")) + b"\2\1\2"
    encoded = base64.encodebytes(_der(0x30, numbers)).decode()
    file = tmp_path / "group.pem"
    file.write_text(f"-----BEGIN DH PARAMETERS-----\n{encoded}-----END DH PARAMETERS-----\n")
    rsa_leaf = issue(NAME, key=rsa.generate_private_key(public_exponent=65537, key_size=2048))
    context = server_context(rsa_leaf, tmp_path)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("DHE:@SECLEVEL=0")
    context.load_dh_params(str(file))
    return context


def test_a_server_that_makes_its_clients_reckon_with_huge_numbers_finds_none(huge_numbers: ssl.SSLContext) -> None:
    with serving(silent, huge_numbers) as server:
        seen = look(server.port, 20)
    assert seen.fingerprint is None
    assert "HANDSHAKE" in (seen.error or "").upper()


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
        NetworkClient(trusting()).served_certificate("127.0.0.1", server.port, NAME, 5)
