"""Certificates and keys in both trees, and what nginx presents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ..certificate_name import certificate_name
from ..statement import Statement


class PairProblem(StrEnum):
    """Why a certificate and its key cannot be used, the first reason found."""

    CERTIFICATE_MISSING = "certificate_missing"
    CERTIFICATE_UNREADABLE = "certificate_unreadable"
    CERTIFICATE_MALFORMED = "certificate_malformed"
    KEY_MISSING = "key_missing"
    KEY_UNREADABLE = "key_unreadable"
    KEY_MALFORMED = "key_malformed"
    KEY_ENCRYPTED = "key_encrypted"
    KEY_MISMATCH = "key_mismatch"


class ChainState(StrEnum):
    """What a client that trusts what the box trusts makes of the chain; one that is refused, no client takes."""

    OK = "ok"
    INCOMPLETE = "incomplete"
    UNTRUSTED = "untrusted"
    REFUSED = "refused"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The leaf of a pair. Times are UTC. `fingerprint` is SHA-256 of the DER, lower-case hex.

    `name` is what the certificate is for; the common name is what the vendor's older branches read.
    """

    subject_cn: str | None
    issuer: str
    names: tuple[str, ...]
    serial_number: str
    not_before: datetime
    not_after: datetime
    fingerprint: str
    temporary: bool = False

    @property
    def name(self) -> str | None:
        """The name that the box must store, and from which its public name is made."""
        return certificate_name(self.names, self.subject_cn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intermediate:
    """A certificate of the chain that narrows the time in which the leaf is accepted. Times are UTC."""

    subject: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A certificate and its key as two files of one tree, live or mirror.

    Args:
        narrowed_by: intermediates that clients need and that begin after the leaf or end before it.
        digest: SHA-256 over both files' contents, for telling two trees apart; `None` if either is unreadable.
        generation: name of the generation behind the links, `None` for plain files.
    """

    certificate: Certificate | None = None
    problem: PairProblem | None = None
    detail: Statement | None = None
    chain: ChainState = ChainState.NOT_CHECKED
    chain_detail: Statement | None = None
    narrowed_by: tuple[Intermediate, ...] = ()
    digest: str | None = None
    generation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """Both trees, what nginx serves, and whether the box can go on renewing by itself.

    Args:
        unreadable: why the service user cannot read the live certificate, which root can.
        not_renewable: what the service user cannot write or pass through (path and reason), empty when fine.
        exposed_keys: key files that others than their owner and root can read.
        served: SHA-256 fingerprint of what a handshake on the HTTPS port returned.
        serve_error: why the handshake failed.
    """

    live: Pair
    mirror: Pair | None = None
    unreadable: Statement | None = None
    not_renewable: tuple[Statement, ...] = ()
    exposed_keys: tuple[str, ...] = ()
    served: str | None = None
    serve_error: Statement | None = None
