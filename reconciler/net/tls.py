"""TLS contexts that do not depend on the environment, and handshakes within a time limit.

`ssl.create_default_context` obeys SSL_CERT_FILE, SSL_CERT_DIR and SSLKEYLOGFILE: what a box trusts, and who can read
its traffic, would depend on how somebody called `sudo`.
"""

from __future__ import annotations

import errno
import os
import socket
import ssl
from contextlib import ExitStack
from pathlib import Path

from ..machine.ownership import ForeignFile
from ..machine.posix.files import PosixFiles
from .secured import Secured
from .stream import Lookup, TimeLimit, connect

_LONGEST_STORE = 1 << 22
"""Bytes. The system's has 220 KiB."""
SYSTEM_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


def verifying_context(ca_file: str | None = None, bundle: str = SYSTEM_BUNDLE) -> ssl.SSLContext:
    """Return a client context that checks chain and host name.

    The strictness about extensions that Python 3.13 adds by default is left out: the private authorities of company
    proxies often lack them, and a box must not be judged by its version of Python.

    Args:
        ca_file: PEM authorities to trust besides the system's.
        bundle: the system's; where it is missing, the place that OpenSSL was built for.

    Raises:
        FileNotFoundError: `ca_file` is missing, or there is nothing to trust at all.
        ForeignFile: others than root may change `ca_file`, and with it whom the box trusts.
        ssl.SSLError: a file holds no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    found = _system_store(bundle)
    if found is None and ca_file is None:
        raise FileNotFoundError(errno.ENOENT, "The box has no trusted certificate authorities", bundle)
    if found is not None:
        _load(context, found)
    if ca_file is not None:
        if not PosixFiles().status(ca_file, follow=True).guarded:
            raise ForeignFile.open_place(ca_file)
        _load(context, ca_file)
    return context


def _system_store(bundle: str) -> str | None:
    built_in = ssl.get_default_verify_paths()
    candidates = (bundle, built_in.openssl_cafile, built_in.openssl_capath)
    return next((path for path in candidates if Path(path).exists()), None)


def _load(context: ssl.SSLContext, path: str) -> None:
    try:
        if Path(path).is_dir():
            context.load_verify_locations(capath=path)
        else:
            # read here: OpenSSL would wait for a pipe that somebody put there
            pem = PosixFiles().read(path, _LONGEST_STORE)
            context.load_verify_locations(cadata=pem.decode("ascii", "replace"))
    except (ssl.SSLError, ValueError):  # the latter where it is empty
        raise ssl.SSLError(f"{path} holds no readable PEM certificate") from None
    except ForeignFile:
        raise
    except OSError as error:
        number = error.errno or errno.EIO
        raise OSError(number, os.strerror(number), path) from None


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
