"""The pair as nginx reads it: OpenSSL itself is asked, so that nothing is taken here that a real box refuses."""

from __future__ import annotations

import ssl
from contextlib import suppress
from functools import lru_cache

from reconciler.box.pair.openssl import in_memory

_NO_KEY = "/dev/null/key"
_MISMATCH = frozenset({"KEY_VALUES_MISMATCH", "NO_CERTIFICATE_ASSIGNED"})
_FLIGHTS = 4


@lru_cache(maxsize=4096)
def check_pair(certificate: bytes, key: bytes, certificate_path: str, key_path: str) -> bytes | str:
    """Return the leaf in DER, or what nginx says; thousands of boxes share few pairs, hence the cache."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with in_memory(certificate) as certificate_file, in_memory(key) as key_file:
        try:
            context.load_cert_chain(certificate_file, _NO_KEY, _ask)
        except (ssl.SSLError, EOFError) as error:
            if getattr(error, "library", None) == "SSL" and getattr(error, "reason", None):
                return f'SSL_CTX_use_certificate("{certificate_path}") failed ({_reason(error)})'
            return f'cannot load certificate "{certificate_path}": PEM_read_bio_X509_AUX() failed ({_reason(error)})'
        except OSError:  # of the key, which is read after the certificate
            pass
        try:
            context.load_cert_chain(certificate_file, key_file, _ask)
        except (ssl.SSLError, EOFError) as error:
            if getattr(error, "reason", None) in _MISMATCH:
                return f'SSL_CTX_use_PrivateKey("{key_path}") failed ({_reason(error)})'
            return f'cannot load certificate key "{key_path}": PEM_read_bio_PrivateKey() failed ({_reason(error)})'
    return _presented(context)


def _presented(context: ssl.SSLContext) -> bytes:
    """Return the leaf that a client is shown. A pair with which no handshake comes about shows none."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    anyone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
    client = anyone.wrap_bio(to_client, to_server)
    server = context.wrap_bio(to_server, to_client, server_side=True)
    with suppress(ssl.SSLError):
        for _ in range(_FLIGHTS):
            for side in (client, server):
                with suppress(ssl.SSLWantReadError):
                    side.do_handshake()
    try:
        return client.getpeercert(binary_form=True) or b""
    except ValueError:  # the handshake is not done
        return b""


def _ask() -> str:
    """Stand for the terminal that nginx as a service has not."""
    raise EOFError


def _reason(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "SSL: error:07880109:common libcrypto routines::interrupted or cancelled"
    reason = getattr(error, "reason", None)
    said = reason.lower().replace("_", " ") if isinstance(reason, str) else "no start line"
    return "SSL: error:0480006C:PEM routines::no start line" if said == "no start line" else f"SSL: error::{said}"
