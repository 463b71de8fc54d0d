"""Routers as real ports: one that hides private addresses, one that is down, one that lies, and one that is well."""

from __future__ import annotations

import ipaddress
import re
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from iotbox_simulator.machine.network import BoxNetwork
from reconciler.codes import CodeName
from reconciler.machine.posix.trust import trusting
from reconciler.net.client import NetworkClient
from tests.support import runs
from tests.support.servers import LOOPBACK, datagrams, unused_datagram_port

C = CodeName
Rules = Callable[[str], tuple[str, ...] | None]
"""From a name to its addresses; None for an answer that says SERVFAIL."""
_DASHED = re.compile(r"(\d+-\d+-\d+-\d+)\.")


def true(name: str) -> tuple[str, ...]:
    """What the real zone answers."""
    dashed = _DASHED.match(name)
    return (dashed[1].replace("-", "."),) if dashed else ("203.0.113.10",)


def hiding(name: str) -> tuple[str, ...]:
    """The same through dnsmasq with `stop-dns-rebind`: private addresses are taken out of the answer."""
    return tuple(each for each in true(name) if each not in map(str, [*ipaddress.ip_network("192.168.1.0/24")]))


@contextmanager
def router(rules: Rules) -> Iterator[int]:
    """Answer A queries on a port of loopback."""

    def answer(query: bytes) -> list[bytes]:
        name, at = [], 12
        while length := query[at]:
            name.append(query[at + 1 : at + 1 + length].decode())
            at += 1 + length
        found = rules(".".join(name))
        head = query[:2] + struct.pack("!5H", 0x8182 if found is None else 0x8180, 1, len(found or ()), 0, 0)
        records = (b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + socket.inet_aton(each) for each in found or ())
        return [head + query[12 : at + 5] + b"".join(records)]

    with datagrams(answer) as server:
        yield server.port


def found(port: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Check a simulated box whose DNS questions go to a real port."""
    fleet = runs.managed("rw_ini")

    def ask(_: BoxNetwork, server: str, name: str, timeout: float) -> tuple[str, ...]:
        return NetworkClient(trusting(), dns_port=port).ask_resolver(server, name, min(timeout, 1.0))

    monkeypatch.setattr(BoxNetwork, "ask_resolver", ask)
    return runs.codes(runs.check(fleet.box, replace(runs.DESIRED, client_resolvers=(LOOPBACK,))))


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (true, None),
        (hiding, C.CLIENT_DNS_REBIND),
        (lambda _: None, C.CLIENT_DNS_OUTAGE),
        (lambda _: ("192.168.1.99",), C.CLIENT_DNS_STALE),
        (lambda _: ("185.199.108.153",), C.CLIENT_DNS_WRONG),
        (lambda _: ("0.0.0.0",), C.CLIENT_DNS_REBIND),
    ],
    ids=["well", "rebind protection", "SERVFAIL", "old entry", "search page", "sinkhole"],
)
def test_a_router_with_rebind_protection_is_told_from_one_that_is_silent(
    rules: Rules, code: CodeName | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with router(rules) as port:
        assert found(port, monkeypatch) == ([code] if code else [])


def test_a_router_that_is_down_is_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    with unused_datagram_port() as port:
        assert found(port, monkeypatch) == [C.CLIENT_DNS_OUTAGE]
