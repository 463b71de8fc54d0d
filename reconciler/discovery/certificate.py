"""The certificate that an address serves on its HTTPS port, read from the handshake; nothing is sent over it."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from ..model.certificate_name import certificate_name, client_name, public_name
from ..net.certificate import UNDECODABLE
from ..net.dial import Dial
from ..net.tls import reading_context, without_finite_fields
from ..probe import name as dns
from ..probe.tls import Server, leaf
from .pace import Pace

TEMPORARY: Final = "OdooTempIoTBoxCertificate"
"""Common name of the certificate with which every box is delivered."""
DOMAIN: Final = ".odoo-iot.com"
"""Below which boxes have their names. Another name is of whoever made the certificate, and nobody is asked for it."""
_MOST_NAMES: Final = 8
_LONGEST: Final = 253


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedCertificate:
    """What is served.

    Args:
        names: for which it is, in its own words.
        not_after: when it ends, in UTC.
        trusted: a handshake under the name that clients ask for was accepted here.
        public_name: by which clients reach the box with it, `None` where it is no wildcard of boxes.
        resolves: whether that name leads to the address here, `None` where nobody was asked.
    """

    names: tuple[str, ...]
    not_after: datetime
    temporary: bool = False
    trusted: bool = False
    public_name: str | None = None
    resolves: bool | None = None

    @property
    def is_of_a_box(self) -> bool:
        """Whether nobody but a box has such a certificate."""
        return self.temporary or self.public_name is not None

    def days_left(self, now: datetime) -> int:
        """Return for how many whole days it is still valid, less than none once it has ended."""
        return (self.not_after - now).days


@dataclass(frozen=True, slots=True)
class Handshakes:
    """How certificates are read here.

    Args:
        resolve: looks names up as clients here do.
        trust: whom clients here trust; one for all, since making it costs more than a handshake.
    """

    dial: Dial
    pace: Pace
    resolve: dns.Resolve
    trust: ssl.SSLContext

    async def read(self, address: str, port: int, seconds: float) -> ServedCertificate | None:
        """Read what is served, `None` where there is no handshake or no certificate that can be decoded."""
        der = await self._leaf(Server(address, port, address), without_finite_fields(reading_context()), seconds)
        facts = _facts(der) if der else None
        if facts is None:
            return None
        cn, names, not_after = facts
        name, host = certificate_name(names, cn), address.replace(".", "-")
        public = public_name(host, name)
        if public is not None and not public.casefold().rstrip(".").endswith(DOMAIN):
            public = None
        return ServedCertificate(
            names=tuple(dict.fromkeys(names or ((cn,) if cn else ()))),
            not_after=not_after,
            temporary=cn == TEMPORARY,
            trusted=await self._is_trusted(Server(address, port, client_name(host, name)), der, seconds),
            public_name=public,
            resolves=await self._leads_to(public, address, seconds),
        )

    async def _is_trusted(self, server: Server, seen: bytes | None, seconds: float) -> bool:
        return await self._leaf(server, self.trust, seconds) == seen

    async def _leads_to(self, name: str | None, address: str, seconds: float) -> bool | None:
        if name is None:
            return None
        return address in (await dns.addresses(self.resolve, name, seconds) or ())

    async def _leaf(self, server: Server, context: ssl.SSLContext, seconds: float) -> bytes | None:
        await self.pace.turn()
        try:
            async with asyncio.timeout(seconds):
                return await leaf(self.dial, server, context)
        except (OSError, EOFError):  # ssl's errors are OSErrors
            return None


def _facts(der: bytes) -> tuple[str | None, tuple[str, ...], datetime] | None:
    try:
        certificate = x509.load_der_x509_certificate(der)
        found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(found[0].value)[:_LONGEST] if found else None, _dns_names(certificate), _end(certificate)
    except UNDECODABLE:
        return None


def _dns_names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    return tuple(name[:_LONGEST] for name in extension.value.get_values_for_type(x509.DNSName)[:_MOST_NAMES])


def _end(certificate: x509.Certificate) -> datetime:
    aware: datetime | None = getattr(certificate, "not_valid_after_utc", None)  # since cryptography 42
    return aware or certificate.not_valid_after.replace(tzinfo=UTC)
