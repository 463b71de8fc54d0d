"""How large the numbers of an RSA key are, read from its PEM block before anything is calculated with them.

Loading a private key tests its primes, which takes the third power of their length and cannot be interrupted. A short
file can hold one prime as long as the file.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator

_INTEGER, _OCTETS, _SEQUENCE = 0x02, 0x04, 0x30
_LONG = 0x80
_IN_RSA = 9
"""Numbers: version, modulus, both exponents, two primes, two exponents and a coefficient for them (RFC 8017)."""
_PRIMES = slice(4, 6)
_LONGEST_PRIME = 2048 // 8 + 1
"""Bytes: half of 4096 bits, and one for the sign."""
_NO_DER = "it is not DER"


def has_long_primes(block: bytes) -> bool:
    """Say whether a block of PEM holds an RSA key with a prime of more than 2048 bits, or more than two primes.

    Raises:
        ValueError: it holds no key in DER, without headers around it.
    """
    lengths = _numbers(_decoded(block))
    if len(lengths) < _IN_RSA:
        return False
    return len(lengths) > _IN_RSA or max(lengths[_PRIMES]) > _LONGEST_PRIME


def _decoded(block: bytes) -> bytes:
    try:
        _, _, content, _, _ = block.split(b"-----")
        return base64.b64decode(b"".join(content.split()), validate=True)
    except ValueError:
        raise ValueError(_NO_DER) from None


def _numbers(der: bytes) -> list[int]:
    """Return the lengths of the numbers of a key, of PKCS #1 or inside PKCS #8, in bytes."""
    fields = _inside(der)
    if [tag for tag, _ in fields[:3]] == [_INTEGER, _SEQUENCE, _OCTETS]:
        fields = _inside(fields[2][1])
    # what follows the ninth number are further primes
    return [len(content) for tag, content in fields if tag in (_INTEGER, _SEQUENCE)]


def _inside(der: bytes) -> list[tuple[int, bytes]]:
    parts = list(_parts(der))
    if not parts or parts[0][0] != _SEQUENCE:
        raise ValueError(_NO_DER)
    return list(_parts(parts[0][1]))


def _parts(der: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(der):
        tag, first, at = der[at], der[at + 1] if at + 1 < len(der) else _LONG, at + 2
        if first & _LONG:
            size = first & ~_LONG
            if not size:  # no end is told, which is not DER
                raise ValueError(_NO_DER)
            first, at = int.from_bytes(der[at : at + size], "big"), at + size
        if at + first > len(der):
            raise ValueError(_NO_DER)
        yield tag, der[at : at + first]
        at += first
