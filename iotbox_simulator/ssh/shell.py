"""Commands that are not the box program: run for real on this machine, in the box's scratch home."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.model.reveal import reveal

from . import logins, module, terminal
from .account import Account
from .box import SshBox
from .faults import SshFault
from .gate import PipeGate
from .program import ProgramThreads, deliver
from .scratch import SUDO_ASKS, SUDO_PASSWORD, SUDO_SAYS, Scratch
from .session import ServerSession
from .strays import MARK

_SHELL = "/bin/sh"
_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
_CHUNK = 1 << 16
_ACCEPTED = ("LANG", "LC_")
"""Variables that a client may set, as in Debian's sshd_config."""


def environment(session: ServerSession, box: SshBox, scratch: Scratch, mark: str) -> dict[str, str]:
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
        own[SUDO_ASKS] = "yes"
        own[SUDO_PASSWORD] = "" if password is None else reveal(password)
    if (said := logins.refusal(box.faults)) is not None:
        own[SUDO_SAYS] = said
    return given | own


@dataclass(frozen=True, slots=True)
class ShellPlace:
    """Where and as whom commands of one box run on this machine."""

    home: Path
    variables: Mapping[str, str]
    account: Account


async def run(session: ServerSession, place: ShellPlace, box: SshBox, programs: ProgramThreads) -> None:
    """Run the command, or a shell that reads commands, until it ends or the client goes.

    A module of the role is taken out of it, and run on the simulated box where the command has come so far.
    """
    command, found = session.command, None
    if command is not None and (filed := module.in_file(command, place.home)) is not None:
        command, found = filed
    words = (_SHELL,) if command is None else (_SHELL, "-c", command)
    gate = PipeGate(is_open=not module.may_be_piped(session.command or "python"))
    status = await (_on_terminal(session, place, words) if session.has_terminal else _run(session, place, words, gate))
    found = found or gate.taken
    if found is not None and status == 0:
        await deliver(session, box, programs, module.program(found, session.command or ""))
    elif status < 0:
        session.die(signal.Signals(-status).name.removeprefix("SIG"))
    else:
        session.exit(status)


async def _on_terminal(session: ServerSession, place: ShellPlace, words: tuple[str, ...]) -> int:
    with terminal.opened(session, place.account) as pty:
        term = session.channel.get_terminal_type() or "dumb"
        child = await _start(pty.command(*words), place, None, TERM=term)
        return await _until_over(session, child, terminal.attend(session, pty, child))


async def _run(session: ServerSession, place: ShellPlace, words: tuple[str, ...], gate: PipeGate) -> int:
    child = await _start(words, place, asyncio.subprocess.PIPE)
    return await _until_over(session, child, _attend(session, child, gate))


async def _start(
    command: tuple[str, ...], place: ShellPlace, stream: int | None, **more: str
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL if stream is None else stream,
        stdout=asyncio.subprocess.DEVNULL if stream is None else stream,
        stderr=asyncio.subprocess.DEVNULL if stream is None else stream,
        cwd=place.home,
        env={**place.variables, **more},
        start_new_session=True,
        umask=0o022,
        **place.account.identity,
    )


async def _until_over(
    session: ServerSession, child: asyncio.subprocess.Process, attending: Coroutine[Any, Any, None]
) -> int:
    """Let bytes be carried until the command has ended, which it does when its client goes; return its status."""
    try:
        async with asyncio.TaskGroup() as group:
            leaving = group.create_task(_end_with_client(session, child))
            await attending
            status = await child.wait()
            leaving.cancel()
    finally:
        if child.returncode is None:
            _end(child)
            await child.wait()
    return status


async def _attend(session: ServerSession, child: asyncio.subprocess.Process, gate: PipeGate) -> None:
    """Carry bytes both ways until all was read."""
    if child.stdin is None or child.stdout is None or child.stderr is None:
        raise RuntimeError("the command has no pipes")
    async with asyncio.TaskGroup() as group:
        feeding = group.create_task(_feed(session.stdin, child.stdin, gate))
        await asyncio.gather(
            _pass_on(child.stdout, session.say, session), _pass_on(child.stderr, session.complain, session)
        )
        feeding.cancel()


async def _end_with_client(session: ServerSession, child: asyncio.subprocess.Process) -> None:
    await session.gone.wait()
    _end(child)


async def _feed(source: asyncio.StreamReader, sink: asyncio.StreamWriter, gate: PipeGate) -> None:
    """Carry input; of a module of the role only what stands before it, which does nothing."""
    with suppress(BrokenPipeError, ConnectionResetError):  # a command need not read what it is given
        while piece := await source.read(_CHUNK):
            sink.write(gate.through(piece))
            await sink.drain()
        gate.close()
        if gate.taken is None:
            sink.write(gate.rest())
        sink.write_eof()


async def _pass_on(source: asyncio.StreamReader, say: Callable[[bytes], None], session: ServerSession) -> None:
    while piece := await source.read(_CHUNK):
        say(piece)
        await session.drain()


def _end(child: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
