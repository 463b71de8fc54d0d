"""What a certificate says, as findings speak of it: on a box of its files, from afar of what is presented."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from ..model.observed import Certificate
from ..net.certificate import UNDECODABLE

TEMPORARY_CN: Final = "OdooTempIoTBoxCertificate"
"""Subject of the self-signed pair that every image carries; its key is public knowledge and it expires in 2118."""
LONGEST_TEXT: Final = 1000
_MOST_NAMES = 100
"""Of what is told of a certificate; the authority's have two names, of under 64 characters."""


def described(certificate: x509.Certificate) -> Certificate:
    """Return the facts of a leaf that findings speak of.

    Raises:
        UNDECODABLE: a part of it cannot be decoded.
    """
    cn = _common_name(certificate.subject)
    begins, ends = dates(certificate)
    return Certificate(
        subject_cn=cn,
        issuer=certificate.issuer.rfc4514_string()[:LONGEST_TEXT],
        names=_dns_names(certificate),
        serial_number=f"{certificate.serial_number:x}",
        not_before=begins,
        not_after=ends,
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        temporary=cn == TEMPORARY_CN,
    )


def dates(certificate: x509.Certificate) -> tuple[datetime, datetime]:
    """Return from when to when a certificate is valid, in UTC."""
    return _utc(certificate, "not_valid_before"), _utc(certificate, "not_valid_after")


def _common_name(name: x509.Name) -> str | None:
    values = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(values[0].value)[:LONGEST_TEXT] if values else None


def _dns_names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, *UNDECODABLE):
        return ()
    names = extension.value.get_values_for_type(x509.DNSName)[:_MOST_NAMES]
    return tuple(name[:LONGEST_TEXT] for name in names)


def _utc(certificate: x509.Certificate, attribute: str) -> datetime:
    aware: datetime | None = getattr(certificate, f"{attribute}_utc", None)  # since cryptography 42
    return aware or getattr(certificate, attribute).replace(tzinfo=UTC)
