"""Rows of the plan: what is wrong with a box, and every repair that this asks for, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from reconciler.model.observed import ChainState, Pair, PairProblem, ResolverOwner, StoreFormat
from reconciler.model.repair import CopyDirection, RepairKind, RestartCondition, StoreKey
from reconciler.model.secret import Secret
from reconciler.model.statement import say, told

from ..support.observed import NOW, certificate, pair, temporary

FETCH, COPY = RepairKind.FETCH_CERTIFICATE, RepairKind.COPY_CERTIFICATE
STORE, INSTALL = RepairKind.WRITE_STORE, RepairKind.INSTALL_CERTIFICATE
LOAD, RESTART = RepairKind.LOAD_NGINX, RepairKind.RESTART_ODOO
LIVE, MIRROR, SERVED = "certificates.live", "certificates.mirror", "certificates.served"
MIRROR_TO_LIVE, LIVE_TO_MIRROR = CopyDirection.MIRROR_TO_LIVE, CopyDirection.LIVE_TO_MIRROR
ONLY_IF_SUBJECT_CHANGES, ONLY_IF_ANSWER_ALLOWS = RestartCondition.SUBJECT_CHANGES, RestartCondition.ANSWER_ALLOWS
FLAT, INTERPOLATED, RAW = StoreFormat.FLAT, StoreFormat.INI_INTERPOLATED, StoreFormat.INI_RAW

BROKEN = Pair(problem=PairProblem.KEY_MISMATCH, digest="broken")
MISSING = Pair(problem=PairProblem.CERTIFICATE_MISSING)
TEMPORARY = pair(temporary(), chain=ChainState.NOT_CHECKED)
DUE = pair(certificate(NOW, 7, fingerprint="cd" * 32))
ASKED_FOR = pair(certificate(NOW, 9, fingerprint="cd" * 32))
EXPIRED = pair(certificate(NOW, -1, fingerprint="ef" * 32))
OTHER_NAME = pair(certificate(NOW, names=("*.3991e8c5.odoo-iot.com",), fingerprint="11" * 32))
BOTH_DUE = {LIVE: DUE, MIRROR: DUE, SERVED: "cd" * 32}
BOTH_TEMPORARY = {LIVE: TEMPORARY, MIRROR: TEMPORARY, SERVED: temporary().fingerprint, "store.subject": None}
CLOSED = say("cannot_read", user="pi", path="/a", mode="0600", owner=0)
KEPT = say("cannot_write", user="pi", path="/a", mode="0644", owner=0)
LOCKED = {"certificates.unreadable": CLOSED, "certificates.not_renewable": (KEPT,)}
NO_UUID = {"store.db_uuid": None}
UNMANAGED = {"db_uuid": None, "enterprise_code": None}
ELSEWHERE = {"store.server_url": "https://other.example.com"}
DEAF = {"resolvers.resolves": False, "resolvers.live": ("9.9.9.9",)}


@dataclass(frozen=True)
class Row:
    """`repairs`: kinds, with the values that they have where these matter; all of them, in order."""

    title: str
    observed: Mapping[str, object]
    repairs: tuple[RepairKind | tuple[RepairKind, *tuple[str | None, ...]], ...]
    desired: Mapping[str, object] = field(default_factory=dict)
    store_format: StoreFormat = RAW


_BLOCKED = (
    Row("in sync", {}, ()),
    Row("wrong box", {"identity.serial": "x", **BOTH_DUE, "odoo.answers": False}, ()),
    Row("linked elsewhere", {**ELSEWHERE, **BOTH_DUE}, ()),
    Row("access point", {"identity.access_point": True, **BOTH_DUE}, ()),
    Row("unknown layout", {"layout.problem": say("no_mounts", path="/proc/self/mounts"), "odoo.answers": False}, ()),
    Row("old Python", {"layout.python": "3.7.3", "odoo.answers": False}, ()),
    Row("only unknown", {"gaps": {"nginx": told("timed out")}}, ()),
)

_SIMPLE = (
    Row("clock", {"clock.skew_seconds": 900.0, "clock.ntp_enabled": False}, (RepairKind.ENABLE_NTP,)),
    Row("clock that network time does not mend", {"clock.skew_seconds": 900.0}, ()),
    Row("resolvers", {"resolvers.live": ()}, ((RepairKind.SET_RESOLVERS, "1.1.1.1", "8.8.8.8"),)),
    Row("resolvers not kept", {"resolvers.persistent": ()}, (RepairKind.SET_RESOLVERS,)),
    Row("resolvers of another owner", {"resolvers.live": (), "resolvers.owner": ResolverOwner.DHCPCD}, ()),
    Row("resolvers right and deaf", {"resolvers.resolves": False}, ()),
    Row("permissions", {"certificates.not_renewable": (KEPT,)}, (RepairKind.SET_PERMISSIONS,)),
    Row("exposed key", {"certificates.exposed_keys": ("x",)}, (RepairKind.SET_PERMISSIONS,)),
    Row("Odoo stopped", {"odoo.stopped": True, "odoo.answers": False}, (RepairKind.RESUME_ODOO,)),
    Row("nginx down", {"nginx.running": False, SERVED: None}, (LOAD,)),
    Row("not reloaded", {SERVED: "00" * 32}, (LOAD,)),
    Row("nginx broken", {"nginx.running": False, SERVED: None, "nginx.config_error": told("line 3")}, ()),
)

_CERTIFICATE = (
    Row("due", BOTH_DUE, (FETCH, INSTALL, (STORE, StoreKey.SUBJECT))),
    Row("due, asked lately", {**BOTH_DUE, "memory.unchanged_at": NOW - timedelta(hours=1)}, ()),
    Row(
        "due, asked lately, mirror broken",
        {**BOTH_DUE, MIRROR: BROKEN, "memory.unchanged_at": NOW - timedelta(hours=1)},
        ((COPY, LIVE_TO_MIRROR),),
    ),
    Row("due, nobody to ask for", {**BOTH_DUE, **NO_UUID}, (), UNMANAGED),
    Row(
        "due, UUID only desired", {**BOTH_DUE, **NO_UUID}, (FETCH, INSTALL, (STORE, StoreKey.DB_UUID, StoreKey.SUBJECT))
    ),
    Row("due, mirror newer", {LIVE: DUE, SERVED: "cd" * 32}, ((COPY, MIRROR_TO_LIVE),)),
    Row(
        "due, mirror incomplete",
        {LIVE: DUE, SERVED: "cd" * 32, f"{MIRROR}.chain": ChainState.INCOMPLETE},
        (FETCH, INSTALL, STORE),
    ),
    Row("missing, mirror good", {LIVE: MISSING}, ((COPY, MIRROR_TO_LIVE),)),
    Row(
        "missing, mirror of another name",
        {LIVE: MISSING, MIRROR: OTHER_NAME},
        ((COPY, MIRROR_TO_LIVE), (STORE, StoreKey.SUBJECT)),
    ),
    Row("missing, mirror due", {LIVE: MISSING, MIRROR: DUE}, (FETCH, INSTALL, STORE)),
    Row(
        "missing, mirror due, nobody to ask for",
        {LIVE: MISSING, MIRROR: DUE, **NO_UUID},
        ((COPY, MIRROR_TO_LIVE),),
        UNMANAGED,
    ),
    Row("missing, mirror temporary", {LIVE: MISSING, MIRROR: TEMPORARY}, (FETCH, INSTALL, STORE)),
    Row("both broken", {LIVE: BROKEN, MIRROR: BROKEN}, (FETCH, INSTALL, (STORE, StoreKey.SUBJECT))),
    Row(
        "both broken, nginx dead",
        {LIVE: BROKEN, MIRROR: BROKEN, "nginx.running": False, SERVED: None},
        (FETCH, INSTALL, STORE),
    ),
    Row(
        "both broken, nginx dead, nobody to ask for",
        {LIVE: BROKEN, MIRROR: BROKEN, "nginx.running": False, SERVED: None, **NO_UUID},
        (),
        UNMANAGED,
    ),
    Row("no mirror on this image", {LIVE: BROKEN, MIRROR: None, "layout.bypass": None}, (FETCH, INSTALL, STORE)),
    Row(
        "chain incomplete",
        {f"{LIVE}.chain": ChainState.INCOMPLETE, f"{MIRROR}.chain": ChainState.INCOMPLETE},
        (FETCH, INSTALL, STORE),
    ),
    Row(
        "no client takes it",
        {f"{LIVE}.chain": ChainState.REFUSED, f"{MIRROR}.chain": ChainState.REFUSED},
        (FETCH, INSTALL, STORE),
    ),
    Row("chain of an unknown root", {f"{LIVE}.chain": ChainState.UNTRUSTED}, ()),
    Row("mirror old", {MIRROR: EXPIRED}, ((COPY, LIVE_TO_MIRROR),)),
    Row("mirror of another name", {MIRROR: OTHER_NAME}, ((COPY, LIVE_TO_MIRROR),)),
    Row("mirror broken", {MIRROR: BROKEN}, ((COPY, LIVE_TO_MIRROR),)),
    Row(
        "mirror broken, live temporary, nobody to ask for",
        {**BOTH_TEMPORARY, MIRROR: BROKEN, **NO_UUID},
        ((COPY, LIVE_TO_MIRROR),),
        UNMANAGED,
    ),
    Row(
        "mirror expired, live temporary, nobody to ask for",
        {**BOTH_TEMPORARY, MIRROR: EXPIRED, **NO_UUID},
        (),
        UNMANAGED,
    ),
    Row("nginx configuration broken keeps the pair", {**BOTH_TEMPORARY, "nginx.config_error": told("line 3")}, ()),
    Row("nginx configuration broken, mirror good", {LIVE: MISSING, "nginx.config_error": told("line 3")}, ()),
    Row(
        "nginx configuration broken, mirror kept in step",
        {MIRROR: BROKEN, "nginx.config_error": told("line 3")},
        ((COPY, LIVE_TO_MIRROR),),
    ),
)

_RESTART = (
    Row(
        "due on flat files",
        BOTH_DUE,
        (FETCH, INSTALL, STORE, (RESTART, ONLY_IF_SUBJECT_CHANGES)),
        store_format=FLAT,
    ),
    Row(
        "due on a cached store",
        BOTH_DUE,
        (FETCH, INSTALL, STORE, (RESTART, ONLY_IF_SUBJECT_CHANGES)),
        store_format=INTERPOLATED,
    ),
    Row(
        "expired on flat files",
        {LIVE: EXPIRED, MIRROR: EXPIRED},
        (FETCH, INSTALL, STORE, (RESTART, ONLY_IF_SUBJECT_CHANGES)),
        store_format=FLAT,
    ),
    Row(
        "temporary on flat files",
        BOTH_TEMPORARY,
        (FETCH, INSTALL, (STORE, StoreKey.SUBJECT), (RESTART, None)),
        store_format=FLAT,
    ),
    Row("temporary on a raw store", BOTH_TEMPORARY, (FETCH, INSTALL, (STORE, StoreKey.SUBJECT))),
    Row("subject on a raw store", {"store.subject": None}, ((STORE, StoreKey.SUBJECT),)),
    Row(
        "subject on flat files",
        {"store.subject": None},
        ((STORE, StoreKey.SUBJECT), (RESTART, None)),
        store_format=FLAT,
    ),
    Row("subject on a cached store", {"store.subject": None}, (STORE, RESTART), store_format=INTERPOLATED),
    Row("credentials on a raw store", {"store.enterprise_code": None}, ((STORE, StoreKey.ENTERPRISE_CODE),)),
    Row("credentials on flat files", {"store.db_uuid": Secret("x")}, ((STORE, StoreKey.DB_UUID),), store_format=FLAT),
    Row(
        "credentials on a cached store",
        {"store.db_uuid": Secret("x")},
        (STORE, (RESTART, None)),
        store_format=INTERPOLATED,
    ),
    Row("link on a raw store", {"store.server_url": None}, ((STORE, StoreKey.SERVER_URL, StoreKey.TOKEN), RESTART)),
    Row(
        "link on flat files",
        {"store.server_url": None},
        ((STORE, StoreKey.SERVER_URL, StoreKey.TOKEN), RESTART),
        store_format=FLAT,
    ),
    Row("link without a token", ELSEWHERE, ((STORE, StoreKey.SERVER_URL), RESTART), {"relink": True, "token": None}),
    Row(
        "link and database",
        {**ELSEWHERE, "store.db_name": None},
        ((STORE, StoreKey.SERVER_URL, StoreKey.TOKEN, StoreKey.DB_NAME), RESTART),
        {"relink": True},
    ),
    Row(
        "first link of a new box",
        {"store.server_url": None, "store.db_name": None, "store.db_uuid": None, "store.enterprise_code": None},
        (
            (STORE, StoreKey.SERVER_URL, StoreKey.TOKEN, StoreKey.DB_NAME, StoreKey.DB_UUID, StoreKey.ENTERPRISE_CODE),
            RESTART,
        ),
    ),
    Row("not linked and not managed", {"store.server_url": None}, (), {"server_url": None, "token": None}),
    Row("database name", {"store.db_name": "test"}, ((STORE, StoreKey.DB_NAME), RESTART)),
    Row("Odoo down", {"odoo.answers": False}, (RESTART,)),
    Row("restart left", {"odoo.restart_pending": True}, (RESTART,)),
    Row("manager dead", {"odoo.manager_dead": True}, (RESTART,)),
    Row(
        "manager dead by a bad pair",
        {"odoo.manager_dead": True, LIVE: BROKEN, MIRROR: BROKEN},
        (FETCH, INSTALL, STORE, (RESTART, ONLY_IF_ANSWER_ALLOWS)),
    ),
    Row(
        "manager dead, and its program would ask at its start",
        {"odoo.manager_dead": True, LIVE: ASKED_FOR, MIRROR: ASKED_FOR, SERVED: "cd" * 32},
        (FETCH, INSTALL, STORE, (RESTART, ONLY_IF_ANSWER_ALLOWS)),
    ),
    Row(
        "manager dead, and the authority was asked a while ago",
        {
            "odoo.manager_dead": True,
            LIVE: ASKED_FOR,
            MIRROR: ASKED_FOR,
            SERVED: "cd" * 32,
            "memory.unchanged_at": NOW - timedelta(hours=1),
        },
        ((RESTART, None),),
    ),
    Row("program would ask, manager alive", {LIVE: ASKED_FOR, MIRROR: ASKED_FOR, SERVED: "cd" * 32}, ()),
    Row(
        "manager dead and Odoo to be restarted anyway",
        {"odoo.manager_dead": True, "odoo.restart_pending": True, **BOTH_DUE},
        (FETCH, INSTALL, STORE, (RESTART, None)),
    ),
    Row("manager would die again of its database", {"odoo.manager_dead": True, "odoo.database_error": "refused"}, ()),
    Row("read by root only", LOCKED, (RepairKind.SET_PERMISSIONS,)),
    Row(
        "read by root only, manager dead", {**LOCKED, "odoo.manager_dead": True}, (RepairKind.SET_PERMISSIONS, RESTART)
    ),
    Row(
        "manager would die again of the pair",
        {"odoo.manager_dead": True, LIVE: BROKEN, MIRROR: BROKEN, **NO_UUID},
        (),
        UNMANAGED,
    ),
    Row("manager would die again of nginx", {"odoo.manager_dead": True, "nginx.config_error": told("line 3")}, ()),
    Row("manager would die again of DNS", {"odoo.manager_dead": True, "resolvers.resolves": False}, ()),
    Row(
        "manager would die again of DNS, whatever else is mended",
        {"odoo.manager_dead": True, "resolvers.resolves": False, "certificates.exposed_keys": ("x",)},
        (RepairKind.SET_PERMISSIONS,),
    ),
    Row(
        "older manager survives DNS",
        {"odoo.manager_dead": True, "resolvers.resolves": False, "store.db_name": None},
        (RESTART,),
        store_format=FLAT,
    ),
    Row("DNS mended on a raw store", DEAF, (RepairKind.SET_RESOLVERS, RESTART)),
    Row("DNS mended, manager dead", {**DEAF, "odoo.manager_dead": True}, (RepairKind.SET_RESOLVERS, RESTART)),
    Row("DNS mended on flat files", DEAF, (RepairKind.SET_RESOLVERS,), store_format=FLAT),
    Row(
        "DNS mended, not linked",
        {**DEAF, "store.server_url": None},
        (RepairKind.SET_RESOLVERS,),
        {"server_url": None, "token": None},
    ),
    Row(
        "everything that restarts, once",
        {**ELSEWHERE, **DEAF, "odoo.restart_pending": True, "odoo.manager_dead": True},
        (RepairKind.SET_RESOLVERS, STORE, RESTART),
        {"relink": True},
    ),
)

_STORE = (
    Row(
        "store malformed, pair broken",
        {"store.malformed": (say("no_key", line=3),), LIVE: BROKEN, MIRROR: BROKEN},
        (FETCH, INSTALL),
    ),
    Row("store malformed, Odoo down", {"store.malformed": (say("no_key", line=3),), "odoo.answers": False}, ()),
    Row(
        "store malformed, permissions",
        {"store.malformed": (say("no_key", line=3),), "certificates.not_renewable": (KEPT,)},
        (RepairKind.SET_PERMISSIONS,),
    ),
    Row("store unreadable, restart left", {"store.unreadable": told("EIO"), "odoo.restart_pending": True}, ()),
    Row("store not seen, restart left", {"gaps": {"store": told("timed out")}, "odoo.restart_pending": True}, ()),
)

_FULL = (
    Row(
        "disk full, pair broken",
        {"disk.home_free": 0, LIVE: BROKEN, MIRROR: BROKEN, "certificates.exposed_keys": ("x",)},
        (),
    ),
    Row("disk full, link lost", {"disk.live_free": 0, "store.server_url": None}, ()),
    Row("disk full, resolvers", {"disk.mirror_free": 0, **DEAF}, ()),
    Row(
        "disk full, services",
        {
            "disk.live_free": 0,
            "odoo.answers": False,
            "nginx.running": False,
            SERVED: None,
            "clock.skew_seconds": -900.0,
            "clock.ntp_enabled": False,
        },
        (RepairKind.ENABLE_NTP, LOAD, RESTART),
    ),
)

ROWS = (*_BLOCKED, *_SIMPLE, *_CERTIFICATE, *_RESTART, *_STORE, *_FULL)
