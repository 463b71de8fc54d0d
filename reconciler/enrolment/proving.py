"""Whether a box proves a name, so that its password travels encrypted: by a certificate that is valid here.

Which name a box has nobody knows yet, so it is taken from what the box presents. That keeps out who only listens; it
keeps out nobody who can answer in the box's place with a certificate of a database of his own.
"""

from __future__ import annotations

import os
import ssl
from ipaddress import AddressValueError, IPv4Address
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from ..homepage.session import Homepage
from ..machine.posix.trust import SYSTEM_BUNDLE, trusting
from ..model.certificate_name import certificate_name, public_name
from ..net.certificate import UNDECODABLE
from ..net.stream import TimeLimit, system_lookup
from ..net.tls import read_certificate

_SECONDS: Final = 10.0
_BUNDLE: Final = "SSL_CERT_FILE"


def prove(homepage: Homepage, host: str, port: int) -> bool:
    """Have a box prove its name; from then on all that this homepage is asked travels encrypted.

    Args:
        host: the box's own address; where that is a name, or a certificate does not fit it, nothing is proved.
        port: at the homepage's address, its HTTPS port.
    """
    try:
        dashed = str(IPv4Address(host)).replace(".", "-")
        der = read_certificate(homepage.address, port, "", TimeLimit(_SECONDS), system_lookup)
        name, context = public_name(dashed, _name(der)), _trusting()
    except (AddressValueError, OSError, *UNDECODABLE):
        return False
    return name is not None and homepage.prove(name, context)


def _name(der: bytes) -> str | None:
    certificate = x509.load_der_x509_certificate(der)
    common = [str(each.value) for each in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        names = extension.value.get_values_for_type(x509.DNSName)
    except x509.ExtensionNotFound:
        names = []
    return certificate_name(names, common[0] if common else None)


def _trusting() -> ssl.SSLContext:
    return trusting(os.environ.get(_BUNDLE, SYSTEM_BUNDLE))(None)
