"""A pair tried on a client: a TLS handshake in memory, as nginx and a till would do it."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from contextlib import suppress
from itertools import pairwise
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ...machine.leaf import dates
from ...machine.reason import Unable
from ...model.certificate_name import client_name
from ...model.observed import ChainState, Pair
from ...model.reveal import reveal
from ...model.statement import Statement, say, told
from ...net.certificate import UNDECODABLE
from .digest_cache import DigestCache
from .openssl import in_memory, server_context
from .parse import PemPair, describe_above

_NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL: dates are judged elsewhere, by a better clock than the box's may be."""
_ISSUER_MISSING = frozenset({2, 20, 21})
_ISSUER_UNKNOWN = _ISSUER_MISSING | {18, 19, 27}
"""Clients that trust another authority, or have what is missing, may still take it; in all else clients agree."""
_LONGEST_KEY = 16384
"""Bits of an RSA key, OPENSSL_RSA_MAX_MODULUS_BITS: clients refuse a longer one, after the server has worked on it for
half a minute and more."""
_MOST_LEFT_OUT = 4
"""Certificates of a chain that are tried without; a chain has two or three, a made-up one hundreds."""
_NO_NAME: Final = say("name_for_nobody")
_MAX_FLIGHTS = 10
"""TLS 1.2 needs four."""

Trial = tuple[ChainState, Statement | None]
"""The state of the chain and, unless it is fine, OpenSSL's reason."""
_TRIALS: DigestCache[Trial] = DigestCache()
"""No clock has a say, so the outcome follows from the contents: both copies of a pair, and the looks before and after
a repair, need one trial. Reading the 144 roots of a real trust store alone takes a PC 50 ms, and a small box longer."""


def try_chain(pair: PemPair, roots: bytes, host: str) -> Pair:
    """Judge a pair as a client does that asks for this box by its public name; dates are told, not judged."""
    name = client_name(host, pair.leaf.name)
    chain, detail = try_on_client(pair, roots, name)
    narrowed_by = tuple(map(describe_above, narrowing(pair, roots, name)))
    return Pair(certificate=pair.leaf, chain=chain, chain_detail=detail, narrowed_by=narrowed_by)


def try_on_client(pair: PemPair, roots_pem: bytes, name: str) -> Trial:
    """Do a TLS handshake in memory with this pair, as nginx and a till would.

    Args:
        roots_pem: what the client trusts.
        name: the host name that the client asked for.
    """
    return _tried(pair, pair.certificate_pem, roots_pem, name)


def narrowing(pair: PemPair, roots_pem: bytes, name: str) -> tuple[x509.Certificate, ...]:
    """Return the certificates above the leaf without which it is not accepted for as long as it says itself.

    One that a client can do without, such as a root that has ended and stands in the file for clients of old, does not
    count. Authorities outlive what they issue, so that there is hardly ever something to try.
    """
    begins, ends = dates(pair.chain[0])
    narrow = [each for each in pair.chain[1:] if dates(each)[0] > begins or dates(each)[1] < ends]
    tried, others = narrow[:_MOST_LEFT_OUT], narrow[_MOST_LEFT_OUT:]
    return (*(each for each in tried if not _can_do_without(pair, each, roots_pem, name)), *others)


def _can_do_without(pair: PemPair, left_out: x509.Certificate, roots_pem: bytes, name: str) -> bool:
    rest = _as_pem(each for each in pair.chain if each is not left_out)
    state = _tried(pair, rest, roots_pem, name)[0]
    if state is ChainState.OK:
        return True
    # where the box knows no root that leads to the leaf, tills that do may need every link
    whole = _tried(pair, pair.certificate_pem, roots_pem, name)[0]
    return whole is not ChainState.OK and not any(each.issuer == left_out.subject for each in pair.chain)


def _tried(pair: PemPair, certificate_pem: bytes, roots_pem: bytes, name: str) -> Trial:
    contents = (certificate_pem, _key_bytes(pair), roots_pem, name.encode("utf-8", "surrogatepass"))
    return _TRIALS.answer(contents, lambda: _try(pair, certificate_pem, roots_pem, name))


def _try(pair: PemPair, certificate_pem: bytes, roots_pem: bytes, name: str) -> Trial:
    if (refused := _refused_by_its_key(pair.chain[0])) is not None:
        return ChainState.REFUSED, refused
    server = server_context(certificate_pem, _key_bytes(pair))
    state, detail = _meet(server, _client(roots_pem), name, pair)
    if state in (ChainState.UNTRUSTED, ChainState.INCOMPLETE):
        # a client that trusts these very certificates has nothing left to mind but what every client minds
        alone, why = _meet(server, _client(_as_pem(pair.chain), partial=True), name, pair)
        return (alone, why) if alone is ChainState.REFUSED else (state, detail)
    return state, detail


def _meet(server: ssl.SSLContext, client: ssl.SSLContext, name: str, pair: PemPair) -> Trial:
    if not name.isprintable():  # OpenSSL would take it, and repeat it in what it says
        return ChainState.REFUSED, _NO_NAME
    try:
        _handshake(server, client, name)
    except ssl.SSLCertVerificationError as error:
        if error.verify_code not in _ISSUER_UNKNOWN:
            return ChainState.REFUSED, told(error.verify_message)
        linked = len(pair.chain) > 1 and _linked(pair.chain)
        lonely = error.verify_code in _ISSUER_MISSING and not linked
        return ChainState.INCOMPLETE if lonely else ChainState.UNTRUSTED, told(error.verify_message)
    except Unable as error:
        return ChainState.REFUSED, error.statement
    except ssl.SSLError as error:
        return ChainState.REFUSED, told(error.reason) if error.reason else say("handshake_failed")
    except (ValueError, TypeError):  # an empty or too long label, a null byte
        return ChainState.REFUSED, _NO_NAME
    return ChainState.OK, None


def _refused_by_its_key(leaf: x509.Certificate) -> Statement | None:
    try:
        bits = getattr(leaf.public_key(), "key_size", 0)
    except UNDECODABLE:
        return say("unknown_key_kind")
    return say("key_too_long", bits=_LONGEST_KEY) if bits > _LONGEST_KEY else None


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
    raise Unable(say("handshake_endless"))


def _key_bytes(pair: PemPair) -> bytes:
    return reveal(pair.key_pem).encode("latin-1")


def _client(roots_pem: bytes, *, partial: bool = False) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    if partial:
        context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    if roots_pem.strip():
        with in_memory(roots_pem) as roots:
            context.load_verify_locations(roots)
    return context


def _as_pem(chain: Iterable[x509.Certificate]) -> bytes:
    return b"".join(each.public_bytes(Encoding.PEM) for each in chain)


def _linked(chain: tuple[x509.Certificate, ...]) -> bool:
    return all(child.issuer == parent.subject for child, parent in pairwise(chain))
