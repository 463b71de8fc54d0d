"""Commands that are not the box program: run for real on this machine, in the box's scratch home."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from .box import SshBox
from .faults import SshFault
from .scratch import Scratch
from .session import Session
from .strays import MARK

_SHELL = "/bin/sh"
_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
_CHUNK = 1 << 16
_ACCEPTED = ("LANG", "LC_")
"""Variables that a client may set, as in Debian's sshd_config."""


def environment(session: Session, box: SshBox, scratch: Scratch, mark: str) -> dict[str, str]:
    """Return all that a command gets to know; nothing of the simulator's own environment."""
    asked = session.channel.get_environment()
    given = {key: value for key, value in asked.items() if key.startswith(_ACCEPTED)}
    user = box.access.user
    own = {
        "HOME": str(scratch.home(box.name)),
        "LOGNAME": user,
        "PATH": f"{scratch.programs}:{_PATH}",
        "SHELL": _SHELL,
        "USER": user,
        MARK: mark,
    }
    if box.has(SshFault.SUDO_PASSWORD):
        password = box.access.sudo_password
        own["IOT_SIMULATOR_SUDO_ASKS"] = "yes"
        own["IOT_SIMULATOR_SUDO_PASSWORD"] = "" if password is None else password.reveal()
    return given | own


async def run(session: Session, home: Path, variables: dict[str, str], scratch: Scratch) -> None:
    """Run the command, or a shell that reads commands, until it ends or the client goes."""
    pipe = asyncio.subprocess.PIPE
    command = (_SHELL,) if session.command is None else (_SHELL, "-c", session.command)
    child = await asyncio.create_subprocess_exec(
        *command,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        cwd=home,
        env=variables,
        start_new_session=True,
        umask=0o022,
        **scratch.account.identity,
    )
    try:
        status = await _attend(session, child)
    finally:
        if child.returncode is None:
            _end(child)
            await child.wait()
    if status < 0:
        session.die(signal.Signals(-status).name.removeprefix("SIG"))
    else:
        session.exit(status)


async def _attend(session: Session, child: asyncio.subprocess.Process) -> int:
    """Carry bytes both ways until the command has ended and all was read; return its status as of `subprocess`."""
    if child.stdin is None or child.stdout is None or child.stderr is None:
        raise RuntimeError("the command has no pipes")
    async with asyncio.TaskGroup() as group:
        beside = (
            group.create_task(_feed(session.stdin, child.stdin)),
            group.create_task(_end_with_client(session, child)),
        )
        await asyncio.gather(
            _pass_on(child.stdout, session.say, session), _pass_on(child.stderr, session.complain, session)
        )
        status = await child.wait()
        for task in beside:
            task.cancel()
    return status


async def _end_with_client(session: Session, child: asyncio.subprocess.Process) -> None:
    await session.gone.wait()
    _end(child)


async def _feed(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):  # a command need not read what it is given
        while piece := await source.read(_CHUNK):
            sink.write(piece)
            await sink.drain()
        sink.write_eof()


async def _pass_on(source: asyncio.StreamReader, say: Callable[[bytes], None], session: Session) -> None:
    while piece := await source.read(_CHUNK):
        say(piece)
        await session.drain()


def _end(child: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
