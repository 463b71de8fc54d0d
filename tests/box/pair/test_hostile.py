"""Pairs that were made to cost time or to trip a parser are refused like every other bad pair."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from reconciler.box.pair.parse import BadPair, describe, parse_chain, parse_pair
from reconciler.box.pair.trial import try_on_client
from reconciler.model.observed import ChainState, PairProblem
from reconciler.model.statement import say
from tests.support.certificates import Identity, issue

AT_MOST = 1 << 18
"""Bytes that are read of a file or of the authority's answer."""
GOOD = issue("*.d73e7513.odoo-iot.com")


def cpu_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    with pytest.raises(BadPair):
        work()
    return time.process_time() - began


@pytest.mark.parametrize("begin", [b"-----BEGIN CERTIFICATE-----\n", b"-----BEGIN PRIVATE KEY-----\n"])
def test_beginnings_without_an_end_cost_no_more_than_their_length(begin: bytes) -> None:
    many = begin * (AT_MOST // len(begin))
    # Looking through the rest again for each of them took half a minute.
    assert cpu_seconds(lambda: parse_pair(many if b"CERT" in begin else GOOD.pem, many)) < 2


def test_a_key_of_so_many_bits_that_a_handshake_takes_minutes_is_never_tried() -> None:
    certificate, key = _with_long_key(24_000)
    began = time.process_time()
    pair = parse_pair(certificate, key)
    assert try_on_client(pair, certificate, "x.d73e7513.odoo-iot.com") == (
        ChainState.REFUSED,
        say("key_too_long", bits=16384),
    )
    # loading it with a test of its primes, or one handshake with it, takes ten seconds and more
    assert time.process_time() - began < 2


MERSENNE = (1 << 11213) - 1
"""A prime, which a file of 2 KB has room for; testing that it is one took 38 s."""


def _number(value: int) -> bytes:
    content = value.to_bytes(value.bit_length() // 8 + 1, "big")
    return b"\x02" + _length(content) + content


def _length(content: bytes) -> bytes:
    if len(content) < 0x80:
        return bytes([len(content)])
    size = len(content).to_bytes(2, "big")
    return b"\x82" + size


def _sequence(*parts: bytes) -> bytes:
    content = b"".join(parts)
    return b"\x30" + _length(content) + content


def _rsa(modulus: int, *primes: int) -> bytes:
    return _sequence(*map(_number, (0, modulus, 65537, 3, *primes, 1, 1, 1)))


def _more_primes() -> bytes:
    prime = (1 << 2203) - 1
    more = _sequence(*(_sequence(*map(_number, (prime, 1, 1))) for _ in range(6)))
    return _sequence(*map(_number, (1, 15, 65537, 3, 3, 5, 1, 1, 1)), more)


RSA_ALGORITHM = bytes.fromhex("300d06092a864886f70d0101010500")


def _in_pkcs8(key: bytes) -> bytes:
    return _sequence(_number(0), RSA_ALGORITHM, b"\x04" + _length(key) + key)


@pytest.mark.parametrize(
    "der",
    [
        _rsa(3 * MERSENNE, MERSENNE, 3),
        _rsa(15, MERSENNE, 3),
        _rsa(15, 3, MERSENNE),
        _in_pkcs8(_rsa(15, MERSENNE, 3)),
        _more_primes(),
    ],
    ids=["whole", "short modulus", "second prime", "PKCS 8", "more primes"],
)
@pytest.mark.parametrize("label", ["RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY"])
def test_a_short_file_with_a_long_prime_is_not_loaded(der: bytes, label: str) -> None:
    pem = f"-----BEGIN {label}-----\n".encode() + base64.encodebytes(der) + f"-----END {label}-----\n".encode()
    assert len(pem) < 4096
    assert cpu_seconds(lambda: parse_pair(GOOD.pem, pem)) < 1


def test_all_between_the_labels_is_judged() -> None:
    text = base64.encodebytes(_rsa(15, MERSENNE, 3))
    pem = b"-----BEGIN RSA PRIVATE KEY----- " + text[:-1] + b"-----END RSA PRIVATE KEY-----\n"
    assert cpu_seconds(lambda: parse_pair(GOOD.pem, pem)) < 1


def _with_long_key(bits: int) -> tuple[bytes, bytes]:
    """Return certificate and key with numbers of the right length that are no primes."""
    factors = [secrets.randbits(bits // 2) | 3 << (bits // 2 - 2) | 1 for _ in range(2)]
    modulus, exponent = factors[0] * factors[1], 65537
    numbers = (0, modulus, exponent, modulus - 2, *factors, factors[0] - 2, factors[1] - 2, 3)
    key = _der(0x30, b"".join(_der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big")) for number in numbers))
    public = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "*.d73e7513.odoo-iot.com")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, public, 1, now, now + timedelta(days=1))
    certificate = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    label = b" RSA PRIVATE KEY-----\n"
    pem = b"-----BEGIN" + label + base64.encodebytes(key) + b"-----END" + label
    return certificate.public_bytes(serialization.Encoding.PEM), pem


def _der(tag: int, content: bytes) -> bytes:
    size = len(content).to_bytes(4, "big")
    return bytes((tag, 0x84)) + size + content


@pytest.mark.parametrize("name", ["", ".x", "*..x", "x" * 64 + ".y", "a\0b", "a.c\x7fm"])
def test_a_name_that_no_client_can_ask_for_is_refused(name: str) -> None:
    pair = parse_pair(GOOD.pem, GOOD.key_pem)
    state, why = try_on_client(pair, GOOD.pem, name)
    assert state is ChainState.REFUSED
    assert why == say("name_for_nobody")


def test_a_certificate_with_an_undecodable_name_is_malformed() -> None:
    der = _named("abcdefgh").der.replace(b"abcdefgh", b"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8")
    pem = ssl_pem(der)
    with pytest.raises(BadPair, match="decoded") as caught:
        describe(parse_chain(pem)[0])
    assert caught.value.problem is PairProblem.CERTIFICATE_MALFORMED


def _named(common_name: str) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    return Identity(builder.sign(key, hashes.SHA256()), key)


def ssl_pem(der: bytes) -> bytes:
    return b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der) + b"-----END CERTIFICATE-----\n"


def test_a_certificate_whose_key_is_of_an_unknown_kind_is_malformed() -> None:
    spki = GOOD.certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    unknown = spki.replace(b"\x2a\x86\x48\xce\x3d\x02\x01", b"\x2a\x86\x48\xce\x3d\x02\x7f")
    with pytest.raises(BadPair, match="decoded") as caught:
        parse_pair(ssl_pem(GOOD.der.replace(spki, unknown)), GOOD.key_pem)
    assert caught.value.problem is PairProblem.CERTIFICATE_MALFORMED
