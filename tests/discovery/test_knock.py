"""What a port does is told from what this machine cannot do."""

from __future__ import annotations

import asyncio
import errno

import pytest

from reconciler.discovery.knock import CannotKnock, Door, knock
from reconciler.discovery.pace import Pace
from reconciler.probe.streams import direct_dial
from tests.support.servers import LOOPBACK, serving, silent, unused_port

DOORS = {
    errno.ECONNREFUSED: Door.CLOSED,
    errno.ECONNRESET: Door.CLOSED,
    errno.EHOSTUNREACH: Door.SILENT,
    errno.ETIMEDOUT: Door.SILENT,
    errno.EACCES: Door.SILENT,
}
"""EACCES: it is a broadcast address of this machine's own network."""
HERE = {
    errno.EMFILE: "lower --forks",
    errno.ENETUNREACH: "is the VPN up?",
    errno.EADDRNOTAVAIL: "lower --rate",
    errno.EPERM: "a firewall of this machine",
}


def knocked(number: int) -> Door:
    async def dial(host: str, port: int) -> object:
        raise OSError(number, "")

    return asyncio.run(knock(dial, Pace(1000), "10.0.0.1", 80, 5))  # type: ignore[arg-type]


@pytest.mark.parametrize("number", DOORS, ids=errno.errorcode.get)
def test_an_error_says_what_the_port_does(number: int) -> None:
    assert knocked(number) is DOORS[number]


@pytest.mark.parametrize("number", HERE, ids=errno.errorcode.get)
def test_an_error_of_this_machine_says_nothing_of_the_address(number: int) -> None:
    with pytest.raises(CannotKnock, match=HERE[number].replace("?", r"\?")):
        knocked(number)


def test_a_port_is_open_closed_or_silent() -> None:
    async def stuck(host: str, port: int) -> object:
        return await asyncio.Event().wait()

    with serving(silent) as server, unused_port() as nobody:
        pace = Pace(1000)
        assert asyncio.run(knock(direct_dial, pace, LOOPBACK, server.port, 20)) is Door.OPEN
        assert asyncio.run(knock(direct_dial, pace, LOOPBACK, nobody, 20)) is Door.CLOSED
        assert asyncio.run(knock(stuck, pace, LOOPBACK, nobody, 0.01)) is Door.SILENT  # type: ignore[arg-type]
