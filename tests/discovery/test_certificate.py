"""What is read of a served certificate, and for whose names a name server is asked."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reconciler.discovery.certificate import Handshakes, ServedCertificate
from reconciler.discovery.pace import Pace
from reconciler.probe.streams import direct_dial
from tests.hostile.behaviours import NOT_TLS
from tests.support.certificates import Identity, authority, issue, server_context
from tests.support.servers import LOOPBACK, answering, serving

BOX = "*.d73e7513.odoo-iot.com"
HOST = "127-0-0-1"


def trust() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=authority().pem.decode())
    return context


Read = tuple[ServedCertificate | None, list[str]]


def read(port: int, leads_to: tuple[str, ...] = (LOOPBACK,), seconds: float = 20) -> Read:
    asked: list[str] = []

    async def resolve(name: str) -> tuple[str, ...]:
        asked.append(name)
        return leads_to

    handshakes = Handshakes(direct_dial, Pace(1000), resolve, trust())
    return asyncio.run(handshakes.read(LOOPBACK, port, seconds)), asked


def served(
    identity: Identity, folder: Path, leads_to: tuple[str, ...] = (LOOPBACK,)
) -> tuple[ServedCertificate, list[str]]:
    with serving(answering(b""), server_context(identity, folder)) as server:
        found, asked = read(server.port, leads_to)
    assert found is not None
    return found, asked


def test_a_certificate_of_a_box_is_trusted_and_its_name_looked_up(tmp_path: Path) -> None:
    found, asked = served(issue(BOX, BOX[2:], valid=timedelta(days=30)), tmp_path)
    assert asked == [f"{HOST}.d73e7513.odoo-iot.com"] == [found.public_name]
    assert (found.names, found.trusted, found.resolves, found.temporary) == ((BOX, BOX[2:]), True, True, False)
    assert found.is_of_a_box
    assert found.days_left(datetime.now(UTC)) == 29


@pytest.mark.parametrize("leads_to", [(), ("10.0.0.9",)])
def test_a_name_that_leads_elsewhere_is_told_and_not_followed(tmp_path: Path, leads_to: tuple[str, ...]) -> None:
    assert served(issue(BOX), tmp_path, leads_to)[0].resolves is False


STRANGE: dict[str, tuple[str, ...]] = {
    "a wildcard of somebody": ("*.evil.example",),
    "a name that only looks like one of a box": ("*.odoo-iot.com.evil.example",),
    "a name that only ends like one of a box": ("*.evilodoo-iot.com",),
    "no wildcard": ("shop.example",),
    "a box's name without a wildcard": ("d73e7513.odoo-iot.com",),
}


@pytest.mark.parametrize("case", STRANGE)
def test_nobody_is_asked_for_a_name_of_whoever_made_the_certificate(case: str, tmp_path: Path) -> None:
    found, asked = served(issue(*STRANGE[case]), tmp_path)
    assert (asked, found.public_name, found.resolves, found.is_of_a_box) == ([], None, None, False)
    assert found.names == STRANGE[case]


def test_the_temporary_certificate_is_of_a_box(tmp_path: Path) -> None:
    found, asked = served(issue("OdooTempIoTBoxCertificate", by=authority("Nobody's")), tmp_path)
    assert (found.temporary, found.trusted, found.is_of_a_box, asked) == (True, False, True, [])


def test_an_expired_one_and_one_of_nobody_are_not_trusted(tmp_path: Path) -> None:
    expired, _ = served(issue(BOX, valid=timedelta(days=-2)), tmp_path)
    assert (expired.trusted, expired.days_left(datetime.now(UTC))) == (False, -3)
    assert not served(issue(BOX, by=authority("Somebody else")), tmp_path)[0].trusted


@pytest.mark.parametrize("behaviour", NOT_TLS)
def test_what_is_no_handshake_shows_nothing_and_takes_no_longer_than_it_may(behaviour: str) -> None:
    with serving(NOT_TLS[behaviour]) as server:
        assert read(server.port, seconds=1)[0] is None
