"""The way to a box: jump hosts, proxy commands, `ssh_config`, and what a probe can reach on it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import asyncssh
import pytest

from reconciler.codes import CodeName
from reconciler.connections import ssh
from reconciler.model.target import Ssh
from reconciler.results.finding import Finding
from tests.support.servers import serving, silent, unused_port
from tests.support.ssh_servers import GOOD, LOOPBACK, REPLY, REQUEST, Served, SshLab, go, said, visited

CONNECTOR = """
import os, socket, sys, threading
far = socket.create_connection((sys.argv[1], int(sys.argv[2])))
def back():
    while piece := far.recv(65536):
        os.write(1, piece)
    os._exit(0)
print("connector: a word of warning", file=sys.stderr)
threading.Thread(target=back).start()
while piece := os.read(0, 65536):
    far.sendall(piece)
far.shutdown(socket.SHUT_WR)
"""
"""What `nc` does, and it talks."""


Servers = tuple[Served, list[Served]]


@asynccontextmanager
async def box_and_jumps(
    lab: SshLab, number: int = 1, *, known: bool = True
) -> AsyncIterator[tuple[Served, list[Served]]]:
    """Run a box and jump hosts with keys of their own."""
    async with AsyncExitStack() as stack:
        box = await stack.enter_async_context(lab.serve(said(REPLY)))
        jumps = []
        for _ in range(number):
            key = asyncssh.generate_private_key("ssh-ed25519")
            jumps.append(await stack.enter_async_context(lab.serve(host_keys=[key], forwards=True)))
            if known:
                lab.know(f"[{LOOPBACK}]:{jumps[-1].port}", key)
        yield box, jumps


def spec(*jumps: Served) -> str:
    return ",".join(f"gate@{LOOPBACK}:{each.port}" for each in jumps)


async def why(lab: SshLab, way: Ssh) -> Finding:
    with pytest.raises(ssh.NoConnection) as caught:
        async with ssh.session(way):
            pass
    assert str(caught.value) == caught.value.finding.evidence
    return caught.value.finding


@pytest.mark.parametrize("number", [1, 3])
def test_through_jump_hosts(ssh_lab: SshLab, number: int) -> None:
    async def scenario() -> None:
        async with box_and_jumps(ssh_lab, number) as (box, jumps):
            assert await visited(ssh_lab.target(box, proxy_jump=spec(*jumps)), REQUEST) == GOOD
            assert [each.users for each in jumps] == [["gate"]] * number
            beyond = [*(each.port for each in jumps[1:]), box.port]
            assert [each.forwarded for each in jumps] == [[(LOOPBACK, port)] for port in beyond]
            for each in (box, *jumps):
                await each.left_alone()

    go(scenario())


def test_jump_host_whose_key_is_not_known(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with box_and_jumps(ssh_lab, known=False) as (box, (jump,)):
            found = await why(ssh_lab, ssh_lab.ssh(box, proxy_jump=spec(jump)))
            assert found.code == CodeName.JUMP_HOST_FAILED
            assert f"jump host {LOOPBACK}:{jump.port}: " in found.evidence
            assert f"ssh -p {jump.port} gate@{LOOPBACK} true" in found.remedy

    go(scenario())


def test_jump_host_that_is_down_or_silent(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        with unused_port() as port:
            found = await why(ssh_lab, ssh_lab.ssh(22, proxy_jump=f"{LOOPBACK}:{port}"))
        assert found.code == CodeName.JUMP_HOST_FAILED
        assert "refuses connections" in found.evidence
        with serving(silent) as served:
            way = ssh_lab.ssh(22, proxy_jump=f"{LOOPBACK}:{served.port}", connect_timeout=0.3)
            assert "within 0.3 s" in (await why(ssh_lab, way)).evidence

    go(scenario())


def test_jump_host_that_does_not_let_us_in(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with box_and_jumps(ssh_lab) as (box, (jump,)):
            ssh_lab.authorized.write_bytes(asyncssh.generate_private_key("ssh-ed25519").export_public_key())
            found = await why(ssh_lab, ssh_lab.ssh(box, proxy_jump=spec(jump)))
            assert found.code == CodeName.JUMP_HOST_FAILED
            assert "gate@" in found.evidence

    go(scenario())


def test_jump_host_that_does_not_forward(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with box_and_jumps(ssh_lab) as (box, (jump,)):
            jump.forwards = False
            found = await why(ssh_lab, ssh_lab.ssh(box, proxy_jump=spec(jump)))
            assert found.code == CodeName.JUMP_HOST_FAILED

    go(scenario())


def test_box_that_refuses_the_jump_host(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with box_and_jumps(ssh_lab) as (_, (jump,)):
            with unused_port() as port:
                found = await why(ssh_lab, ssh_lab.ssh(port, proxy_jump=spec(jump)))
            assert found.code == CodeName.CONNECTION_REFUSED
            assert "from the jump host" in found.evidence

    go(scenario())


def test_jump_hosts_in_a_circle(ssh_lab: SshLab) -> None:
    config = ssh_lab.folder / "config"
    config.write_text("Host a\n ProxyJump b\nHost b\n ProxyJump a\n")

    async def scenario() -> None:
        found = await why(ssh_lab, ssh_lab.ssh(22, host="a", config_files=(str(config),)))
        assert "circle" in found.evidence

    go(scenario())


def test_over_a_proxy_command(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with box_and_jumps(ssh_lab) as (box, _):
            assert await visited(ssh_lab.target(box, proxy_command=connector(ssh_lab.folder)), REQUEST) == GOOD
            await box.left_alone()

    go(scenario())


@pytest.mark.parametrize(
    ("command", "code", "evidence"),
    [
        ("echo no way >&2; exit 1", CodeName.JUMP_HOST_FAILED, "it printed: no way"),
        ("/no/such/program", CodeName.JUMP_HOST_FAILED, "not found"),
        (
            "echo 'channel 0: open failed: connect failed: Connection refused' >&2; exit 1",
            CodeName.CONNECTION_REFUSED,
            "from the jump host: Connection refused",
        ),
        ("true", CodeName.CONNECTION_FAILED, "closed before an SSH server answered"),
        ("sleep 60", CodeName.CONNECTION_TIMEOUT, "there was no answer within 1 s"),
    ],
)
def test_proxy_command_that_fails(ssh_lab: SshLab, command: str, code: CodeName, evidence: str) -> None:
    async def scenario() -> None:
        shell = f'sh -c "{command}"'
        found = await why(ssh_lab, ssh_lab.ssh(22, proxy_command=shell, connect_timeout=1.0))
        assert found.code == code
        assert evidence in found.evidence

    go(scenario())


def connector(folder: Path) -> str:
    program = folder / "connector.py"
    program.write_text(CONNECTOR)
    return f"{sys.executable} {program} %h %p"


@pytest.mark.parametrize("way", ["direct", "jump", "command"])
def test_probe_reaches_other_ports_by_the_same_way(ssh_lab: SshLab, way: str) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((await reader.readline()).upper() * 10_000)
        await writer.drain()
        writer.close()

    async def scenario() -> None:
        async with box_and_jumps(ssh_lab) as (box, (jump,)):
            server = await asyncio.start_server(echo, LOOPBACK, 0)
            port = server.sockets[0].getsockname()[1]
            changes = {
                "direct": {},
                "jump": {"proxy_jump": spec(jump)},
                "command": {"proxy_command": connector(ssh_lab.folder)},
            }[way]
            async with server, ssh.session(ssh_lab.ssh(box, **changes)) as session:
                reader, writer = await session.dial(LOOPBACK, port)
                writer.write(b"hello\n")
                assert await reader.read() == b"HELLO\n" * 10_000
                writer.close()
                await writer.wait_closed()
            assert ((LOOPBACK, port) in jump.forwarded) is (way == "jump")

    go(scenario())


def test_refusal_beyond_a_jump_host_is_a_refusal(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with (
            box_and_jumps(ssh_lab) as (box, (jump,)),
            ssh.session(ssh_lab.ssh(box, proxy_jump=spec(jump))) as one,
        ):
            with unused_port() as closed, pytest.raises(ConnectionRefusedError):
                await one.dial(LOOPBACK, closed)

    go(scenario())


def test_stream_that_nobody_closes_ends_with_the_session(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with box_and_jumps(ssh_lab) as (box, (jump,)):
            with serving(silent) as served:
                async with ssh.session(ssh_lab.ssh(box, proxy_jump=spec(jump))) as session:
                    reader, writer = await session.dial(LOOPBACK, served.port)
                assert await reader.read() == b""
                writer.close()
            await jump.left_alone()

    go(scenario())


def test_command_that_leads_to_one_place_reaches_no_other(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with box_and_jumps(ssh_lab) as (box, _):
            command = connector(ssh_lab.folder).replace("%h %p", f"{LOOPBACK} {box.port}")
            async with ssh.session(ssh_lab.ssh(box, proxy_command=command)) as session:
                with pytest.raises(OSError, match="leads to one place only"):
                    await session.dial(LOOPBACK, 443)

    go(scenario())
