"""The box program over SSH: what is sent, who becomes root, and what comes of every kind of answer."""

from __future__ import annotations

import asyncio
import json
import platform
import struct
from datetime import UTC, datetime

import pytest

from reconciler.box.paths import RUNTIME
from reconciler.codes import CodeName, Variant
from reconciler.connections import ssh, ssh_run
from reconciler.machine.posix.surroundings import PATH
from reconciler.model.desired import Request
from reconciler.model.secret import Secret
from reconciler.results.result import Result
from tests.support.ssh_servers import GOOD, REPLY, REQUEST, Handler, Process, SshLab, go, really, said, visited

PYTHON = platform.python_version()


def codes(result: Result) -> list[str]:
    return [each.code for each in result.after]


def ran_here(result: Result) -> bool:
    """Tell whether the real program ran on this machine: it saw that this is no box, or could not take its lock."""
    if result.observed is not None:
        return codes(result) == [CodeName.UNSUPPORTED_LAYOUT] and result.observed.layout.python == PYTHON
    (only,) = result.after
    return only.code == CodeName.BUSY or only.evidence.startswith(RUNTIME)


def run(lab: SshLab, handler: Handler, request: Request = REQUEST, **changes: object) -> tuple[Result, list[str]]:
    """Run one request against a server that does this; return the result and the commands that it got.

    Args:
        changes: of the connection; `runs_commands=False` for a server that runs no other command either.
    """
    runs_commands = bool(changes.pop("runs_commands", True))
    results: list[Result] = []
    commands: list[str] = []

    async def scenario() -> None:
        async with lab.serve(handler, runs_commands=runs_commands) as served:
            results.append(await visited(lab.target(served, **changes), request))
            await served.left_alone()
            commands.extend(served.commands)

    go(scenario())
    return results[0], commands


ENGLISH = f"/usr/bin/env LC_ALL=C PATH={PATH}"


@pytest.mark.parametrize(
    ("changes", "begin"),
    [
        ({}, f"{ENGLISH} sudo -n "),
        ({"become": False}, f"{ENGLISH} /"),
        ({"user": "root"}, f"{ENGLISH} /"),
        ({"user": "root", "become_password": Secret("canary-sudo")}, f"{ENGLISH} /"),
        ({"become_password": Secret("canary-sudo")}, f"{ENGLISH} sudo -S -p iot-https-"),
    ],
)
def test_program_runs_for_real(ssh_lab: SshLab, changes: dict[str, object], begin: str) -> None:
    result, commands = run(ssh_lab, really(ssh_lab.folder), REQUEST, **changes)
    assert ran_here(result)
    assert commands[0].startswith(begin)
    assert "canary" not in commands[0]


def test_request_is_dated_when_it_is_sent_and_secrets_travel_on_standard_input(ssh_lab: SshLab) -> None:
    got: list[bytes] = []

    async def handle(process: Process) -> None:
        got.append(await process.stdin.read())
        process.stdout.write(REPLY)
        process.exit(0)

    before = datetime.now(UTC)
    result, commands = run(ssh_lab, handle)
    program, size = struct.unpack(">QQ", got[0][:16])
    body = json.loads(got[0][16 + program :])
    assert len(got[0]) == 16 + program + size
    assert before < datetime.fromisoformat(body["sent_at"]) < datetime.now(UTC)
    assert body["desired"]["token"] == "canary-token"
    assert "canary" not in commands[0]
    assert result == GOOD


@pytest.mark.parametrize(
    "handler",
    [
        said(b"Welcome to the box\r\n" + REPLY + b"logout\n"),
        said(REPLY, b"warning\n" * 200_000),
        said(REPLY, b"sudo: unable to resolve host iotbox\n", 1),
    ],
)
def test_noise_around_the_reply_does_not_matter(ssh_lab: SshLab, handler: Handler) -> None:
    assert run(ssh_lab, handler)[0] == GOOD


def test_what_a_shell_says_instead_is_shown(ssh_lab: SshLab) -> None:
    result, _ = run(ssh_lab, said(b"Today nothing runs here.\n", b"", 1))
    assert codes(result) == [CodeName.NOT_OBSERVED]
    assert "Today nothing runs here." in result.after[0].evidence


def test_whole_reply_is_enough_where_the_channel_stays_open(ssh_lab: SshLab) -> None:
    async def handle(process: Process) -> None:
        for begin in range(0, len(REPLY), 20):
            process.stdout.write(REPLY[begin : begin + 20])
            await asyncio.sleep(0)
        await process.wait_closed()

    assert run(ssh_lab, handle)[0] == GOOD


def test_flood_is_bounded(ssh_lab: SshLab) -> None:
    async def handle(process: Process) -> None:
        while not process.channel.is_closing():
            process.stdout.write(b"x" * 65536)
            await process.stdout.drain()

    result, _ = run(ssh_lab, handle)
    assert codes(result) == [CodeName.NOT_OBSERVED]
    assert "more came from it, or was announced, than any reply needs" in result.after[0].evidence


@pytest.mark.parametrize("sent", [0, len(REPLY) // 2])
def test_connection_that_breaks_at_work_is_said(ssh_lab: SshLab, sent: int) -> None:
    async def handle(process: Process) -> None:
        await process.stdin.read()
        process.stdout.write(REPLY[:sent])
        await process.stdout.drain()
        process.channel.get_connection().abort()

    result, _ = run(ssh_lab, handle)
    assert codes(result) == [CodeName.REPLY_CUT_OFF]


def test_program_that_is_killed_is_told_from_a_broken_connection(ssh_lab: SshLab) -> None:
    async def handle(process: Process) -> None:
        process.exit_with_signal("KILL")

    result, _ = run(ssh_lab, handle)
    assert codes(result) == [CodeName.NOT_OBSERVED]
    assert "signal KILL" in result.after[0].evidence


def test_reply_that_the_box_cuts_off_is_told_from_a_broken_connection(ssh_lab: SshLab) -> None:
    result, _ = run(ssh_lab, said(REPLY[:-20]))
    assert codes(result) == [CodeName.NOT_OBSERVED]
    assert "cut off" in result.after[0].evidence


def test_silence_ends_at_the_deadline(ssh_lab: SshLab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh_run, "GRACE_SECONDS", 0.1)

    async def handle(process: Process) -> None:
        await process.wait_closed()

    result, _ = run(ssh_lab, handle, Request(desired=REQUEST.desired, deadline_seconds=0.1))
    assert codes(result) == [CodeName.DEADLINE]


def test_server_without_commands_is_said(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with ssh_lab.serve(None) as served:
            result = await visited(ssh_lab.target(served), REQUEST)
            assert codes(result) == [CodeName.LOGIN_BLOCKED]
            assert result.after[0].variant == Variant.NO_SESSION

    go(scenario())


def test_one_connection_serves_several_runs(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with ssh_lab.serve(said(REPLY)) as served:
            async with ssh.session(ssh_lab.ssh(served)) as box:
                assert [await box.run(REQUEST), await box.run(REQUEST)] == [GOOD, GOOD]
            assert len(served.connections) == 1
            await served.left_alone()

    go(scenario())


def test_cancelling_passes_and_closes_the_connection(ssh_lab: SshLab) -> None:
    begun = asyncio.Event()

    async def handle(process: Process) -> None:
        begun.set()
        await process.wait_closed()

    async def scenario() -> None:
        async with ssh_lab.serve(handle) as served:
            task = asyncio.create_task(visited(ssh_lab.target(served), REQUEST))
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await served.left_alone()

    go(scenario())
