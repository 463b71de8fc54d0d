"""Rows about the link, the credentials and the box's DNS servers."""

from __future__ import annotations

from reconciler.checks import link, resolvers
from reconciler.codes import CodeName
from reconciler.model.digests import concern_digest
from reconciler.model.marks import Mark
from reconciler.model.observed import ResolverOwner, StoreFormat
from reconciler.model.secret import Secret
from reconciler.model.severity import FindingClass
from reconciler.model.statement import say, told

from ..support.observed import UUID, wanted
from .case import Case

OTHER = "https://other.example.com"
SAME = {
    "another scheme": "http://shop.example.com",
    "another scheme with its port": "http://Shop.example.com:80/",
    "another scheme on the port of https": "http://shop.example.com:443",
    "a dot at the end": "https://shop.example.com.",
    "a dot and a port": "https://shop.example.com.:443",
    "another scheme and a dot": "http://shop.example.com./",
    "wide letters": "https://\uff53hop.example.com",
}
"""Other spellings of one server, each of which the vendor's program may not reach."""
REACHED = {each: concern_digest(wanted(), each) for each in ("link", "credentials", "resolvers")}
DEAF = {"resolvers.resolves": False, "resolvers.error": "timed out"}

CASES = (
    Case(
        "not linked, link given",
        link.check_no_server,
        CodeName.CHECK_NO_SERVER,
        {"store.server_url": None},
        kind=FindingClass.PENDING,
        repairable=True,
        evidence="https://shop.example.com",
    ),
    Case(
        "link lost after it was reached",
        link.check_no_server,
        CodeName.CHECK_NO_SERVER,
        {"store.server_url": "", "memory.applied": REACHED},
        kind=FindingClass.DRIFTED,
    ),
    Case("nothing but a space", link.check_no_server, CodeName.CHECK_NO_SERVER, {"store.server_url": " "}),
    Case(
        "not linked, nothing given",
        link.check_no_server,
        CodeName.CHECK_NO_SERVER,
        {"store.server_url": None},
        {"server_url": None},
        kind=FindingClass.BLOCKED,
        repairable=False,
    ),
    Case(
        "store malformed, so nobody knows",
        link.check_no_server,
        None,
        {"store.server_url": None, "store.malformed": (say("store_empty"),)},
    ),
    Case("store not read", link.check_no_server, None, {"store.server_url": None, "gaps": {"store": told("x")}}),
    Case(
        "linked to a stranger",
        link.check_linked_elsewhere,
        CodeName.LINKED_ELSEWHERE,
        {"store.server_url": "https://user:pass@other.example.com/?token=x"},
        kind=FindingClass.BLOCKED,
        repairable=False,
        evidence="linked to https://other.example.com, it should be https://shop.example.com",
    ),
    Case("linked to NUL bytes", link.check_linked_elsewhere, None, {"store.server_url": "\0" * 19}),
    Case(
        "no server but NUL bytes",
        link.check_no_server,
        CodeName.CHECK_NO_SERVER,
        {"store.server_url": "https://sh" + "\0" * 9},
        repairable=True,
        evidence="bytes that are no text are stored on the box, it should be https://shop.example.com",
    ),
    Case("linked to something odd", link.check_linked_elsewhere, CodeName.LINKED_ELSEWHERE, {"store.server_url": "x"}),
    *(
        Case(f"{title} is no stranger's", link.check_linked_elsewhere, None, {"store.server_url": stored})
        for title, stored in SAME.items()
    ),
    *(
        Case(
            f"{title} is mended",
            link.check_server,
            CodeName.SERVER_DIFFERS,
            {"store.server_url": stored},
            repairable=True,
            evidence="it should be https://shop.example.com",
        )
        for title, stored in SAME.items()
    ),
    Case(
        "a dot at the end is told",
        link.check_server,
        CodeName.SERVER_DIFFERS,
        {"store.server_url": SAME["a dot at the end"]},
        evidence="linked to https://shop.example.com (spelled with a dot at its end), it should be",
    ),
    Case(
        "letters of an alphabet where DNS has Punycode",
        link.check_server,
        CodeName.SERVER_DIFFERS,
        {"store.server_url": "https://b\u00e4ckerei.example"},
        {"server_url": "https://xn--bckerei-5wa.example"},
        evidence="linked to https://xn--bckerei-5wa.example (spelled with other letters than DNS has)",
    ),
    Case(
        "Punycode where the inventory has letters",
        link.check_linked_elsewhere,
        None,
        {"store.server_url": "https://XN--BCKEREI-5WA.example"},
        {"server_url": "https://b\u00e4ckerei.example"},
    ),
    Case(
        "the same host with another port is another server",
        link.check_linked_elsewhere,
        CodeName.LINKED_ELSEWHERE,
        {"store.server_url": "https://shop.example.com:8069"},
    ),
    Case("stranger, to be moved", link.check_linked_elsewhere, None, {"store.server_url": OTHER}, {"relink": True}),
    Case(
        "linked to the customer's other database",
        link.check_linked_elsewhere,
        None,
        {"store.server_url": "https://other.example.com/"},
        {"own_servers": ("https://Other.example.com:443",)},
    ),
    Case("link not managed", link.check_linked_elsewhere, None, {"store.server_url": OTHER}, {"server_url": None}),
    Case(
        "link not managed, but the customer's databases are known",
        link.check_linked_elsewhere,
        CodeName.LINKED_ELSEWHERE,
        {"store.server_url": OTHER},
        {"server_url": None, "own_servers": ("https://shop.example.com",)},
        evidence="it should be https://shop.example.com",
    ),
    Case(
        "link not managed, and linked to some server, which the control machine judges",
        link.check_linked_elsewhere,
        None,
        {"store.server_url": OTHER},
        {"server_url": None, "compared": tuple(Mark)},
    ),
    Case(
        "stranger, to be moved, differs",
        link.check_server,
        CodeName.SERVER_DIFFERS,
        {"store.server_url": OTHER},
        {"relink": True},
        kind=FindingClass.PENDING,
        repairable=True,
    ),
    Case(
        "own other database differs",
        link.check_server,
        CodeName.SERVER_DIFFERS,
        {"store.server_url": OTHER, "memory.applied": REACHED},
        {"own_servers": (OTHER,)},
        kind=FindingClass.DRIFTED,
    ),
    Case(
        "stray space in a flat file",
        link.check_server,
        CodeName.SERVER_DIFFERS,
        {"store.server_url": "https://shop.example.com "},
        evidence="linked to https://shop.example.com (with spaces around it)",
        store_format=StoreFormat.FLAT,
    ),
    Case("stranger is not for this check", link.check_server, None, {"store.server_url": OTHER}),
    Case(
        "same server in other letters",
        link.check_server,
        None,
        {"store.server_url": "https://SHOP.example.com:443/odoo"},
    ),
    Case("no server is not for this check", link.check_server, None, {"store.server_url": None}),
    Case(
        "other database on the server",
        link.check_db_name,
        CodeName.DB_NAME_DIFFERS,
        {"store.db_name": "test"},
        repairable=True,
        evidence="names test, it should name shop",
    ),
    Case("no database name", link.check_db_name, CodeName.DB_NAME_DIFFERS, {"store.db_name": None}),
    Case("database name not managed", link.check_db_name, None, {"store.db_name": "test"}, {"db_name": None}),
    Case(
        "branch without database names",
        link.check_db_name,
        None,
        {"store.db_name": None},
        store_format=StoreFormat.INI_INTERPOLATED,
    ),
    Case(
        "no UUID, one given",
        link.check_no_credential,
        CodeName.LOAD_NO_CREDENTIAL,
        {"store.db_uuid": None},
        kind=FindingClass.PENDING,
        repairable=True,
    ),
    Case(
        "empty UUID, none given",
        link.check_no_credential,
        CodeName.LOAD_NO_CREDENTIAL,
        {"store.db_uuid": Secret("")},
        {"db_uuid": None},
        kind=FindingClass.BLOCKED,
        repairable=False,
    ),
    Case("store unreadable", link.check_no_credential, None, {"store.db_uuid": None, "store.unreadable": "x"}),
    Case(
        "other contract",
        link.check_credentials,
        CodeName.CREDENTIALS_DIFFER,
        {"store.enterprise_code": Secret("M1")},
        kind=FindingClass.PENDING,
        evidence="enterprise_code on the box differs from",
    ),
    Case(
        "UUID with a space",
        link.check_credentials,
        CodeName.CREDENTIALS_DIFFER,
        {"store.db_uuid": Secret(f"{UUID} "), "memory.applied": REACHED},
        kind=FindingClass.DRIFTED,
        evidence="db_uuid on the box differs",
        store_format=StoreFormat.FLAT,
    ),
    Case(
        "both differ",
        link.check_credentials,
        CodeName.CREDENTIALS_DIFFER,
        {"store.db_uuid": Secret("x"), "store.enterprise_code": None},
        evidence="db_uuid and enterprise_code on the box differ from",
    ),
    Case("absent UUID has its own code", link.check_credentials, None, {"store.db_uuid": None}),
    Case(
        "not managed",
        link.check_credentials,
        None,
        {"store.db_uuid": Secret("x"), "store.enterprise_code": None},
        {"db_uuid": None, "enterprise_code": None},
    ),
    Case("token rotated by the database", link.check_credentials, None, {"store.token": Secret("new")}),
    Case(
        "other order",
        resolvers.check_resolvers,
        CodeName.RESOLVERS_DIFFER,
        {"resolvers.live": ("8.8.8.8", "1.1.1.1")},
        kind=FindingClass.PENDING,
        repairable=True,
        evidence="asks 8.8.8.8, 1.1.1.1, it should ask 1.1.1.1, 8.8.8.8",
    ),
    Case(
        "changed on the box",
        resolvers.check_resolvers,
        CodeName.RESOLVERS_DIFFER,
        {"resolvers.live": (), "memory.applied": REACHED},
        kind=FindingClass.DRIFTED,
        evidence="no DNS server",
    ),
    Case(
        "owner that would undo it",
        resolvers.check_resolvers,
        CodeName.RESOLVER_OWNER_UNSUPPORTED,
        {"resolvers.live": ("192.168.1.1",), "resolvers.owner": ResolverOwner.DHCPCD},
        kind=FindingClass.BLOCKED,
        evidence="dhcpcd",
    ),
    Case(
        "owner that gives the right ones",
        resolvers.check_resolvers,
        None,
        {"resolvers.owner": ResolverOwner.DHCPCD, "resolvers.persistent": None},
    ),
    Case(
        "a fourth one that is never asked",
        resolvers.check_resolvers,
        None,
        {"resolvers.live": ("1.1.1.1", "8.8.8.8", "2001:DB8::1", "8.8.4.4")},
        {"resolvers": ("1.1.1.1", "8.8.8.8", "2001:db8::1")},
    ),
    Case("not managed resolvers", resolvers.check_resolvers, None, {"resolvers.live": ()}, {"resolvers": None}),
    Case(
        "resolvers not read", resolvers.check_resolvers, None, {"resolvers.live": (), "gaps": {"resolvers": told("")}}
    ),
    Case(
        "only in memory",
        resolvers.check_resolvers_persist,
        CodeName.RESOLVERS_NOT_PERSISTED,
        {"resolvers.persistent": ("1.1.1.1",)},
        repairable=True,
        evidence="brings back 1.1.1.1 in place of 1.1.1.1, 8.8.8.8",
    ),
    Case(
        "different everywhere is told once",
        resolvers.check_resolvers_persist,
        None,
        {"resolvers.live": ("9.9.9.9",), "resolvers.persistent": ("9.9.9.9",)},
    ),
    Case(
        "kept by an owner that nobody manages",
        resolvers.check_resolvers_persist,
        None,
        {"resolvers.persistent": (), "resolvers.owner": ResolverOwner.RESOLVCONF},
    ),
    Case("kept ones not read", resolvers.check_resolvers_persist, None, {"resolvers.persistent": None}),
    Case(
        "not managed ones may be lost",
        resolvers.check_resolvers_persist,
        None,
        {"resolvers.persistent": ()},
        {"resolvers": None},
    ),
    Case(
        "right ones do not answer",
        resolvers.check_resolvers_work,
        CodeName.RESOLVERS_DO_NOT_WORK,
        DEAF,
        kind=FindingClass.BLOCKED,
        repairable=False,
        evidence="1.1.1.1, 8.8.8.8: timed out",
    ),
    Case(
        "not managed ones do not answer",
        resolvers.check_resolvers_work,
        CodeName.RESOLVERS_DO_NOT_WORK,
        DEAF,
        {"resolvers": None},
        repairable=False,
    ),
    Case(
        "wrong ones do not answer",
        resolvers.check_resolvers_work,
        CodeName.RESOLVERS_DO_NOT_WORK,
        {**DEAF, "resolvers.live": ("9.9.9.9",)},
        repairable=True,
    ),
    Case(
        "wrong ones do not answer and cannot be set",
        resolvers.check_resolvers_work,
        CodeName.RESOLVERS_DO_NOT_WORK,
        {**DEAF, "resolvers.live": ("9.9.9.9",), "resolvers.owner": ResolverOwner.RESOLVED},
        repairable=False,
    ),
    Case("not tried", resolvers.check_resolvers_work, None, {"resolvers.resolves": None}),
)
