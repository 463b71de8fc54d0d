"""A connection that could not be made is tried again as Ansible does, within the box's time, and never a run."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest

from reconciler.codes import CodeName
from reconciler.connections import ssh as over_ssh
from reconciler.connections.ssh import LoginTerms, NoConnection, Session, session
from reconciler.connections.ssh_retry import lasting_session
from reconciler.model.statement import told
from reconciler.model.target import Ssh
from reconciler.results.finding import finding
from tests.support.servers import unused_port
from tests.support.ssh_servers import LOOPBACK, REPLY, REQUEST, Process, SshLab, go, said, visited

WHY = finding(CodeName.CONNECTION_REFUSED, told("192.0.2.1 refuses connections"))
PASSES = NoConnection(WHY, may_pass=True)
STAYS = NoConnection(WHY)
BROKE = NoConnection(WHY, may_pass=True, broke_early=True)
FOUND = SimpleNamespace()


class Played:
    """A box that answers each try with the next of some failures, then with a session; time is what is slept."""

    def __init__(self, answers: Sequence[NoConnection], each_takes: float = 0.0) -> None:
        self.answers = list(answers)
        self.slept: list[float] = []
        self.tries = 0
        self._takes = each_takes

    @asynccontextmanager
    async def session(self, _: Ssh, _terms: LoginTerms) -> AsyncIterator[Session]:
        self.tries += 1
        if self.answers:
            raise self.answers.pop(0)
        yield FOUND  # type: ignore[misc]

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def monotonic(self) -> float:
        return sum(self.slept) + self.tries * self._takes

    def left(self, retries: int, seconds: float = 240.0) -> float:
        """Connect; return what is left of the time."""

        async def scene() -> float:
            way = Ssh(host="192.0.2.1", host_key_alias="till", retries=retries)
            async with lasting_session(way, seconds, sleep=self.sleep, monotonic=self.monotonic) as (box, left):
                assert box is FOUND  # type: ignore[comparison-overlap]
                return left

        return asyncio.run(scene())


@pytest.mark.parametrize(
    ("answers", "retries", "slept", "comes_through"),
    [
        ([], 0, [], True),
        ([PASSES], 0, [], False),
        ([PASSES], 1, [0], True),
        ([PASSES] * 6, 6, [0, 1, 3, 7, 15, 30], True),
        ([PASSES] * 4, 3, [0, 1, 3], False),
        ([STAYS], 3, [], False),
        ([PASSES, STAYS], 3, [0], False),
        ([BROKE], 0, [0], True),
        ([BROKE, BROKE], 0, [0], False),
        ([BROKE, PASSES], 0, [0], False),
        ([BROKE, BROKE, PASSES], 2, [0, 0, 1], True),
        ([PASSES, BROKE], 1, [0, 0], True),
    ],
)
def test_tries_and_pauses_are_those_of_ansible_and_one_for_a_busy_server(
    monkeypatch: pytest.MonkeyPatch,
    answers: list[NoConnection],
    retries: int,
    slept: list[float],
    *,
    comes_through: bool,
) -> None:
    played = Played(answers)
    monkeypatch.setattr(over_ssh, "session", played.session)
    if comes_through:
        assert played.left(retries) == 240 - sum(slept)
    else:
        with pytest.raises(NoConnection) as failed:
            played.left(retries)
        tried = f"; tried {played.tries} times" if played.tries > 1 else ""
        assert failed.value.finding.evidence == f"{WHY.evidence}{tried}"
    assert played.slept == slept


def test_no_try_begins_that_would_leave_the_box_too_little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    played = Played([PASSES] * 100, each_takes=50.0)
    monkeypatch.setattr(over_ssh, "session", played.session)
    with pytest.raises(NoConnection):
        played.left(retries=100)
    assert played.tries == 4


@asynccontextmanager
async def dropping(port: int, times: int) -> AsyncIterator[tuple[int, list[int]]]:
    """A server that drops so many connections before it lets them through to a port, as MaxStartups has it."""
    seen: list[int] = []

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(1 << 16):
                writer.write(piece)
        finally:
            writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(len(seen))
        if len(seen) <= times:
            writer.close()
            return
        far = await asyncio.open_connection(LOOPBACK, port)
        await asyncio.gather(carry(reader, far[1]), carry(far[0], writer), return_exceptions=True)

    async with await asyncio.start_server(accept, LOOPBACK, 0) as server:
        yield server.sockets[0].getsockname()[1], seen


@pytest.mark.parametrize(("times", "connections", "runs"), [(0, 1, 1), (1, 2, 1), (2, 2, 0)])
def test_a_busy_server_is_asked_once_more_and_the_program_runs_once(
    ssh_lab: SshLab, times: int, connections: int, runs: int
) -> None:
    started: list[str | None] = []

    async def counted(process: Process) -> None:
        started.append(process.command)
        await said(REPLY)(process)

    async def scene() -> None:
        async with ssh_lab.serve(counted) as served, dropping(served.port, times) as (port, seen):
            way = ssh_lab.ssh(served, port=port)
            await visited(ssh_lab.target(1, **{name: getattr(way, name) for name in way.__slots__}), REQUEST)
            assert len(seen) == connections

    go(scene())
    assert len(started) == runs


@pytest.mark.parametrize(
    ("changes", "code", "may_pass"),
    [
        ({"identity_files": ("/dev/null",), "identities_only": True}, CodeName.AUTHENTICATION_FAILED, False),
        ({"host_key_alias": "stranger"}, CodeName.HOST_KEY_UNKNOWN, False),
        ({"config_files": ("/does/not/exist",)}, CodeName.CONNECTION_FAILED, False),
        ({"host": "127.0.0.99"}, CodeName.CONNECTION_REFUSED, True),
    ],
)
def test_only_what_may_pass_is_tried_again(
    ssh_lab: SshLab, changes: dict[str, object], code: CodeName, *, may_pass: bool
) -> None:
    async def scene() -> None:
        async with ssh_lab.serve(said(REPLY)) as served:
            with pytest.raises(NoConnection) as failed:
                await contextlib.AsyncExitStack().enter_async_context(session(ssh_lab.ssh(served, **changes)))
            await served.left_alone()
        assert (failed.value.finding.code, failed.value.may_pass) == (code, may_pass)
        assert not failed.value.broke_early

    go(scene())


def test_a_refused_connection_is_tried_again_as_often_as_told(ssh_lab: SshLab) -> None:
    async def scene() -> None:
        with unused_port() as port:
            way = ssh_lab.ssh(port, retries=1)
            result = await visited(ssh_lab.target(1, **{name: getattr(way, name) for name in way.__slots__}), REQUEST)
        assert result.after[0].evidence == f"{LOOPBACK}:{port} refuses connections; tried 2 times"

    go(scene())
