"""What a homepage is asked, and what of its answers is kept: nothing that has an effect, and no secret."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from reconciler.discovery.certificate import ServedCertificate
from reconciler.discovery.found import Identifier, IdentifierKind, SaidByBox
from reconciler.discovery.pace import Pace
from reconciler.discovery.page import GENERATIONS, Asking, identifier
from reconciler.homepage.dialect import Dialect
from reconciler.model.statement import Statement
from tests.hostile.behaviours import HTTP
from tests.support.servers import LOOPBACK, Served, read_request, serving

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PONG = json.dumps({"status": "success", "message": "pong"})
DATA = {
    "db_uuid": "canary-uuid",
    "enterprise_code": "canary-code",
    "hostname": "iotbox",
    "ip": "10.0.0.20",
    "mac": "b8:27:eb:01:02:03",
    "iot_device_status": [],
    "server_status": "https://bakery.example/odoo?token=canary-token",
    "version": "L24.10",
    "system": "Linux",
    "is_certificate_ok": True,
    "certificate_details": "",
}
OWL = {
    "/hw_proxy/hello": "ping",
    "/hw_proxy/get_version": "L24.10",
    "/hw_posbox_homepage/ping": PONG,
    "/hw_posbox_homepage/data": json.dumps(DATA),
}


@contextmanager
def pages(answers: dict[str, str], date: datetime) -> Iterator[Served]:
    def handle(connection: socket.socket, served: Served) -> None:
        request = read_request(connection)
        if not request:  # somebody has only knocked
            return
        path = request.split(b" ")[1].decode()
        served.requests.append(path.encode())
        status, body = ("200 OK", answers[path]) if path in answers else ("404 Not Found", "")
        head = f"HTTP/1.1 {status}\r\nDate: {format_datetime(date, usegmt=True)}\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall((head + body).encode())

    with serving(handle) as served:
        yield served


def ask(port: int, certificate: ServedCertificate | None = None, seconds: float = 20) -> SaidByBox | Statement:
    asking = Asking(Pace(1000), seconds, lambda: NOW)
    return asyncio.run(asking(LOOPBACK, port, certificate))


def certificate(
    days: float = 60, *, trusted: bool = True, temporary: bool = False, name: str | None = "127-0-0-1.d7.odoo-iot.com"
) -> ServedCertificate:
    return ServedCertificate(
        names=("*.x",),
        not_after=NOW + timedelta(days=days),
        trusted=trusted,
        temporary=temporary,
        public_name=name,
    )


READS: dict[str, tuple[ServedCertificate | None, timedelta, bool]] = {
    "a good certificate, and a clock in step": (certificate(), timedelta(), True),
    "a clock that is a little off": (certificate(), timedelta(minutes=4), True),
    "13 days left": (certificate(13.5), timedelta(), True),
    "12 days left": (certificate(12.5), timedelta(), False),
    "expired": (certificate(-1), timedelta(), False),
    "not trusted here": (certificate(trusted=False), timedelta(), False),
    "trusted, and of no box": (certificate(name=None), timedelta(), False),
    "temporary": (certificate(30000, trusted=False, temporary=True), timedelta(), False),
    "none": (None, timedelta(), False),
    "a clock that is behind": (certificate(), timedelta(hours=-1), False),
    "a clock that is ahead": (certificate(), timedelta(days=400), False),
}


@pytest.mark.parametrize("case", READS)
def test_a_status_that_may_fetch_is_read_only_where_it_will_not(case: str) -> None:
    served, skew, reads = READS[case]
    with pages(OWL, NOW + skew) as page:
        said = ask(page.port, served)
    assert (b"/hw_posbox_homepage/data" in page.requests) is reads
    assert isinstance(said, SaidByBox)
    assert (said.linked, said.identifier is not None) == ((True, True) if reads else (None, False))
    assert (said.generation, said.image, said.system) == ("late 17.0, 18.0", "24.10", "Linux")


def test_no_secret_is_kept() -> None:
    with pages(OWL, NOW) as page:
        said = ask(page.port, certificate())
    assert isinstance(said, SaidByBox)
    assert said.server == "https://bakery.example"
    assert said.credentials is True
    assert "canary" not in repr(said)


def test_a_status_that_fails_is_no_reason_not_to_know_the_box() -> None:
    with pages(OWL | {"/hw_posbox_homepage/data": "<html>500</html>"}, NOW) as page:
        said = ask(page.port, certificate())
    assert isinstance(said, SaidByBox)
    assert said.linked is None


@pytest.mark.parametrize("behaviour", HTTP)
def test_who_misbehaves_is_no_box_and_takes_no_longer_than_it_may(behaviour: str) -> None:
    with serving(HTTP[behaviour]) as server:
        assert isinstance(ask(server.port, seconds=1), Statement)


IDENTIFIERS = {
    "10000000abcdef01": IdentifierKind.SERIAL,
    "b8:27:eb:01:02:03": IdentifierKind.MAC,
    "4C4C4544-0042-3510-8052-B4C04F4A4B32": IdentifierKind.UUID,
    "{{ lookup('pipe', 'id') }}": IdentifierKind.OTHER,
    "10000000abcdef01\n": IdentifierKind.OTHER,
    "": IdentifierKind.OTHER,
}


@pytest.mark.parametrize("text", IDENTIFIERS)
def test_an_identifier_is_known_by_its_form(text: str) -> None:
    assert identifier(text) == Identifier(IDENTIFIERS[text], text)


def test_every_dialect_has_a_name() -> None:
    assert set(GENERATIONS) == set(Dialect)
