"""A pair tried on a client: a TLS handshake in memory, as nginx and a till would do it."""

from __future__ import annotations

import ssl
from contextlib import suppress
from itertools import pairwise

from cryptography import x509

from ..model.observed import ChainState
from ..model.reveal import reveal
from .known import Known
from .openssl import in_memory, server_context
from .pairs import UNDECODABLE, PemPair

_NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL: dates are judged elsewhere, by a better clock than the box's may be."""
_ISSUER_ERRORS = frozenset({2, 20, 21})
_LONGEST_KEY = 16384
"""Bits of an RSA key, OPENSSL_RSA_MAX_MODULUS_BITS: clients refuse a longer one, after the server has worked on it for
half a minute and more."""
_MAX_FLIGHTS = 10
"""TLS 1.2 needs four."""

Trial = tuple[ChainState, str | None]
"""The state of the chain and, unless it is fine, OpenSSL's reason."""
_TRIALS: Known[Trial] = Known()
"""No clock has a say, so the outcome follows from the contents: both copies of a pair, and the looks before and after
a repair, need one trial. Reading the 144 roots of a real trust store alone takes a PC 50 ms, and a small box longer."""


def try_on_client(pair: PemPair, roots_pem: bytes, name: str) -> Trial:
    """Do a TLS handshake in memory with this pair, as nginx and a till would.

    Args:
        roots_pem: what the client trusts.
        name: the host name that the client asked for.
    """
    contents = (pair.certificate_pem, _key_bytes(pair), roots_pem, name.encode("utf-8", "surrogatepass"))
    return _TRIALS.answer(contents, lambda: _try(pair, roots_pem, name))


def _try(pair: PemPair, roots_pem: bytes, name: str) -> Trial:
    if (refused := _refused_by_its_key(pair.chain[0])) is not None:
        return ChainState.UNTRUSTED, refused
    try:
        _handshake(server_context(pair.certificate_pem, _key_bytes(pair)), _client(roots_pem), name)
    except ssl.SSLCertVerificationError as error:
        linked = len(pair.chain) > 1 and _linked(pair.chain)
        lonely = error.verify_code in _ISSUER_ERRORS and not linked
        return ChainState.INCOMPLETE if lonely else ChainState.UNTRUSTED, error.verify_message
    except ssl.SSLError as error:
        return ChainState.UNTRUSTED, error.reason or "the handshake failed"
    except (ValueError, TypeError):  # an empty or too long label, a null byte
        return ChainState.UNTRUSTED, "the certificate's name is none that a client can ask for"
    return ChainState.OK, None


def _refused_by_its_key(leaf: x509.Certificate) -> str | None:
    try:
        bits = getattr(leaf.public_key(), "key_size", 0)
    except UNDECODABLE:
        return "its key is of a kind that is not known"
    return f"its key is longer than {_LONGEST_KEY} bits" if bits > _LONGEST_KEY else None


def _handshake(server_context: ssl.SSLContext, client_context: ssl.SSLContext, name: str) -> None:
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(to_client, to_server, server_hostname=name)
    server = server_context.wrap_bio(to_server, to_client, server_side=True)
    waiting = [client, server]
    for _ in range(_MAX_FLIGHTS):
        for side in tuple(waiting):
            with suppress(ssl.SSLWantReadError):
                side.do_handshake()
                waiting.remove(side)
        if not waiting:
            return
    raise ssl.SSLError("the handshake did not come to an end")


def _key_bytes(pair: PemPair) -> bytes:
    return reveal(pair.key_pem).encode("latin-1")


def _client(roots_pem: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    if roots_pem.strip():
        with in_memory(roots_pem) as roots:
            context.load_verify_locations(roots)
    return context


def _linked(chain: tuple[x509.Certificate, ...]) -> bool:
    return all(child.issuer == parent.subject for child, parent in pairwise(chain))
