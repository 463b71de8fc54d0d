"""What OpenSSL makes of a pair. nginx loads both files by the same functions: what is refused here ends nginx."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ...model.observed import PairProblem

_NO_KEY = "/dev/null/key"
"""Cannot exist. The certificate is read first, so that an error about this path says that the certificate was taken."""
_MISMATCH = frozenset({"KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED"})
"""The last one is said of a key of another kind, such as one of RSA beside a certificate for one on a curve."""


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """Why OpenSSL does not load a pair; `reason` is its own word for it, where there is one."""

    problem: PairProblem
    reason: str | None = None


class _AsksForPassword(Exception):
    """Raised in OpenSSL's question for a password, which it would put to a terminal."""


def certificate_refusal(certificate_pem: bytes) -> LoadFailure | None:
    """Return why OpenSSL does not load a file of certificates, whatever the key may be."""
    with in_memory(certificate_pem) as certificate:
        try:
            _context().load_cert_chain(certificate, _NO_KEY, _no_password)
        except (ssl.SSLError, _AsksForPassword) as error:
            return LoadFailure(PairProblem.CERTIFICATE_MALFORMED, _reason(error))
        except OSError:
            return None
    raise AssertionError("a key was read from a path that cannot exist")


def pair_refusal(certificate_pem: bytes, key_pem: bytes) -> LoadFailure | None:
    """Return why OpenSSL does not load a key beside a file of certificates that it takes."""
    try:
        server_context(certificate_pem, key_pem)
    except _AsksForPassword:
        return LoadFailure(PairProblem.KEY_ENCRYPTED)
    except ssl.SSLError as error:
        mismatch = error.reason in _MISMATCH
        return LoadFailure(PairProblem.KEY_MISMATCH if mismatch else PairProblem.KEY_MALFORMED, _reason(error))
    return None


def server_context(certificate_pem: bytes, key_pem: bytes) -> ssl.SSLContext:
    """Load a pair as a server does.

    Raises:
        ssl.SSLError: OpenSSL does not load it.
    """
    context = _context()
    # load_cert_chain takes paths only; a file in memory has one and leaves nothing behind
    with in_memory(certificate_pem) as certificate, in_memory(key_pem) as key:
        context.load_cert_chain(certificate, key, _no_password)
    return context


@contextmanager
def in_memory(content: bytes) -> Iterator[str]:
    """Give the content a path without a file; nothing is left behind however the process ends."""
    descriptor = os.memfd_create("iot-https")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        yield f"/proc/self/fd/{descriptor}"


def _context() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)


def _no_password() -> str:
    raise _AsksForPassword


def _reason(error: Exception) -> str | None:
    reason = getattr(error, "reason", None)
    return reason.lower().replace("_", " ") if isinstance(reason, str) else None
