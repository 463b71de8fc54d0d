"""A certificate and its key as bytes: read them, and say what is wrong with them.

Works with `cryptography` 36 to the newest. Public keys are compared as DER: on versions up to 38, `==` between
two public key objects is silently False.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from ..model.observed import Certificate, PairProblem
from ..model.secret import Secret
from . import pem_text
from .key_size import has_long_primes
from .known import Known

TEMPORARY_CN = "OdooTempIoTBoxCertificate"
"""Subject of the self-signed pair that every image carries; its key is public knowledge and it expires in 2118."""

_LONGEST_KEY = 4096
"""Bytes of a key's PEM block. RSA with 4096 bits, the most that Let's Encrypt signs, is under 3300; decoding one tests
its primes, which for 16384 bits takes minutes and cannot be interrupted."""
UNDECODABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What `cryptography` raises for certificates and keys that are wrong, some of it only when a part is asked for."""
_LONGEST_TEXT = 1000
_MOST_NAMES = 100
"""Of what is told of a certificate; the authority's have two names, of under 64 characters."""
_CERTIFICATES_KEPT = 32
"""Decoded once for both copies of a pair and all looks of a run; they are public, unlike keys."""
_PUBLIC_HALVES: Known[bytes] = Known()
"""DER public keys. Loading a private key tests its primes, a good part of a second on a small box."""


class BadPair(ValueError):
    """A pair that nginx could not load; `problem` says why, the text adds detail."""

    def __init__(self, problem: PairProblem, detail: str) -> None:
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
    key_public = _PUBLIC_HALVES.answer((key_pem,), lambda: _load_public_half(key_pem))
    if key_public != _KEPT.public_key_of(chain[0]):
        raise BadPair(PairProblem.KEY_MISMATCH, "the public keys differ")
    return PemPair(certificate_pem, Secret(key_pem.decode("latin-1")), chain, describe(chain[0]))


def parse_chain(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Return every certificate in a PEM file, the leaf first; text and line endings around them do not matter.

    Raises:
        BadPair: there is none, or one of them cannot be read.
    """
    return _KEPT.chain(pem)


def _parse_chain(pem: bytes) -> tuple[x509.Certificate, ...]:
    blocks = pem_text.certificate_blocks(pem)
    if not blocks:
        raise BadPair(PairProblem.CERTIFICATE_MALFORMED, pem_text.why_no_certificate(pem))
    if pem.count(pem_text.BEGIN) != len(blocks):
        raise BadPair(PairProblem.CERTIFICATE_MALFORMED, "a PEM block has no END line: the file is cut off")
    chain = []
    for position, block in enumerate(blocks, start=1):
        try:
            chain.append(x509.load_pem_x509_certificate(block))
        except UNDECODABLE:
            detail = f"certificate {position} of {len(blocks)} in the file cannot be decoded"
            raise BadPair(PairProblem.CERTIFICATE_MALFORMED, detail) from None
    return tuple(chain)


def describe(certificate: x509.Certificate) -> Certificate:
    """Return the facts of a leaf that findings speak of.

    Raises:
        BadPair: a part of it cannot be decoded.
    """
    try:
        return _KEPT.described(certificate)
    except UNDECODABLE:
        raise BadPair(PairProblem.CERTIFICATE_MALFORMED, "a part of the certificate cannot be decoded") from None


def _described(certificate: x509.Certificate) -> Certificate:
    cn = _common_name(certificate.subject)
    return Certificate(
        subject_cn=cn,
        issuer=certificate.issuer.rfc4514_string()[:_LONGEST_TEXT],
        names=_dns_names(certificate),
        serial_number=f"{certificate.serial_number:x}",
        not_before=_utc(certificate, "not_valid_before"),
        not_after=_utc(certificate, "not_valid_after"),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        temporary=cn == TEMPORARY_CN,
    )


def fingerprint_of(der: bytes) -> str:
    """Return SHA-256 of a DER certificate in lower-case hex."""
    return hashlib.sha256(der).hexdigest()


def digest(certificate_pem: bytes, key_pem: bytes) -> str:
    """Return SHA-256 over both files, by which two trees are told apart."""
    outer = hashlib.sha256()
    for content in (certificate_pem, key_pem):
        outer.update(hashlib.sha256(content).digest())
    return outer.hexdigest()


def _load_public_half(key_pem: bytes) -> bytes:
    if b"-----BEGIN ENCRYPTED PRIVATE KEY-----" in key_pem or b"Proc-Type: 4,ENCRYPTED" in key_pem:
        raise BadPair(PairProblem.KEY_ENCRYPTED, "nginx would ask for a password that nobody types")
    block = pem_text.key_block(key_pem)
    if block is None:
        raise BadPair(PairProblem.KEY_MALFORMED, pem_text.why_no_key(key_pem))
    if len(block) > _LONGEST_KEY:
        raise BadPair(PairProblem.KEY_MALFORMED, "the private key is longer than one of RSA with 4096 bits")
    try:
        if has_long_primes(block):
            raise BadPair(PairProblem.KEY_MALFORMED, "the private key has other primes than one of RSA with 4096 bits")
        return _spki(serialization.load_pem_private_key(block, password=None).public_key())
    except BadPair:
        raise
    except UNDECODABLE:
        raise BadPair(PairProblem.KEY_MALFORMED, "the private key cannot be decoded") from None


def _public_key_of(certificate: x509.Certificate) -> bytes:
    try:
        return _spki(certificate.public_key())
    except UNDECODABLE:
        detail = "the certificate's public key cannot be decoded"
        raise BadPair(PairProblem.CERTIFICATE_MALFORMED, detail) from None


def _spki(public_key: object) -> bytes:
    der, spki = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    encoded: bytes = public_key.public_bytes(der, spki)  # type: ignore[attr-defined]
    return encoded


def _common_name(name: x509.Name) -> str | None:
    values = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(values[0].value)[:_LONGEST_TEXT] if values else None


def _dns_names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, *UNDECODABLE):
        return ()
    names = extension.value.get_values_for_type(x509.DNSName)[:_MOST_NAMES]
    return tuple(name[:_LONGEST_TEXT] for name in names)


def _utc(certificate: x509.Certificate, attribute: str) -> datetime:
    aware: datetime | None = getattr(certificate, f"{attribute}_utc", None)  # since cryptography 42
    return aware or getattr(certificate, attribute).replace(tzinfo=UTC)


class _Kept(threading.local):
    """What a thread has decoded: older versions of `cryptography` let no two threads use one certificate at once."""

    def __init__(self) -> None:
        keep = lru_cache(maxsize=_CERTIFICATES_KEPT)
        self.chain = keep(_parse_chain)
        self.described = keep(_described)
        self.public_key_of = keep(_public_key_of)


_KEPT = _Kept()
