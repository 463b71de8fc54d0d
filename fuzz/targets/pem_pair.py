"""A certificate and its key: judged as OpenSSL judges them, read, described, tried on a client."""

from __future__ import annotations

import base64
from datetime import timedelta

from cryptography.hazmat.primitives.serialization import Encoding

from reconciler.box.pair.openssl import server_context
from reconciler.box.pair.parse import BadPair, describe, parse_chain, parse_pair
from reconciler.box.pair.trial import try_on_client
from reconciler.codes.writing.sentences import spoken
from reconciler.model.certificate_name import client_name
from reconciler.model.observed import ChainState, PairProblem
from reconciler.model.reveal import reveal
from tests.support.handshake import presented

from ..oracle import check_refusal, check_shown
from ..pairs import SEPARATOR, issued, rsa

_AS_DER = b"DER:"
"""In front of a certificate that is yet to be armoured, so that mutations reach what decodes it."""


def seeds() -> list[bytes]:
    """Pairs of every kind, and the ways in which files break."""
    good, other = issued("*.d73e7513.odoo-iot.com"), issued("*.other.example", valid=timedelta(days=-1))
    nameless = issued("")
    return [
        good.pem + SEPARATOR + good.key_pem,
        good.pem + other.pem + SEPARATOR + good.key_pem,
        rsa().pem + SEPARATOR + rsa().key_pem,
        nameless.pem + SEPARATOR + nameless.key_pem,
        good.pem + SEPARATOR + other.key_pem,
        good.pem[:200] + SEPARATOR + good.key_pem[:60],
        good.der + SEPARATOR + good.key_pem,
        *(_AS_DER + each.der + SEPARATOR + each.key_pem for each in (good, nameless, rsa())),
        b"-----BEGIN CERTIFICATE-----\n" * 40 + SEPARATOR + b"-----BEGIN PRIVATE KEY-----\n" * 40,
        SEPARATOR,
    ]


def one_input(data: bytes) -> None:
    """A pair is judged, or refused as `BadPair`."""
    certificate_pem, _, key_pem = data.partition(SEPARATOR)
    if certificate_pem.startswith(_AS_DER):
        certificate_pem = _armoured(certificate_pem.removeprefix(_AS_DER))
    try:
        describe(parse_chain(certificate_pem)[0])
        pair = parse_pair(certificate_pem, key_pem)
    except BadPair as refused:
        assert isinstance(refused.problem, PairProblem)
        check_refusal(str(spoken(refused.statement)))
        return
    assert reveal(pair.key_pem).encode("latin-1") == key_pem
    assert pair.leaf.not_before.tzinfo is not None
    shown = presented(server_context(certificate_pem, key_pem))
    assert shown in (b"", pair.chain[0].public_bytes(Encoding.DER)), "nginx presents another leaf than was judged"
    state, why = try_on_client(pair, certificate_pem, client_name("10-0-0-1", pair.leaf.name))
    assert isinstance(state, ChainState)
    check_shown(str(spoken(why)))


def _armoured(der: bytes) -> bytes:
    return b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der) + b"-----END CERTIFICATE-----\n"
