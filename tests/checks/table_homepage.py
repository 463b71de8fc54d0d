"""Rows about boxes that are reached by their homepage: what is unknown there is no fault, and what else is judged."""

from __future__ import annotations

from typing import Final

from reconciler.checks import box, clock, link, services
from reconciler.codes import CodeName
from reconciler.model.observed import ByHomepage, Store
from reconciler.model.part import Part
from reconciler.model.secret import Secret
from reconciler.model.severity import FindingClass
from reconciler.model.statement import say

from .case import Case

_PAGES: Final = ByHomepage()
_HERE: Final = {"by_homepage": _PAGES}
_BLOCKED: Final = FindingClass.BLOCKED

CASES: Final = (
    Case("a page that can be read", services.check_status_page, None, _HERE),
    Case(
        "a page that fails",
        services.check_status_page,
        CodeName.STATUS_PAGE_FAILS,
        {"by_homepage": ByHomepage(status_error=say("page_status", path="/x", status=500))},
        evidence="its status page: /x answers 500",
    ),
    Case(
        "which box it is was not asked, since that is a write",
        box.check_identity,
        None,
        {**_HERE, "identity.serial": None, "unseen": (Part.IDENTITY,)},
    ),
    Case(
        "which box it is was asked, and no page says it",
        box.check_identity,
        CodeName.WRONG_BOX,
        {**_HERE, "identity.serial": None, "gaps": {Part.IDENTITY: say("page_names_no_box")}},
    ),
    Case(
        "a MAC address where a serial number is pinned",
        box.check_identity,
        CodeName.WRONG_BOX,
        {**_HERE, "identity.serial": "b8:27:eb:aa:bb:cc"},
        evidence="only its MAC address b8:27:eb:aa:bb:cc",
    ),
    Case(
        "the same MAC address in another spelling",
        box.check_identity,
        None,
        {**_HERE, "identity.serial": "b8:27:eb:aa:bb:cc"},
        {"serial": "B8-27-EB-AA-BB-CC"},
    ),
    Case(
        "not linked, and no token to link it with",
        link.check_no_server,
        CodeName.CHECK_NO_SERVER,
        {**_HERE, "store": Store()},
        {"token": None},
        kind=_BLOCKED,
        repairable=False,
    ),
    Case(
        "not linked, and a token",
        link.check_no_server,
        CodeName.CHECK_NO_SERVER,
        {**_HERE, "store": Store()},
        kind=FindingClass.PENDING,
        repairable=True,
    ),
    Case(
        "linked elsewhere within its customer, and no token",
        link.check_server,
        CodeName.SERVER_DIFFERS,
        {**_HERE, "store.server_url": "https://old.example.com"},
        {"token": None, "own_servers": ("https://old.example.com",)},
        kind=_BLOCKED,
        repairable=False,
    ),
    Case(
        "a link that was not read", link.check_no_server, None, {"store": Store(), "unseen": (Part.STORE_SERVER_URL,)}
    ),
    Case(
        "a UUID that was not read", link.check_no_credential, None, {"store": Store(), "unseen": (Part.STORE_DB_UUID,)}
    ),
    Case(
        "a contract that was not read beside a UUID that was",
        link.check_credentials,
        None,
        {"store.enterprise_code": None, "unseen": (Part.STORE_ENTERPRISE_CODE,)},
    ),
    Case(
        "a UUID that differs beside a link that was not read",
        link.check_credentials,
        CodeName.CREDENTIALS_DIFFER,
        {"store.db_uuid": Secret("another"), "unseen": (Part.STORE_SERVER_URL,)},
        kind=FindingClass.PENDING,
    ),
    Case(
        "a database name that no page shows",
        link.check_db_name,
        None,
        {"store.db_name": None, "unseen": (Part.STORE_DB_NAME,)},
    ),
    Case(
        "a clock that no page can set",
        clock.check_clock,
        CodeName.WRONG_CLOCK,
        {**_HERE, "clock.skew_seconds": 4000.0},
        kind=_BLOCKED,
        repairable=False,
    ),
)
