"""Packets that no channel counts end a connection, too: they cost this machine time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest
from asyncssh.packet import Boolean, String, UInt32

from reconciler.codes import CodeName
from reconciler.connections import ssh_meter
from tests.support.ssh_servers import REPLY, REQUEST, Process, SshLab, go, said, visited

WAVE = 100
SECONDS = 60.0
"""Of a box: much more than a flood takes to be ended."""
IGNORE, GLOBAL_REQUEST, WINDOW_ADJUST, DATA = 2, 80, 93, 94

USELESS: Mapping[str, Callable[[Process], None]] = MappingProxyType(
    {
        "to be ignored": lambda process: process.channel.get_connection().send_packet(IGNORE, String(b"x")),
        "for debugging": lambda process: process.channel.get_connection().send_debug("x"),
        "unknown requests": lambda process: process.channel.get_connection().send_packet(
            GLOBAL_REQUEST, String(b"x"), Boolean(False)
        ),
        "no more room": lambda process: process.channel.send_packet(WINDOW_ADJUST, UInt32(0)),
        "empty data": lambda process: process.channel.send_packet(DATA, String(b"")),
    }
)


@pytest.mark.parametrize("kind", USELESS)
def test_useless_packets_without_end_are_one_finding_long_before_the_deadline(ssh_lab: SshLab, kind: str) -> None:
    async def flood(process: Process) -> None:
        while not process.channel.is_closing():
            for _ in range(WAVE):
                USELESS[kind](process)
            await asyncio.sleep(0)

    async def scenario() -> None:
        async with ssh_lab.serve(flood) as served:
            result = await visited(ssh_lab.target(served), replace(REQUEST, deadline_seconds=SECONDS))
        assert [each.code for each in result.after] == [CodeName.NOT_OBSERVED]
        assert "more came from it" in result.after[0].evidence

    go(scenario())


def test_what_comes_before_a_login_is_counted(ssh_lab: SshLab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh_meter, "MOST_OF_A_BOX", 200)

    async def scenario() -> None:
        async with ssh_lab.serve(said(REPLY)) as served:
            result = await visited(ssh_lab.target(served), REQUEST)
        assert [each.code for each in result.after] == [CodeName.CONNECTION_FAILED]
        assert result.after[0].evidence.endswith(ssh_meter.TOO_MUCH)

    go(scenario())
