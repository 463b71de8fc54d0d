"""SFTP of a box: handed on to a program without root's rights, which sees what the box's commands see."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from pathlib import Path
from typing import Protocol

import asyncssh

from .account import Account
from .session import ServerSession

_LOG = logging.getLogger(__name__)
_PROGRAM = Path(__file__).with_name("sftp_server.py")
_CHUNK = 1 << 16


class _Sink(Protocol):
    def write(self, data: bytes) -> None: ...
    def write_eof(self) -> None: ...
    async def drain(self) -> None: ...


async def run(session: ServerSession, home: Path, variables: dict[str, str], account: Account) -> None:
    """Transfer files until the client is done or gone."""
    ours, theirs = socket.socketpair()
    with theirs:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(_PROGRAM),
            str(home),
            str(-1 if account.uid is None else account.uid),
            str(-1 if account.gid is None else account.gid),
            stdin=theirs.fileno(),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            cwd="/",
            env=variables,
            start_new_session=True,
        )
    try:
        await _through(ours, session)
        session.exit(0)
    except (OSError, asyncssh.Error) as error:
        _LOG.debug("SFTP ended", exc_info=error)
        session.exit(1)
    _, errors = await child.communicate()
    if child.returncode is not None and child.returncode > 0:
        _LOG.warning("the SFTP program ended with status %d: %s", child.returncode, errors.decode(errors="replace"))


async def _through(sock: socket.socket, session: ServerSession) -> None:
    async with (
        asyncssh.connect(
            "sftp", sock=sock, config=None, known_hosts=None, username="pi", client_keys=None, agent_path=None
        ) as connection,
        connection.create_process(subsystem="sftp", encoding=None) as far,
        asyncio.TaskGroup() as group,
    ):
        feeding = group.create_task(_feed(session, far.stdin))
        while piece := await far.stdout.read(_CHUNK):
            session.say(piece)
            await session.drain()
        feeding.cancel()


async def _feed(session: ServerSession, sink: _Sink) -> None:
    while piece := await session.stdin.read(_CHUNK):
        sink.write(piece)
        await sink.drain()
    sink.write_eof()
