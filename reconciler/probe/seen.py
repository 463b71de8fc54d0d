"""What was seen from outside, as values that are not judged yet."""

from __future__ import annotations

from dataclasses import dataclass

from ..model.inquiry import Holder
from ..model.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """One TLS handshake.

    Args:
        fingerprint: SHA-256 of the leaf that was presented, lower-case hex; `None` without a handshake.
        holder: whom that leaf names, `None` where it cannot be decoded.
        error: why there was no connection or handshake.
        untrusted: why the leaf is not accepted under the box's name, `None` when it is.
    """

    fingerprint: str | None = None
    holder: Holder | None = None
    error: str | None = None
    untrusted: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One look.

    Args:
        name: by which clients ask for the box.
        hello: why the homepage does not answer, `None` when it does.
        hello_by_another: somebody else answered in its place.
        own_dns_fails: no public name leads anywhere either, so that the observer's own DNS is to blame.
        addresses: what the name leads to, empty when it leads nowhere, `None` when that was not asked.
    """

    name: str
    handshake: Handshake
    hello: Statement | None = None
    hello_by_another: bool = False
    own_dns_fails: bool = False
    addresses: tuple[str, ...] | None = None
