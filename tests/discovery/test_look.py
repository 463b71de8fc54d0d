"""How one address is looked at: which ports are tried, who is asked, and that every connection waits for its turn."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reconciler.discovery.certificate import Handshakes, ServedCertificate
from reconciler.discovery.found import (
    DiscoveredBox,
    Looked,
    NobodyThere,
    NotLooked,
    OtherServer,
    QuietMachine,
    SaidByBox,
    SearchedPorts,
)
from reconciler.discovery.look import Eyes
from reconciler.discovery.pace import Pace
from reconciler.discovery.page import Asking
from reconciler.model.statement import Statement, say
from reconciler.net.dial import ByteReader, ByteWriter
from reconciler.probe.streams import direct_dial
from tests.support.certificates import authority, issue, server_context
from tests.support.servers import LOOPBACK, Served, serving

from .test_page import OWL, pages

ADDRESS = "10.0.0.20"
SAID = SaidByBox(generation="19.0")
NO_BOX = say("page_no_hello")
HOMEPAGE, HTTPS, HTTP, SSH = 8069, 443, 80, 22


class _Writer:
    def close(self) -> None:
        """There is no connection."""


def looked(doors: dict[int, int], pages: dict[int, SaidByBox | Statement], served: ServedCertificate | None = None):  # type: ignore[no-untyped-def]
    """Look at an address whose ports raise these errors, 0 where one is open; return what came of it, and all dials."""
    dialled: list[int] = []

    async def dial(host: str, port: int) -> tuple[ByteReader, ByteWriter]:
        dialled.append(port)
        if number := doors.get(port, errno.ETIMEDOUT):
            raise OSError(number, "")
        return None, _Writer()  # type: ignore[return-value]

    async def ask(address: str, port: int, certificate: ServedCertificate | None) -> SaidByBox | Statement:
        return pages[port]

    class Shown:
        async def read(self, address: str, port: int, seconds: float) -> ServedCertificate | None:
            return served

    async def host_key(address: str, port: int, seconds: float) -> str | None:
        return "ssh-ed25519 SHA256:x"

    eyes = Eyes(pace=Pace(1e6), dial=dial, ask=ask, handshakes=Shown(), host_key=host_key)  # type: ignore[arg-type]
    return asyncio.run(eyes.look(ADDRESS)), dialled


CERTIFICATE = ServedCertificate(names=("x",), not_after=datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=1))
OF_A_BOX = ServedCertificate(names=("x",), not_after=CERTIFICATE.not_after, temporary=True)
CASES: dict[str, tuple[dict[int, int], dict[int, SaidByBox | Statement], ServedCertificate | None, type[Looked]]] = {
    "nothing": ({}, {}, None, NobodyThere),
    "a machine": ({HOMEPAGE: errno.ECONNREFUSED}, {}, None, QuietMachine),
    "a machine with SSH": ({HOMEPAGE: errno.ECONNREFUSED, SSH: 0}, {}, None, QuietMachine),
    "a box": ({HOMEPAGE: 0, SSH: 0}, {HOMEPAGE: SAID}, None, DiscoveredBox),
    "a box behind nginx alone": ({HTTPS: 0, HTTP: 0}, {HTTP: SAID}, OF_A_BOX, DiscoveredBox),
    "a box beside another server": ({HOMEPAGE: 0, HTTP: 0}, {HOMEPAGE: NO_BOX, HTTP: SAID}, None, DiscoveredBox),
    "a box whose program is down": ({HTTPS: 0, HTTP: 0}, {HTTP: NO_BOX}, OF_A_BOX, DiscoveredBox),
    "a web server": ({HTTPS: 0, HTTP: 0}, {HTTP: NO_BOX}, CERTIFICATE, OtherServer),
    "a server that speaks TLS only": ({HTTPS: 0}, {}, CERTIFICATE, OtherServer),
    "a server that speaks no TLS": ({HTTPS: 0}, {}, None, OtherServer),
    "no route": ({HOMEPAGE: errno.ENETUNREACH}, {}, None, NotLooked),
    "no files left": ({HOMEPAGE: 0, HTTP: errno.EMFILE}, {HOMEPAGE: SAID}, None, NotLooked),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_at_an_address(case: str) -> None:
    doors, answers, served, kind = CASES[case]
    found, dialled = looked(doors, answers, served)
    assert type(found) is kind
    assert found.address == ADDRESS
    assert set(dialled) == (
        {HOMEPAGE, HTTPS} if kind is NobodyThere or case == "no route" else {HOMEPAGE, HTTPS, HTTP, SSH}
    )


def test_a_host_key_is_asked_of_boxes_only() -> None:
    box, _ = looked({HOMEPAGE: 0, SSH: 0}, {HOMEPAGE: SAID})
    machine, _ = looked({HOMEPAGE: errno.ECONNREFUSED, SSH: 0}, {})
    assert box.host_key == "ssh-ed25519 SHA256:x"
    assert not hasattr(machine, "host_key")


def test_every_connection_waits_for_its_turn(tmp_path: Path) -> None:
    turns: list[float] = []
    handshakes: list[object] = []

    def now() -> float:
        turns.append(0.0)
        return 1e6 * len(turns)

    def silent(connection: socket.socket, served: Served) -> None:
        handshakes.append(connection)

    async def resolve(name: str) -> tuple[str, ...]:
        return (LOOPBACK,)

    async def no_key(address: str, port: int, seconds: float) -> str | None:
        return None

    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.load_verify_locations(cadata=authority().pem.decode())
    pace = Pace(1000, now)
    context = server_context(issue("*.d73e7513.odoo-iot.com"), tmp_path)
    with pages(OWL, datetime.now(UTC)) as page, serving(silent, context) as secured:
        eyes = Eyes(
            pace=pace,
            dial=direct_dial,
            ask=Asking(pace, 60),
            handshakes=Handshakes(direct_dial, pace, resolve, trust),
            host_key=no_key,
            ports=SearchedPorts(homepage=page.port, https=secured.port, http=page.port, ssh=secured.port),
            knock_seconds=60,
            seconds=60,
        )
        found = asyncio.run(eyes.look(LOOPBACK))
    assert isinstance(found, DiscoveredBox)
    knocks, keys = 4, 1
    assert len(handshakes) == 2
    assert len(page.requests) == 5
    assert len(turns) == knocks + len(handshakes) + len(page.requests) + keys
