"""Whom a TLS certificate names: the way to tell who answers in place of www.odoo.com."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import NameOID

from ...model.inquiry import Holder
from ...model.secret import redact
from ...net.certificate import UNDECODABLE

_MOST_NAMES = 100
"""A firewall that opens TLS copies the list of the certificate in whose place it puts its own."""


def holder(der: bytes) -> Holder | None:
    """Return subject, issuer and the first names of a certificate; `None` for one that cannot be decoded."""
    try:
        leaf = x509.load_der_x509_certificate(der)
        return Holder(
            subject=_name(leaf.subject),
            issuer=_name(leaf.issuer),
            names=_names(leaf),
            self_signed=leaf.subject == leaf.issuer,
        )
    except UNDECODABLE:
        return None


def _names(leaf: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        common = leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return tuple(redact(str(each.value)) for each in common[:1])
    return tuple(redact(name) for name in extension.value.get_values_for_type(x509.DNSName)[:_MOST_NAMES])


def _name(name: x509.Name) -> str:
    return redact(name.rfc4514_string()) or "nobody"
