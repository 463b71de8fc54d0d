"""Is the good pair everywhere it has to be: named in the store, on the disk, in nginx, in reach of the box itself?"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ..codes import CodeName
from ..codes.wording import dated
from ..codes.words import PAIR_PROBLEM
from ..model.observed import Observed, Pair
from ..results.finding import Finding, finding
from .case import Case
from .link import store_known
from .unknown import unseen
from .validity import real, valid

_SHOWN: Final = 16
"""Hexadecimal digits of a fingerprint that tell two certificates apart."""


def check_subject(case: Case) -> Finding | None:
    """The stored subject, from which the box's address is made, is the certificate's name."""
    leaf = real(case.observed.certificates.live)
    if leaf is None or not store_known(case.observed) or unseen(case.observed, "store.subject"):
        return None
    name, stored = leaf.name, case.observed.store.subject
    if name is None or stored == name:
        return None
    return finding(CodeName.SUBJECT_MISMATCH, f"the box stores {stored or 'no subject'}, its certificate is for {name}")


def check_persisted(case: Case) -> Finding | None:
    """The pair from which the box starts is the one in use."""
    live, mirror = case.observed.certificates.live, case.observed.certificates.mirror
    if mirror is None or unseen(case.observed, "certificates.mirror") or unseen(case.observed, "certificates.live"):
        return None
    if mirror.problem is None and (_unread(live) or _unread(mirror) or mirror.digest == live.digest):
        return None
    return finding(CodeName.NOT_PERSISTED, f"the next restart of the box brings back {_pair(mirror, case.now)}")


def check_served(case: Case) -> Finding | None:
    """What nginx presents is what is installed. A dead nginx, and one told to serve another, have own codes."""
    certificates = case.observed.certificates
    if (
        case.observed.nginx.running is False
        or unseen(case.observed, "certificates.served")
        or case.observed.nginx.served_instead
    ):
        return None
    if certificates.serve_error is not None:
        return finding(
            CodeName.NOT_SERVED, f"no handshake on port {case.desired.https_port}: {certificates.serve_error}"
        )
    leaf = valid(certificates.live, case.now)
    if leaf is None or certificates.served is None or certificates.served == leaf.fingerprint:
        return None
    evidence = f"nginx presents {certificates.served[:_SHOWN]}, installed is {leaf.fingerprint[:_SHOWN]}"
    return finding(CodeName.NOT_SERVED, f"{evidence} (SHA-256)")


def check_renewable(case: Case) -> Finding | None:
    """The user that runs Odoo may write all that a renewal writes."""
    reasons = case.observed.certificates.not_renewable
    if not reasons:
        return None
    others = f", and {len(reasons) - 1} more" if len(reasons) > 1 else ""
    return finding(CodeName.NOT_RENEWABLE, f"{reasons[0]}{others}")


def check_key_private(case: Case) -> Finding | None:
    """Nobody else reads the private key. That of the image's temporary certificate is public anyway."""
    keys = case.observed.certificates.exposed_keys
    if not keys or not _holds_secret(case.observed):
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
