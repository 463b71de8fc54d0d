"""A certificate and its key as bytes: read them, and say what is wrong with them.

OpenSSL is the judge of whether nginx can load them; `cryptography`, 36 to the newest, reads what they say.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from functools import lru_cache

from cryptography import x509

from ...machine.leaf import dates, described
from ...machine.reason import Unfit
from ...model.observed import Certificate, Intermediate, PairProblem
from ...model.secret import Secret
from ...model.statement import Statement, say
from ...net.certificate import UNDECODABLE
from . import openssl, pem_text
from .digest_cache import DigestCache

_CERTIFICATES_KEPT = 32
"""Decoded once for both copies of a pair and all looks of a run; they are public, unlike keys."""
_VERDICTS: DigestCache[tuple[openssl.LoadFailure | None]] = DigestCache()
"""What OpenSSL said of certificate and key, whatever the time: both copies of a pair need one question."""


class BadPair(Unfit):
    """A pair that nginx could not load; `problem` says why, the statement adds detail."""

    def __init__(self, problem: PairProblem, detail: Statement) -> None:
        super().__init__(detail)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class PemPair:
    """What goes into the two files. `chain`: leaf first."""

    certificate_pem: bytes
    key_pem: Secret
    chain: tuple[x509.Certificate, ...]
    leaf: Certificate


def parse_pair(certificate_pem: bytes, key_pem: bytes) -> PemPair:
    """Read both files' contents and check that they belong together.

    Raises:
        BadPair: the first reason why nginx would not start with them.
    """
    chain = parse_chain(certificate_pem)
    contents = (certificate_pem, key_pem)
    (refusal,) = _VERDICTS.answer(contents, lambda: (openssl.pair_refusal(certificate_pem, key_pem),))
    if refusal is not None:
        raise BadPair(refusal.problem, _why_refused(refusal, certificate_pem, key_pem))
    return PemPair(certificate_pem, Secret(key_pem.decode("latin-1")), chain, describe(chain[0]))


def parse_chain(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Return every certificate in a PEM file, the leaf first, as OpenSSL finds them.

    Raises:
        BadPair: OpenSSL does not load the file, or one of them cannot be read.
    """
    return _KEPT.chain(pem)


def _parse_chain(pem: bytes) -> tuple[x509.Certificate, ...]:
    malformed = PairProblem.CERTIFICATE_MALFORMED
    if (refusal := openssl.certificate_refusal(pem)) is not None:
        raise BadPair(malformed, _worded(pem_text.why_no_certificate(pem), refusal))
    try:
        chain = tuple(x509.load_der_x509_certificate(der) for der in pem_text.certificates(pem))
    except UNDECODABLE:
        raise BadPair(malformed, say("undecodable_in_file")) from None
    if not chain:
        raise BadPair(malformed, pem_text.why_no_certificate(pem))
    return chain


def _why_refused(refusal: openssl.LoadFailure, certificate_pem: bytes, key_pem: bytes) -> Statement:
    if refusal.problem is PairProblem.KEY_ENCRYPTED:
        return say("asks_for_password")
    if refusal.problem is PairProblem.KEY_MISMATCH:
        passed_over = pem_text.why_passed_over(certificate_pem)
        return say("keys_differ_and", why=passed_over) if passed_over else say("keys_differ")
    return _worded(pem_text.why_no_key(key_pem), refusal)


def _worded(why: Statement, refusal: openssl.LoadFailure) -> Statement:
    return say("openssl_says", why=why, reason=refusal.reason) if refusal.reason else why


def describe(certificate: x509.Certificate) -> Certificate:
    """Return the facts of a leaf that findings speak of.

    Raises:
        BadPair: a part of it cannot be decoded.
    """
    try:
        return _KEPT.described(certificate)
    except UNDECODABLE:
        raise BadPair(PairProblem.CERTIFICATE_MALFORMED, say("undecodable_part")) from None


def describe_above(certificate: x509.Certificate) -> Intermediate:
    """Return the facts of a certificate above the leaf."""
    begins, ends = dates(certificate)
    return Intermediate(subject=certificate.subject.rfc4514_string(), not_before=begins, not_after=ends)


def fingerprint_of(der: bytes) -> str:
    """Return SHA-256 of a DER certificate in lower-case hex."""
    return hashlib.sha256(der).hexdigest()


def digest(certificate_pem: bytes, key_pem: bytes) -> str:
    """Return SHA-256 over both files, by which two trees are told apart."""
    outer = hashlib.sha256()
    for content in (certificate_pem, key_pem):
        outer.update(hashlib.sha256(content).digest())
    return outer.hexdigest()


class _Kept(threading.local):
    """What a thread has decoded: older versions of `cryptography` let no two threads use one certificate at once."""

    def __init__(self) -> None:
        keep = lru_cache(maxsize=_CERTIFICATES_KEPT)
        self.chain = keep(_parse_chain)
        self.described = keep(described)


_KEPT = _Kept()
