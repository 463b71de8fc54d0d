"""TLS handshakes over any byte stream, so that one can be made through a jump host as well."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import ssl
from dataclasses import dataclass

from cryptography import x509

from ..model.inquiry import Holder
from ..net.certificate import UNDECODABLE
from ..net.secured import MOST_IN_HANDSHAKE
from ..net.tls import reading_context, without_finite_fields
from .seen import Handshake
from .streams import ByteReader, ByteWriter, Dial, connected, reason

_CHUNK = 1 << 14


@dataclass(frozen=True, slots=True)
class Server:
    """Where to shake hands, and as what the server is addressed."""

    host: str
    port: int
    name: str


async def handshake(dial: Dial, server: Server, trust: ssl.SSLContext, seconds: float) -> Handshake:
    """Shake hands as a client that asks for this name; find out who is there if that fails for lack of trust.

    The second connection, which accepts everything, only reads the certificate: nothing is ever sent over it.
    """
    try:
        async with asyncio.timeout(seconds):
            try:
                return _presented(await leaf(dial, server, trust))
            except ssl.SSLCertVerificationError as error:
                untrusted = error.verify_message or str(error)
            return _presented(await leaf(dial, server, without_finite_fields(reading_context())), untrusted)
    except (OSError, EOFError) as error:
        return Handshake(error=reason(error))


async def leaf(dial: Dial, server: Server, context: ssl.SSLContext) -> bytes:
    """Shake hands and return the certificate that was presented, in DER; the caller bounds the time.

    Raises:
        ssl.SSLError: the context verifies, and the certificate is not accepted; or there is no handshake.
        OSError, EOFError: no connection, or it ended.
    """
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        session = context.wrap_bio(incoming, outgoing, server_hostname=server.name)
    except (ValueError, TypeError):  # an empty or too long label, a null byte
        raise OSError(errno.EINVAL, "the box's public name is none that a client can ask for") from None
    async with connected(dial, server.host, server.port) as (reader, writer):
        await _shake(session, incoming, outgoing, reader, writer)
    return session.getpeercert(binary_form=True) or b""


async def _shake(
    session: ssl.SSLObject, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, reader: ByteReader, writer: ByteWriter
) -> None:
    received = 0
    while True:
        try:
            session.do_handshake()
        except ssl.SSLWantReadError:
            await _send(outgoing, writer)
            data = await reader.read(_CHUNK)
            received += len(data)
            if not data or received > MOST_IN_HANDSHAKE:
                raise EOFError("the connection ended in the handshake" if not data else "floods") from None
            incoming.write(data)
        else:
            return await _send(outgoing, writer)


async def _send(outgoing: ssl.MemoryBIO, writer: ByteWriter) -> None:
    if data := outgoing.read():
        writer.write(data)
        await writer.drain()


def _presented(der: bytes, untrusted: str | None = None) -> Handshake:
    return Handshake(fingerprint=hashlib.sha256(der).hexdigest(), holder=_holder(der), untrusted=untrusted)


def _holder(der: bytes) -> Holder | None:
    try:
        leaf = x509.load_der_x509_certificate(der)
        return Holder(subject=leaf.subject.rfc4514_string(), issuer=leaf.issuer.rfc4514_string())
    except UNDECODABLE:
        return None
