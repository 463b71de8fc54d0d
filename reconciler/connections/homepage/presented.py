"""What a box presents on its HTTPS port, and what a till makes of it: two handshakes, over which nothing is sent."""

from __future__ import annotations

import hashlib
import ssl
from dataclasses import dataclass
from typing import Final

from cryptography import x509

from ...machine.leaf import described
from ...machine.reason import reason
from ...model.certificate_name import client_name
from ...model.observed import Certificate, ChainState
from ...model.statement import Statement, say, told
from ...net.certificate import UNDECODABLE
from ...net.stream import Lookup, TimeLimit, connect, system_lookup
from ...net.tls import read_certificate, shake_hands, trusted_here

_SECONDS: Final = 10.0
_NO_CHECK_TIME: Final = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL: dates are judged by checks, which know of wrong clocks."""
_ISSUER_UNKNOWN: Final = frozenset({2, 18, 19, 20, 21, 27})
"""Clients that trust another authority may still take it; in all else clients agree."""
_WILDCARD: Final = "*."


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpsShown:
    """What came of it.

    Args:
        fingerprint: SHA-256 of what was presented, in lower-case hex; `None` where no handshake came about.
        leaf: `None` where it cannot be decoded.
        error: why there was no handshake, or why the leaf cannot be decoded.
    """

    fingerprint: str | None = None
    leaf: Certificate | None = None
    chain: ChainState = ChainState.NOT_CHECKED
    chain_detail: Statement | None = None
    error: Statement | None = None

    @property
    def name(self) -> str | None:
        """For what the certificate is."""
        return None if self.leaf is None else self.leaf.name

    @property
    def is_proof(self) -> bool:
        """Whether it shows a certificate of the vendor's kind that this machine trusts for the box's own name."""
        leaf = self.leaf
        is_real = leaf is not None and not leaf.temporary and (self.name or "").startswith(_WILDCARD)
        return is_real and self.chain is ChainState.OK


def trust() -> ssl.SSLContext:
    """Return whom this machine trusts; dates are judged elsewhere."""
    context = trusted_here()
    context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    return context


def presented(
    address: str, port: int, host: str, trusted: ssl.SSLContext, *, lookup: Lookup = system_lookup
) -> HttpsShown:
    """Shake hands as somebody who only reads, then as a till that asks for the box by its name.

    Args:
        host: first label of that name, the dashed address.
    """
    limit = TimeLimit(_SECONDS)
    try:
        der = read_certificate(address, port, "", limit, lookup)
    except OSError as error:
        return HttpsShown(error=reason(error))
    fingerprint = hashlib.sha256(der).hexdigest()
    try:
        leaf = described(x509.load_der_x509_certificate(der))
    except UNDECODABLE:
        return HttpsShown(fingerprint=fingerprint, error=say("undecodable_certificate"))
    if leaf.temporary:
        return HttpsShown(fingerprint=fingerprint, leaf=leaf)
    try:
        with shake_hands(connect(address, port, limit, lookup), trusted, client_name(host, leaf.name), limit) as again:
            is_same = again.certificate == der
    except ssl.SSLCertVerificationError as error:
        state = ChainState.UNTRUSTED if error.verify_code in _ISSUER_UNKNOWN else ChainState.REFUSED
        return HttpsShown(fingerprint=fingerprint, leaf=leaf, chain=state, chain_detail=told(error.verify_message))
    except OSError as error:
        return HttpsShown(fingerprint=fingerprint, leaf=leaf, chain_detail=reason(error))
    return HttpsShown(fingerprint=fingerprint, leaf=leaf, chain=ChainState.OK if is_same else ChainState.NOT_CHECKED)
