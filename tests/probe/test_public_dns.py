"""Public DNS, asked with dnspython where a setting says: here a server on loopback, which answers as public ones do."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable

import pytest

from reconciler.model.inquiry import DnsAnswer, DnsOutcome, Whose
from reconciler.probe.public_dns import Dns, ask_public

from ..support.observed import changed, healthy, temporary
from ..support.servers import LOOPBACK, datagrams, unused_datagram_port

NAME = "192-168-1-20.d73e7513.odoo-iot.com"
Answer = Callable[[bytes], list[bytes]]


def said(rcode: int = 0, *addresses: str) -> Answer:
    def answer(query: bytes) -> list[bytes]:
        question = query[12 : query.index(b"\0", 12) + 5]
        head = query[:2] + struct.pack("!5H", 0x8180 | rcode, 1, len(addresses), 0, 0)
        records = (b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + socket.inet_aton(each) for each in addresses)
        return [head + question + b"".join(records)]

    return answer


def ask(answer: Answer, name: str = NAME, seconds: float = 5.0) -> DnsAnswer:
    with datagrams(answer) as server:
        return asyncio.run(Dns(f"{LOOPBACK}#{server.port}", seconds).ask(name))


@pytest.mark.parametrize(
    ("answer", "outcome", "addresses"),
    [
        (said(0, "192.168.1.20"), DnsOutcome.ANSWERED, ("192.168.1.20",)),
        (said(3), DnsOutcome.NO_SUCH_NAME, ()),
        (said(0), DnsOutcome.NO_SUCH_NAME, ()),
        (said(2), DnsOutcome.FAILING, ()),
        (said(5), DnsOutcome.FAILING, ()),
    ],
    ids=["address", "NXDOMAIN", "NODATA", "SERVFAIL", "REFUSED"],
)
def test_what_a_server_says(answer: Answer, outcome: DnsOutcome, addresses: tuple[str, ...]) -> None:
    found = ask(answer)
    assert (found.outcome, found.addresses) == (outcome, addresses)
    assert (found.server, found.whose, found.name) == (LOOPBACK, Whose.PUBLIC, NAME)


def test_a_server_that_is_silent_costs_the_time_for_it_and_no_more() -> None:
    assert ask(lambda _: [], seconds=0.2).outcome is DnsOutcome.SILENT


def test_no_server_there_is_no_answer() -> None:
    with unused_datagram_port() as port:
        assert asyncio.run(Dns(f"{LOOPBACK}#{port}", 0.5).ask(NAME)).outcome is not DnsOutcome.ANSWERED


@pytest.mark.parametrize("name", ["a..b", "x" * 64 + ".odoo-iot.com", "é" * 70])
def test_a_name_that_cannot_exist_is_no_defect(name: str) -> None:
    assert ask(said(0, "192.168.1.20"), name).outcome is DnsOutcome.SILENT


def test_a_box_without_a_name_of_its_own_is_asked_for_nowhere() -> None:
    class Nobody:
        async def ask(self, name: str) -> DnsAnswer:
            raise AssertionError(name)

    fresh = changed(healthy(), {"certificates.live.certificate": temporary()})
    assert asyncio.run(ask_public(Nobody(), fresh)) is None


def test_a_box_is_asked_for_by_the_name_that_clients_use() -> None:
    with datagrams(said(0, "192.168.1.20")) as server:
        found = asyncio.run(ask_public(Dns(f"{LOOPBACK}#{server.port}"), healthy()))
    assert found is not None
    assert found.name == NAME
