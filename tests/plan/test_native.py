"""What is planned for boxes that are reached by their homepage: their own software does it, in the order it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from reconciler.checks import CONVERGE, Case
from reconciler.checks import run as run_checks
from reconciler.model.desired import CertificateSource, Desired
from reconciler.model.observed import ByHomepage, Certificates, ChainState, Observed, Pair, Store
from reconciler.model.part import Part
from reconciler.model.repair import RepairKind, RestartCondition, StoreKey
from reconciler.model.secret import Secret
from reconciler.model.statement import told
from reconciler.plan import plan
from reconciler.results.result import Repair

from ..support.observed import NOW, certificate, changed, healthy, temporary, wanted

WRITE, RESTART, FETCH = RepairKind.WRITE_STORE, RepairKind.RESTART_ODOO, RepairKind.FETCH_CERTIFICATE
OLD = ByHomepage(unverified=True)
NEW = ByHomepage(asks_at_start_only=True)
HIDDEN = (
    Part.DISK,
    Part.RESOLVERS,
    Part.NGINX,
    Part.MEMORY,
    Part.CERTIFICATES_MIRROR,
    Part.STORE_TOKEN,
    Part.STORE_SUBJECT,
    Part.STORE_DB_NAME,
)
UNREAD = (*HIDDEN, Part.IDENTITY, Part.STORE_SERVER_URL, Part.STORE_DB_UUID, Part.STORE_ENTERPRISE_CODE)
TEMPORARY = Certificates(live=Pair(certificate=temporary()), served=temporary().fingerprint)
DUE = Certificates(
    live=Pair(certificate=certificate(NOW, 3.0), chain=ChainState.OK), served=certificate(NOW).fingerprint
)
NO_HANDSHAKE = Certificates(live=Pair(), serve_error=told("Connection refused"))


@dataclass(frozen=True)
class Row:
    """`planned`: what, in order; `perhaps`: all but the last depends on what is read then."""

    title: str
    planned: tuple[RepairKind, ...]
    pages: ByHomepage = OLD
    unseen: tuple[Part, ...] = HIDDEN
    observed: Mapping[str, object] = field(default_factory=dict)
    desired: Mapping[str, object] = field(default_factory=dict)
    perhaps: bool = False


ROWS = (
    Row("nothing is wrong", ()),
    Row("other credentials cost a restart", (WRITE, RESTART), observed={"store.db_uuid": Secret("other")}),
    Row("unlinked, with a token", (WRITE, RESTART, FETCH), observed={"store": Store(), "certificates": TEMPORARY}),
    Row(
        "unlinked, without one, credentials are stored all the same",
        (WRITE, RESTART),
        observed={"store": Store(), "certificates": TEMPORARY},
        desired={"token": None},
    ),
    Row("due, asked by its route", (FETCH,), observed={"certificates": DUE}),
    Row("due, asked by a start", (RESTART, FETCH), pages=NEW, observed={"certificates": DUE}),
    Row(
        "nothing was read, so it may have to be written",
        (WRITE, RESTART, FETCH),
        unseen=UNREAD,
        observed={"store": Store(), "certificates": TEMPORARY},
        perhaps=True,
    ),
    Row(
        "nothing was read, and nothing is declared",
        (FETCH,),
        unseen=UNREAD,
        observed={"store": Store(), "certificates": TEMPORARY},
        desired={"server_url": None, "token": None, "db_uuid": None, "enterprise_code": None},
    ),
    Row(
        "nginx is down, and reading may make it ask",
        (RESTART, FETCH),
        observed={"certificates": NO_HANDSHAKE},
        unseen=(*HIDDEN, Part.CERTIFICATES_LIVE),
    ),
    Row(
        "nginx is down, and reading is a mere look",
        (RESTART,),
        pages=NEW,
        observed={"certificates": NO_HANDSHAKE},
        unseen=(*HIDDEN, Part.CERTIFICATES_LIVE),
    ),
    Row(
        "nginx is down, and no route restarts",
        (),
        pages=ByHomepage(restarts=False, unverified=True),
        observed={"certificates": NO_HANDSHAKE},
        unseen=(*HIDDEN, Part.CERTIFICATES_LIVE),
    ),
    Row("its status page fails", (), pages=ByHomepage(status_error=told("500")), observed={"certificates": DUE}),
)


def _box(row: Row) -> tuple[Desired, Observed]:
    alone = Pair(certificate=certificate(NOW), chain=ChainState.OK)
    seen = changed(
        healthy(),
        {
            "certificates": Certificates(live=alone, served=certificate(NOW).fingerprint),
            "unseen": row.unseen,
            "by_homepage": row.pages,
            **row.observed,
        },
    )
    return wanted(certificate_source=CertificateSource.NATIVE, resolvers=None, **row.desired), seen


def _planned(row: Row) -> tuple[Repair, ...]:
    desired, seen = _box(row)
    return plan(run_checks(CONVERGE, Case(desired, seen, NOW)), desired, seen, now=NOW)


@pytest.mark.parametrize("row", ROWS, ids=[row.title for row in ROWS])
def test_what_is_planned(row: Row) -> None:
    repairs = _planned(row)
    assert tuple(each.kind for each in repairs) == row.planned
    perhaps = {each.condition for each in repairs if each.kind is not FETCH}
    assert perhaps == ({RestartCondition.STATUS_SHOWS} if row.perhaps else {None} if perhaps else set())


def test_a_token_is_written_with_the_link_alone() -> None:
    linked, unlinked = (
        next(row for row in ROWS if row.title.startswith(each)) for each in ("other", "unlinked, with a")
    )
    assert StoreKey.TOKEN not in _planned(linked)[0].keys
    assert StoreKey.TOKEN in _planned(unlinked)[0].keys
