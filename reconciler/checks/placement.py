"""Is the good pair everywhere it has to be: named in the store, on the disk, in nginx, in reach of the box itself?"""

# ruff: noqa: ARG001 - all checks take the same three arguments, whether or not they need them

from __future__ import annotations

from datetime import datetime
from typing import Final

from ..codes import CodeName
from ..codes.wording import dated
from ..codes.words import PAIR_PROBLEM
from ..model.desired import Desired
from ..model.observed import Observed, Pair
from ..results.finding import Finding, finding
from .link import store_known
from .unknown import unseen
from .validity import real, valid

_SHOWN: Final = 16
"""Hexadecimal digits of a fingerprint that tell two certificates apart."""


def check_subject(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """The stored subject, from which the box's address is made, is the certificate's name."""
    leaf = real(observed.certificates.live)
    if leaf is None or not store_known(observed) or unseen(observed, "store.subject"):
        return None
    name, stored = leaf.name, observed.store.subject
    if name is None or stored == name:
        return None
    return finding(CodeName.SUBJECT_MISMATCH, f"the box stores {stored or 'no subject'}, its certificate is for {name}")


def check_persisted(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """The pair from which the box starts is the one in use."""
    live, mirror = observed.certificates.live, observed.certificates.mirror
    if mirror is None or unseen(observed, "certificates.mirror") or unseen(observed, "certificates.live"):
        return None
    if mirror.problem is None and (_unread(live) or _unread(mirror) or mirror.digest == live.digest):
        return None
    return finding(CodeName.NOT_PERSISTED, f"the next restart of the box brings back {_pair(mirror, now)}")


def check_served(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """What nginx presents is what is installed. A dead nginx, and one told to serve another, have own codes."""
    certificates = observed.certificates
    if observed.nginx.running is False or unseen(observed, "certificates.served") or observed.nginx.served_instead:
        return None
    if certificates.serve_error is not None:
        return finding(CodeName.NOT_SERVED, f"no handshake on port {desired.https_port}: {certificates.serve_error}")
    leaf = valid(certificates.live, now)
    if leaf is None or certificates.served is None or certificates.served == leaf.fingerprint:
        return None
    evidence = f"nginx presents {certificates.served[:_SHOWN]}, installed is {leaf.fingerprint[:_SHOWN]}"
    return finding(CodeName.NOT_SERVED, f"{evidence} (SHA-256)")


def check_renewable(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """The user that runs Odoo may write all that a renewal writes."""
    reasons = observed.certificates.not_renewable
    if not reasons:
        return None
    others = f", and {len(reasons) - 1} more" if len(reasons) > 1 else ""
    return finding(CodeName.NOT_RENEWABLE, f"{reasons[0]}{others}")


def check_key_private(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """Nobody else reads the private key. That of the image's temporary certificate is public anyway."""
    keys = observed.certificates.exposed_keys
    if not keys or not _holds_secret(observed):
        return None
    return finding(CodeName.KEY_EXPOSED, f"readable by every user: {', '.join(keys)}")


def _holds_secret(observed: Observed) -> bool:
    pairs = (observed.certificates.live, observed.certificates.mirror)
    return any(pair is not None and (leaf := pair.certificate) is not None and not leaf.temporary for pair in pairs)


def _unread(pair: Pair) -> bool:
    return pair.problem is None and pair.digest is None


def _pair(pair: Pair, now: datetime) -> str:
    leaf = pair.certificate
    if pair.problem is not None or leaf is None:
        return f"a pair that nginx cannot load ({PAIR_PROBLEM[pair.problem] if pair.problem else 'not read'})"
    if leaf.temporary:
        return "the temporary certificate of the image"
    verb = "ends" if leaf.not_after > now else "ended"
    return f"{leaf.name or 'a certificate'}, which {verb} {dated(leaf.not_after, now)}"
