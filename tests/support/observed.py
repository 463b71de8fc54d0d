"""A healthy box to start from, so that a test says only what is wrong with its own.

`healthy(now)` together with `wanted()` is in sync; `changed(it, {"odoo.answers": False})` replaces parts by path.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from reconciler.model.desired import Desired
from reconciler.model.observed import (
    Certificate,
    Certificates,
    ChainState,
    Clock,
    Disk,
    Identity,
    Layout,
    Memory,
    Nginx,
    Observed,
    Odoo,
    Pair,
    ResolverOwner,
    Resolvers,
    Store,
    StoreFormat,
)
from reconciler.model.secret import Secret

T = TypeVar("T")

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SUBJECT = "*.d73e7513.odoo-iot.com"
SERVER = "https://shop.example.com"
UUID = "0f5c2d1e-8a3b-4c6d-9e7f-1a2b3c4d5e6f"
CODE = "M2603021234567"
FREE = 64 << 20


def certificate(now: datetime, days_left: float = 60.0, **changes: Any) -> Certificate:
    """Return a real leaf with so many days left of its 90."""
    not_after = now + timedelta(days=days_left)
    leaf = Certificate(
        subject_cn=SUBJECT,
        issuer="CN=R12,O=Let's Encrypt,C=US",
        names=(SUBJECT, SUBJECT.removeprefix("*.")),
        serial_number="04a1",
        not_before=not_after - timedelta(days=90),
        not_after=not_after,
        fingerprint="ab" * 32,
    )
    return dataclasses.replace(leaf, **changes)


def temporary() -> Certificate:
    """Return the leaf that every image carries."""
    return Certificate(
        subject_cn="OdooTempIoTBoxCertificate",
        issuer="CN=OdooTempIoTBoxCertificate,OU=IoT,O=OdooIoT",
        names=(),
        serial_number="c0b0b3ae1a2b7225",
        not_before=datetime(2018, 9, 28, 16, 23, 43, tzinfo=UTC),
        not_after=datetime(2118, 9, 4, 16, 23, 43, tzinfo=UTC),
        fingerprint="212107aca3573a55d4da2a4bb759bf65f246106937e2267f6d9601a6c832953f",
        temporary=True,
    )


def pair(leaf: Certificate, **changes: Any) -> Pair:
    """Return a loadable pair of that leaf; its digest follows the leaf's fingerprint."""
    good = Pair(certificate=leaf, chain=ChainState.OK, digest=f"pair-{leaf.fingerprint}", generation="g1")
    return dataclasses.replace(good, **changes)


def healthy(now: datetime = NOW, store_format: StoreFormat = StoreFormat.INI_RAW) -> Observed:
    """Return a linked box with a real certificate that has 60 days left, and nothing wrong with it."""
    leaf = certificate(now)
    return Observed(
        observed_at=now,
        layout=Layout(store_format=store_format, service_user="odoo", image_version="25.07", python="3.11.2"),
        identity=Identity(serial="10000000abcdef01", address="192.168.1.20"),
        clock=Clock(skew_seconds=0.4, ntp_enabled=True),
        disk=Disk(live_free=FREE, mirror_free=FREE, home_free=FREE, run_free=FREE),
        resolvers=Resolvers(
            owner=ResolverOwner.STATIC,
            live=("1.1.1.1", "8.8.8.8"),
            persistent=("1.1.1.1", "8.8.8.8"),
            resolves=True,
        ),
        store=Store(
            server_url=SERVER,
            token=Secret("rotated-by-the-database"),
            db_name="shop",
            db_uuid=Secret(UUID),
            enterprise_code=Secret(CODE),
            subject=SUBJECT,
        ),
        certificates=Certificates(live=pair(leaf), mirror=pair(leaf), served=leaf.fingerprint),
        nginx=Nginx(running=True),
        odoo=Odoo(answers=True),
        memory=Memory(applied={}),
        gaps={},
    )


def wanted(**changes: Any) -> Desired:
    """Return a desired state, everything managed, that a healthy box meets."""
    full = Desired(
        name="box-1",
        serial="10000000abcdef01",
        server_url=SERVER,
        token=Secret("link-token"),
        db_name="shop",
        db_uuid=Secret(UUID),
        enterprise_code=Secret(CODE),
        resolvers=("1.1.1.1", "8.8.8.8"),
    )
    return dataclasses.replace(full, **changes)


def changed(whole: T, changes: Mapping[str, object]) -> T:
    """Replace parts of nested dataclasses, named by dotted paths such as `certificates.live.problem`."""
    result: Any = whole
    for path, value in changes.items():
        result = _replaced(result, path.split("."), value)
    return result  # type: ignore[no-any-return]


def _replaced(whole: Any, path: list[str], value: object) -> Any:
    head, *rest = path
    part = _replaced(getattr(whole, head), rest, value) if rest else value
    return dataclasses.replace(whole, **{head: part})
