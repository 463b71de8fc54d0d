"""TLS contexts that do not depend on the environment, and handshakes within a time limit.

`ssl.create_default_context` obeys SSL_CERT_FILE, SSL_CERT_DIR and SSLKEYLOGFILE: what a box trusts, and who can read
its traffic, would depend on how somebody called `sudo`.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Callable
from contextlib import ExitStack

from .secured import Secured
from .stream import Lookup, TimeLimit, connect

Trust = Callable[[str | None], ssl.SSLContext]
"""Makes a context that verifies servers. Its argument is a PEM file of authorities to trust besides the usual ones."""


def verifying_context() -> ssl.SSLContext:
    """Return a client context that checks chain and host name, and trusts nobody yet.

    The strictness about extensions that Python 3.13 adds by default is left out: the private authorities of company
    proxies often lack them, and a box must not be judged by its version of Python.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


def trusted_here() -> ssl.SSLContext:
    """Return whom this machine trusts, `SSL_CERT_FILE` included: for the control machine, which the user has set up."""
    return without_finite_fields(ssl.create_default_context())


def without_finite_fields(context: ssl.SSLContext) -> ssl.SSLContext:
    """Return a context that offers no key exchange over a finite field, as no browser does.

    There the server chooses the numbers. Those of ten thousand bits take half a second, and the other boxes wait.
    """
    names = (str(each["name"]) for each in context.get_ciphers())
    context.set_ciphers(":".join(name for name in names if not name.startswith(("DHE-", "ADH-"))))
    return context


def reading_context() -> ssl.SSLContext:
    """Return a client context that accepts every certificate, for reading it and nothing else.

    The caller compares what is served with the file that should be: an expired, self-signed or misnamed certificate
    is exactly what it wants to see. Nothing may be sent over such a connection. Level 0 lets in the short keys and
    old signatures that a proper client would refuse, since a handshake that fails shows nothing.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


def shake_hands(connection: socket.socket, context: ssl.SSLContext, name: str | None, limit: TimeLimit) -> Secured:
    """Turn a connection into TLS. Closes it on failure.

    Raises:
        ssl.SSLCertVerificationError: the context verifies, and the certificate is not one of `name`.
        TimeoutError, OSError: no handshake.
    """
    with ExitStack() as on_failure:
        on_failure.callback(connection.close)
        secured = _secured(connection, context, name, limit)
        try:
            secured.shake_hands()
        except TimeoutError:
            raise TimeoutError(errno.ETIMEDOUT, f"no TLS handshake within {limit.seconds:g} s") from None
        on_failure.pop_all()
    return secured


def _secured(connection: socket.socket, context: ssl.SSLContext, name: str | None, limit: TimeLimit) -> Secured:
    try:
        return Secured(connection, context, name, limit)
    except (ValueError, TypeError):  # TypeError: a null byte
        raise OSError(errno.EINVAL, "Not a valid host name for TLS") from None


def read_certificate(address: str, port: int, name: str, limit: TimeLimit, lookup: Lookup) -> bytes:
    """Return the DER certificate that is served for `name`, unverified."""
    with shake_hands(connect(address, port, limit, lookup), reading_context(), name or None, limit) as secured:
        certificate = secured.certificate
    if certificate is None:
        raise OSError(errno.EPROTO, f"{address} port {port} shows no certificate")
    return certificate
