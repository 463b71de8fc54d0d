"""More rows of the plan: for each condition a box on its other side, where all else would ask for something else."""

from __future__ import annotations

from datetime import timedelta

from reconciler.model.desired import CertificateSource
from reconciler.model.observed import ForeignName, NamedCertificate, Pair, PairProblem
from reconciler.model.repair import RepairKind

from ..support.observed import NOW, certificate, pair
from .table_plan import (
    ASKED_FOR,
    BOTH_DUE,
    BOTH_TEMPORARY,
    BROKEN,
    CLOSED,
    COPY,
    DUE,
    EXPIRED,
    FETCH,
    FLAT,
    INSTALL,
    LIVE,
    LIVE_TO_MIRROR,
    LOAD,
    LOCKED,
    MIRROR,
    MIRROR_TO_LIVE,
    MISSING,
    NO_UUID,
    ONLY_IF_ANSWER_ALLOWS,
    RESTART,
    SERVED,
    STORE,
    UNMANAGED,
    Row,
)

RESUME, OWNERS = RepairKind.RESUME_ODOO, RepairKind.SET_PERMISSIONS
DEAD = {"odoo.manager_dead": True}
STOPPED = {"odoo.stopped": True, "odoo.answers": False}
DOWN = {"nginx.running": False, SERVED: None}
BOTH_BROKEN, BOTH_EXPIRED = {LIVE: BROKEN, MIRROR: BROKEN}, {LIVE: EXPIRED, MIRROR: EXPIRED}
UNREADABLE = Pair(problem=PairProblem.CERTIFICATE_UNREADABLE)
WOULD_ASK = {**DEAD, LIVE: ASKED_FOR, MIRROR: ASKED_FOR, SERVED: "cd" * 32}
WITHOUT_CN = pair(certificate(NOW, subject_cn=None))
WITH_CN = pair(certificate(NOW, fingerprint="77" * 32))
ELEVEN_DAYS = pair(certificate(NOW, 11, fingerprint="cd" * 32))
FULL = {"disk.home_free": 0}
OTHER_FILE = {"nginx.served_instead": (NamedCertificate(path="/etc/x.crt", file="/etc/nginx/x", line=3),)}

_PAIR = (
    Row(
        "not yet valid", {LIVE: pair(certificate(NOW, 91)), MIRROR: pair(certificate(NOW, 91))}, (FETCH, INSTALL, STORE)
    ),
    Row("overdue", {LIVE: pair(certificate(NOW, 4)), MIRROR: pair(certificate(NOW, 4))}, (FETCH, INSTALL, STORE)),
    Row("due, UUID only on the box", BOTH_DUE, (FETCH, INSTALL, STORE), UNMANAGED),
    Row(
        "expired, asked lately",
        {**BOTH_EXPIRED, SERVED: "ef" * 32, "memory.unchanged_at": NOW - timedelta(hours=1)},
        (FETCH, INSTALL, STORE),
    ),
    Row("due, nginx presents another file", {**BOTH_DUE, **OTHER_FILE}, ()),
    Row("nginx presents another file", {**OTHER_FILE, SERVED: "00" * 32}, ()),
    Row("no mirror on this image, and none needed", {MIRROR: None, "layout.bypass": None}, ()),
    Row("only unreadable for its user", {"certificates.unreadable": CLOSED}, (OWNERS,)),
    Row(
        "unreadable for root, too",
        {LIVE: UNREADABLE, MIRROR: UNREADABLE, "certificates.unreadable": CLOSED},
        (FETCH, INSTALL, STORE),
    ),
)

_LOAD = (
    Row("nginx down, pair fetched", {**BOTH_DUE, **DOWN}, (FETCH, INSTALL, STORE)),
    Row("nginx down, pair copied to live", {LIVE: DUE, **DOWN}, ((COPY, MIRROR_TO_LIVE),)),
    Row("nginx down, pair copied to mirror", {MIRROR: BROKEN, **DOWN}, ((COPY, LIVE_TO_MIRROR), LOAD)),
    Row("nginx down by a pair that nobody replaces", {LIVE: BROKEN, MIRROR: EXPIRED, **DOWN, **NO_UUID}, (), UNMANAGED),
)

_RESUMED = (
    Row("stopped, pair fetched first", {**STOPPED, **BOTH_BROKEN}, (RESUME, FETCH, INSTALL, STORE, (RESTART, None))),
    Row("stopped, pair copied first", {**STOPPED, LIVE: MISSING}, (RESUME, (COPY, MIRROR_TO_LIVE), (RESTART, None))),
    Row("stopped, pair loads and is replaced", {**STOPPED, LIVE: DUE}, (RESUME, (COPY, MIRROR_TO_LIVE))),
    Row("stopped, only the mirror is broken", {**STOPPED, LIVE: DUE, MIRROR: BROKEN}, (RESUME, FETCH, INSTALL, STORE)),
    Row(
        "stopped, pair that nobody replaces",
        {**STOPPED, LIVE: BROKEN, MIRROR: EXPIRED, **NO_UUID},
        (RESUME,),
        UNMANAGED,
    ),
)

_ASKS = (
    Row(
        "dead, asked half a day ago",
        {**WOULD_ASK, "memory.unchanged_at": NOW - timedelta(hours=12)},
        (FETCH, INSTALL, STORE, (RESTART, ONLY_IF_ANSWER_ALLOWS)),
    ),
    Row(
        "dead, asked long ago",
        {**WOULD_ASK, "memory.unchanged_at": NOW - timedelta(hours=30)},
        (FETCH, INSTALL, STORE, (RESTART, ONLY_IF_ANSWER_ALLOWS)),
    ),
    Row(
        "dead, the control machine asks", WOULD_ASK, ((RESTART, None),), {"certificate_source": CertificateSource.RELAY}
    ),
    Row("dead, nobody to ask for", {**WOULD_ASK, **NO_UUID}, ((RESTART, None),), UNMANAGED),
    Row(
        "dead, would ask, no mirror on this image",
        {**WOULD_ASK, MIRROR: None, "layout.bypass": None},
        (FETCH, INSTALL, STORE, (RESTART, ONLY_IF_ANSWER_ALLOWS)),
    ),
    Row("dead, would ask, nginx broken", {**WOULD_ASK, "nginx.config_error": "line 3"}, ()),
    Row("dead, would ask, mirror behind", {**WOULD_ASK, MIRROR: BROKEN}, ((COPY, LIVE_TO_MIRROR), (RESTART, None))),
    Row(
        "dead, eleven days to the second",
        {**WOULD_ASK, LIVE: ELEVEN_DAYS, MIRROR: ELEVEN_DAYS},
        (FETCH, INSTALL, STORE, (RESTART, ONLY_IF_ANSWER_ALLOWS)),
    ),
    Row(
        "dead, and something that asks nobody", {**DEAD, "certificates.exposed_keys": ("x",)}, (OWNERS, (RESTART, None))
    ),
)

_DEAD = (
    Row("dead, only the mirror loads", {**DEAD, LIVE: BROKEN, MIRROR: EXPIRED, **NO_UUID}, (), UNMANAGED),
    Row(
        "dead, database out of reach, resolvers set",
        {**DEAD, "odoo.database_error": "refused", "resolvers.live": ("9.9.9.9",)},
        (RepairKind.SET_RESOLVERS, (RESTART, None)),
    ),
    Row("dead, unreadable for its user, no space to mend it", {**DEAD, **LOCKED, **FULL}, ()),
    Row("dead, unreadable, of a branch that does not mind", {**DEAD, **LOCKED, **FULL}, (RESTART,), store_format=FLAT),
    Row(
        "dead by a certificate without common name",
        {**DEAD, LIVE: WITHOUT_CN, MIRROR: WITHOUT_CN, "layout.branch": "17.0"},
        (),
        store_format=FLAT,
    ),
    Row(
        "dead, without common name only in the mirror",
        {**DEAD, LIVE: WITH_CN, MIRROR: WITHOUT_CN, SERVED: "77" * 32, "layout.branch": "17.0"},
        ((COPY, LIVE_TO_MIRROR), (RESTART, None)),
        store_format=FLAT,
    ),
    Row(
        "dead, without common name, branch does not read it",
        {**DEAD, LIVE: WITHOUT_CN, MIRROR: WITHOUT_CN, "layout.branch": "19.0"},
        (RESTART,),
    ),
)

_STORE = (
    Row(
        "other database name on a box that is not linked",
        {"store.server_url": None, "store.db_name": "x"},
        (),
        {"server_url": None, "token": None},
    ),
    Row(
        "link lost, and an option that ends all",
        {"odoo.options": {"http_enable": "False"}, "store.server_url": None},
        (STORE,),
    ),
    Row(
        "broken on flat files, its name only in the mirror",
        {LIVE: BROKEN, MIRROR: EXPIRED},
        (FETCH, INSTALL, STORE, (RESTART, None)),
        store_format=FLAT,
    ),
    Row(
        "temporary on flat files, and the subject of the database before",
        {**BOTH_TEMPORARY, "store.subject": "*.d73e7513.odoo-iot.com"},
        (FETCH, INSTALL, STORE, (RESTART, None)),
        store_format=FLAT,
    ),
    Row(
        "expired on flat files, and another subject stored",
        {**BOTH_EXPIRED, "store.subject": "*.old.odoo-iot.com"},
        (FETCH, INSTALL, STORE, (RESTART, None)),
        store_format=FLAT,
    ),
)

_UNUSABLE = tuple(
    Row(f"{problem.value} in use, mirror good", {LIVE: Pair(problem=problem)}, ((COPY, MIRROR_TO_LIVE),))
    for problem in PairProblem
)

_FOREIGN = (
    Row(
        "broken, and a link in its place",
        {**BOTH_BROKEN, "foreign_names": (ForeignName(path="/etc/ssl/certs/nginx-cert.crt", target="/tmp/x"),)},
        (FETCH, INSTALL, STORE),
    ),
)

EDGES = (*_PAIR, *_UNUSABLE, *_FOREIGN, *_LOAD, *_RESUMED, *_ASKS, *_DEAD, *_STORE)
