"""Rows about the certificate: as files, as a document, and in its places."""

from __future__ import annotations

from datetime import timedelta

from reconciler.checks import certificate, placement
from reconciler.codes import CodeName
from reconciler.codes.writing.words import PAIR_PROBLEM
from reconciler.model.observed import ChainState, Intermediate, NamedCertificate, Pair, PairProblem
from reconciler.model.severity import FindingClass
from reconciler.model.statement import Statement, say, told

from ..support.observed import NOW, SUBJECT, pair, temporary
from ..support.observed import certificate as leaf
from .case import Case

LIVE, MIRROR = "certificates.live", "certificates.mirror"
TEMPORARY = pair(temporary(), chain=ChainState.NOT_CHECKED)
BROKEN = Pair(problem=PairProblem.KEY_MISMATCH, detail=say("keys_differ"), digest="broken")
MISSING = Pair(problem=PairProblem.CERTIFICATE_MISSING)
HOUR = timedelta(hours=1)
WITHOUT_CN = leaf(NOW, names=("d73e7513.odoo-iot.com", SUBJECT), subject_cn=None)


def written(path: str) -> Statement:
    """Return what is said of a file that the box's user cannot write."""
    return say("cannot_write", user="pi", path=path, mode="0644", owner=0)


def ending(days: float) -> Pair:
    """Return a real pair with so many days left."""
    return pair(leaf(NOW, days))


def above(begins: float, ends: float) -> Intermediate:
    """Return an intermediate that is valid between two moments, in days from now."""
    return Intermediate(subject="CN=R3", not_before=NOW + timedelta(days=begins), not_after=NOW + timedelta(days=ends))


_PROBLEMS = tuple(
    Case(
        PAIR_PROBLEM[problem],
        certificate.check_pair,
        code,
        {LIVE: Pair(problem=problem, detail=told("why it is so"))},
        repairable=True,
        evidence="why it is so",
    )
    for problem, code in (
        (PairProblem.CERTIFICATE_MISSING, CodeName.CERTIFICATE_MISSING),
        (PairProblem.CERTIFICATE_UNREADABLE, CodeName.CHECK_CERT_READ_EXCEPTION),
        (PairProblem.CERTIFICATE_MALFORMED, CodeName.CERTIFICATE_MALFORMED),
        (PairProblem.KEY_MISSING, CodeName.KEY_MISSING),
        (PairProblem.KEY_UNREADABLE, CodeName.KEY_UNREADABLE),
        (PairProblem.KEY_MALFORMED, CodeName.KEY_MALFORMED),
        (PairProblem.KEY_ENCRYPTED, CodeName.KEY_ENCRYPTED),
        (PairProblem.KEY_MISMATCH, CodeName.KEY_MISMATCH),
    )
)

_DOCUMENT = (
    Case(
        "read by root only",
        certificate.check_pair,
        CodeName.CHECK_CERT_READ_EXCEPTION,
        {"certificates.unreadable": say("cannot_read", user="pi", path="/a", mode="0600", owner=0)},
        repairable=True,
        evidence="pi cannot read /a (mode 0600, owner id 0)",
    ),
    Case(
        "broken, and read by root only",
        certificate.check_pair,
        CodeName.KEY_MISMATCH,
        {LIVE: BROKEN, "certificates.unreadable": say("cannot_read", user="pi", path="/a", mode="0600", owner=0)},
    ),
    Case("temporary", certificate.check_temporary, CodeName.TEMPORARY_CERTIFICATE, {LIVE: TEMPORARY}, repairable=True),
    Case("broken is not temporary", certificate.check_temporary, None, {LIVE: BROKEN}),
    Case(
        "expired a second ago",
        certificate.check_dates,
        CodeName.EXPIRED,
        {LIVE: ending(-1 / 86400)},
        kind=FindingClass.RENEWAL_DUE,
        evidence=f"{SUBJECT} ended 2026-03-02T11:59:59Z (1 second ago)",
    ),
    Case(
        "intermediate ended",
        certificate.check_dates,
        CodeName.EXPIRED,
        {f"{LIVE}.narrowed_by": (above(-400, -2),)},
        repairable=True,
        evidence=f"the intermediate certificate CN=R3 above {SUBJECT} ended 2026-02-28T12:00:00Z (2 days ago)",
    ),
    Case(
        "intermediate begins",
        certificate.check_dates,
        CodeName.NOT_YET_VALID,
        {f"{LIVE}.narrowed_by": (above(1, 400),)},
        evidence="the intermediate certificate CN=R3",
    ),
    Case(
        "intermediate ends soon",
        certificate.check_dates,
        CodeName.RENEWAL_DUE,
        {f"{LIVE}.narrowed_by": (above(-400, 20), above(-400, 7))},
        evidence="the intermediate certificate CN=R3",
    ),
    Case("intermediate ends later", certificate.check_dates, None, {f"{LIVE}.narrowed_by": (above(-400, 20),)}),
    Case(
        "no client takes it",
        certificate.check_accepted,
        CodeName.CERTIFICATE_REFUSED,
        {f"{LIVE}.chain": ChainState.REFUSED, f"{LIVE}.chain_detail": "unsuitable certificate purpose"},
        kind=FindingClass.DRIFTED,
        repairable=True,
        evidence="unsuitable certificate purpose",
    ),
    Case("some clients take it", certificate.check_accepted, None, {f"{LIVE}.chain": ChainState.UNTRUSTED}),
    Case("ends at this moment", certificate.check_dates, CodeName.EXPIRED, {LIVE: ending(0)}),
    Case("begins at this moment", certificate.check_dates, None, {LIVE: ending(90)}),
    Case(
        "served old, ends at this moment", placement.check_served, None, {LIVE: ending(0), "certificates.served": "0"}
    ),
    Case(
        "served other, begins at this moment",
        placement.check_served,
        CodeName.NOT_SERVED,
        {LIVE: ending(90), "certificates.served": "0"},
    ),
    Case(
        "valid from tomorrow on",
        certificate.check_dates,
        CodeName.NOT_YET_VALID,
        {LIVE: ending(91)},
        evidence="2026-03-03T12:00:00Z (1 day left)",
    ),
    Case(
        "five days left",
        certificate.check_dates,
        CodeName.RENEWAL_OVERDUE,
        {LIVE: ending(5)},
        kind=FindingClass.RENEWAL_DUE,
        evidence="5 days left",
    ),
    Case("a little more than five", certificate.check_dates, CodeName.RENEWAL_DUE, {LIVE: ending(5.01)}),
    Case("eight days left", certificate.check_dates, CodeName.RENEWAL_DUE, {LIVE: ending(8)}, repairable=True),
    Case("a little more than eight", certificate.check_dates, None, {LIVE: ending(8.01)}),
    Case("due is a variable", certificate.check_dates, CodeName.RENEWAL_DUE, {}, {"renew_before_days": 60}),
    Case("temporary has no dates", certificate.check_dates, None, {LIVE: TEMPORARY}),
    Case("broken has no dates", certificate.check_dates, None, {LIVE: BROKEN}),
    Case(
        "leaf alone",
        certificate.check_chain_complete,
        CodeName.CHAIN_INCOMPLETE,
        {f"{LIVE}.chain": ChainState.INCOMPLETE, f"{LIVE}.chain_detail": "unable to get local issuer certificate"},
        repairable=True,
        evidence="unable to get local issuer",
    ),
    Case("unknown root is complete", certificate.check_chain_complete, None, {f"{LIVE}.chain": ChainState.UNTRUSTED}),
    Case(
        "unknown root",
        certificate.check_chain_trusted,
        CodeName.CHAIN_UNTRUSTED,
        {f"{LIVE}.chain": ChainState.UNTRUSTED},
        repairable=False,
        evidence="Let's Encrypt",
    ),
    Case(
        "temporary has no chain",
        certificate.check_chain_trusted,
        None,
        {LIVE: pair(temporary(), chain=ChainState.UNTRUSTED)},
    ),
    Case(
        "due and asked an hour ago",
        certificate.check_nothing_newer,
        CodeName.NOTHING_NEWER,
        {LIVE: ending(7), "memory.unchanged_at": NOW - HOUR},
        repairable=False,
        evidence="1 hour ago",
    ),
    Case(
        "incomplete and asked an hour ago",
        certificate.check_nothing_newer,
        CodeName.NOTHING_NEWER,
        {f"{LIVE}.chain": ChainState.INCOMPLETE, "memory.unchanged_at": NOW - HOUR},
    ),
    Case(
        "asked 12 hours ago",
        certificate.check_nothing_newer,
        None,
        {LIVE: ending(7), "memory.unchanged_at": NOW - 12 * HOUR},
    ),
    Case(
        "asked in a far future",
        certificate.check_nothing_newer,
        None,
        {LIVE: ending(7), "memory.unchanged_at": NOW + 13 * HOUR},
    ),
    Case("not due", certificate.check_nothing_newer, None, {"memory.unchanged_at": NOW - HOUR}),
    Case(
        "expired is asked for again",
        certificate.check_nothing_newer,
        None,
        {LIVE: ending(-1), "memory.unchanged_at": NOW - HOUR},
    ),
    Case("never asked", certificate.check_nothing_newer, None, {LIVE: ending(7)}),
)

_PLACES = (
    Case(
        "subject of an earlier database",
        placement.check_subject,
        CodeName.SUBJECT_MISMATCH,
        {"store.subject": "*.3991e8c5.odoo-iot.com"},
        repairable=True,
        evidence=f"stores *.3991e8c5.odoo-iot.com, its certificate is for {SUBJECT}",
    ),
    Case(
        "no subject", placement.check_subject, CodeName.SUBJECT_MISMATCH, {"store.subject": None}, evidence="no subject"
    ),
    Case(
        "certificate without CN",
        placement.check_subject,
        None,
        {f"{LIVE}.certificate": WITHOUT_CN},
    ),
    Case(
        "no common name, branch reads it",
        certificate.check_common_name,
        CodeName.CERTIFICATE_WITHOUT_CN,
        {f"{LIVE}.certificate": WITHOUT_CN, "layout.branch": "17.0"},
        kind=FindingClass.BLOCKED,
        evidence=f"{SUBJECT} has no common name, which 17.0 reads",
    ),
    Case(
        "no common name, branch does without",
        certificate.check_common_name,
        None,
        {f"{LIVE}.certificate": WITHOUT_CN, "layout.branch": "19.0"},
    ),
    Case("common name, branch reads it", certificate.check_common_name, None, {"layout.branch": "17.0"}),
    Case(
        "another is served as somebody wants it",
        placement.check_served,
        None,
        {
            "certificates.served": "cd" * 32,
            "nginx.served_instead": (NamedCertificate(path="/etc/shop.crt", file="/etc/nginx/a.conf", line=7),),
        },
    ),
    Case("temporary needs no subject", placement.check_subject, None, {LIVE: TEMPORARY, "store.subject": None}),
    Case(
        "subject unknown",
        placement.check_subject,
        None,
        {"store.subject": None, "store.malformed": (say("no_key", line=3),)},
    ),
    Case(
        "old one on the disk",
        placement.check_persisted,
        CodeName.NOT_PERSISTED,
        {MIRROR: pair(leaf(NOW, -3, fingerprint="cd" * 32))},
        repairable=True,
        evidence=f"brings back {SUBJECT}, which ended 2026-02-27T12:00:00Z (3 days ago)",
    ),
    Case(
        "temporary on the disk",
        placement.check_persisted,
        CodeName.NOT_PERSISTED,
        {MIRROR: TEMPORARY},
        evidence="temporary",
    ),
    Case(
        "mismatch on the disk",
        placement.check_persisted,
        CodeName.NOT_PERSISTED,
        {MIRROR: BROKEN},
        evidence="cannot load",
    ),
    Case("broken in both, alike", placement.check_persisted, CodeName.NOT_PERSISTED, {LIVE: BROKEN, MIRROR: BROKEN}),
    Case(
        "good only on the disk",
        placement.check_persisted,
        CodeName.NOT_PERSISTED,
        {LIVE: BROKEN},
        evidence="60 days left",
    ),
    Case("no mirror on this image", placement.check_persisted, None, {MIRROR: None}),
    Case("mirror not read", placement.check_persisted, None, {MIRROR: Pair(), "gaps": {MIRROR: told("timed out")}}),
    Case("live in the gaps", placement.check_persisted, None, {LIVE: MISSING, "gaps": {LIVE: told("timed out")}}),
    Case(
        "foreign key on the disk",
        placement.check_persisted,
        CodeName.NOT_PERSISTED,
        {MIRROR: ending(60), f"{MIRROR}.problem": PairProblem.KEY_MISMATCH},
        evidence="cannot load (private key does not belong",
    ),
    Case("live not read", placement.check_persisted, None, {LIVE: Pair()}),
    Case(
        "nginx was not reloaded",
        placement.check_served,
        CodeName.NOT_SERVED,
        {"certificates.served": "cd" * 32},
        repairable=True,
        evidence="presents cdcdcdcdcdcdcdcd, installed is abababababababab",
    ),
    Case(
        "no handshake",
        placement.check_served,
        CodeName.NOT_SERVED,
        {"certificates.served": None, "certificates.serve_error": "connection reset"},
        evidence="no handshake on port 443: connection reset",
    ),
    Case(
        "dead nginx has its own code",
        placement.check_served,
        None,
        {"certificates.served": None, "certificates.serve_error": "refused", "nginx.running": False},
    ),
    Case("a better one is served than is installed", placement.check_served, None, {LIVE: TEMPORARY}),
    Case(
        "key folder closed",
        placement.check_renewable,
        CodeName.NOT_RENEWABLE,
        {"certificates.not_renewable": (say("cannot_pass", user="pi", path="/etc/ssl/private"),)},
        repairable=True,
        evidence="pi cannot pass through /etc/ssl/private",
    ),
    Case(
        "four files of somebody else",
        placement.check_renewable,
        CodeName.NOT_RENEWABLE,
        {"certificates.not_renewable": tuple(map(written, "abc"))},
        repairable=True,
        evidence="pi cannot write a (mode 0644, owner id 0), and 2 more",
    ),
    Case(
        "key for all to read",
        placement.check_key_private,
        CodeName.KEY_EXPOSED,
        {"certificates.exposed_keys": ("/etc/ssl/private/nginx-cert.key",)},
        repairable=True,
        evidence="nginx-cert.key",
    ),
    Case(
        "key of the temporary certificate is public",
        placement.check_key_private,
        None,
        {LIVE: TEMPORARY, MIRROR: TEMPORARY, "certificates.exposed_keys": ("/etc/ssl/private/nginx-cert.key",)},
    ),
)

CASES = (*_PROBLEMS, *_DOCUMENT, *_PLACES)
