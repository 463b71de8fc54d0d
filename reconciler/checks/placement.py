"""Is the good pair everywhere it has to be: named in the store, on the disk, in nginx, in reach of the box itself?"""

from __future__ import annotations

from datetime import datetime

from ..codes import CodeName
from ..codes.writing.wording import moment
from ..model.observed import Observed, Pair
from ..model.part import Part
from ..model.statement import Statement, say
from ..results.finding import Finding, finding
from .case import Case
from .link import store_known
from .unknown import unseen
from .validity import real, valid


def check_subject(case: Case) -> Finding | None:
    """The stored subject, from which the box's address is made, is the certificate's name."""
    leaf = real(case.observed.certificates.live)
    if leaf is None or not store_known(case.observed) or unseen(case.observed, Part.STORE_SUBJECT):
        return None
    name, stored = leaf.name, case.observed.store.subject
    if name is None or stored == name:
        return None
    return finding(CodeName.SUBJECT_MISMATCH, say("stores", stored=stored, name=name))


def check_persisted(case: Case) -> Finding | None:
    """The pair from which the box starts is the one in use."""
    live, mirror = case.observed.certificates.live, case.observed.certificates.mirror
    if (
        mirror is None
        or unseen(case.observed, Part.CERTIFICATES_MIRROR)
        or unseen(case.observed, Part.CERTIFICATES_LIVE)
    ):
        return None
    if mirror.problem is None and (_unread(live) or _unread(mirror) or mirror.digest == live.digest):
        return None
    return finding(CodeName.NOT_PERSISTED, _brought_back(mirror, case.now))


def check_served(case: Case) -> Finding | None:
    """What nginx presents is what is installed. A dead nginx, and one told to serve another, have own codes."""
    certificates = case.observed.certificates
    if (
        case.observed.nginx.running is False
        or unseen(case.observed, Part.CERTIFICATES_SERVED)
        or case.observed.nginx.served_instead
    ):
        return None
    if certificates.serve_error is not None:
        seen = say("no_handshake", port=case.desired.https_port, reason=certificates.serve_error)
        return finding(CodeName.NOT_SERVED, seen)
    leaf = valid(certificates.live, case.now)
    if leaf is None or certificates.served is None or certificates.served == leaf.fingerprint:
        return None
    return finding(CodeName.NOT_SERVED, say("another", served=certificates.served, installed=leaf.fingerprint))


def check_renewable(case: Case) -> Finding | None:
    """The user that runs Odoo may write all that a renewal writes."""
    reasons = case.observed.certificates.not_renewable
    if not reasons:
        return None
    others = (say("and_others", others=len(reasons) - 1),) if reasons[1:] else ()
    return finding(CodeName.NOT_RENEWABLE, reasons[0], *others)


def check_key_private(case: Case) -> Finding | None:
    """Nobody else reads the private key. That of the image's temporary certificate is public anyway."""
    keys = case.observed.certificates.exposed_keys
    if not keys or not _holds_secret(case.observed):
        return None
    return finding(CodeName.KEY_EXPOSED, say("paths", paths=keys))


def _holds_secret(observed: Observed) -> bool:
    pairs = (observed.certificates.live, observed.certificates.mirror)
    return any(pair is not None and (leaf := pair.certificate) is not None and not leaf.temporary for pair in pairs)


def _unread(pair: Pair) -> bool:
    return pair.problem is None and pair.digest is None


def _brought_back(pair: Pair, now: datetime) -> Statement:
    leaf = pair.certificate
    if pair.problem is not None or leaf is None:
        return say("broken", problem=pair.problem)
    if leaf.temporary:
        return say("temporary")
    left = (leaf.not_after - now).total_seconds()
    return say("valid" if left > 0 else "ended", name=leaf.name, ends=moment(leaf.not_after), left=left)
