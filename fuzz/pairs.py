"""Pairs for seeds: made once per process, since keys cost time."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa as rsa_keys

from tests.support.certificates import Identity, issue

SEPARATOR = b"\n--8<--\n"
"""Between the parts of an input that are several files."""


@cache
def issued(name: str, valid: timedelta = timedelta(days=90)) -> Identity:
    """Return a pair with a P-256 key. Without a name it has only one that no client can ask for."""
    return issue(name or ".", valid=valid)


@cache
def rsa() -> Identity:
    """Return a pair with a small RSA key."""
    return issue("*.rsa.example", key=rsa_keys.generate_private_key(65537, 2048))
