"""The box program, called over SSH and run in this process on the simulated box.

What `sudo` and the bootstrap say in between is played here; the program itself is the true one, in a thread, and goes
on to its end whoever leaves.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from reconciler.box.__main__ import answer as run_request
from reconciler.box.__main__ import frame
from reconciler.connections import carrier
from reconciler.connections.ssh_command import BoxCommand
from reconciler.model.secret import Secret

from ..live import LiveBox, Program
from ..machine.recorder import Killed
from . import logins
from .box import SshBox
from .faults import SshFault
from .session import ServerSession

PYTHONS = ("python3", "/usr/bin/python3")
"""What a box has."""
THREADS = 2
"""The program only computes: more threads would make the servers' loop wait longer for its turn."""
LONGEST_REQUEST = 16 << 20
_ATTEMPTS = 3
_ANOTHER = "the program that arrived is not of the version that the simulated box runs"


class ProgramThreads:
    """Runs box programs in a few threads, one at a time on each box; `running` is how many have begun and not ended."""

    def __init__(self) -> None:
        self.running = 0
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="box-program")

    async def run(self, live: LiveBox, program: Program, killed_at: int | None) -> bytes | None:
        """Return what a program prints, or None where it was killed."""
        loop = asyncio.get_running_loop()
        self.running += 1
        try:
            return await loop.run_in_executor(self._threads, _run, live, program, killed_at)
        finally:
            self.running -= 1

    def close(self) -> None:
        """End the threads; to be called when nothing runs any more."""
        self._threads.shutdown()


async def answer(session: ServerSession, call: BoxCommand, box: SshBox, programs: ProgramThreads) -> None:
    """Do what a box does that is called like this."""
    if not call.become:
        session.complain(b"a simulated box runs the box program as root only: use sudo\n")
        session.exit(1)
    elif not await _sudo(session, call, box):
        session.exit(1)
    elif call.python not in PYTHONS or box.has(SshFault.NO_PYTHON):
        session.complain(f"sudo: {call.python}: command not found\n".encode())
        session.exit(1)
    else:
        if call.word is not None:
            session.say(f"{call.ready}\n".encode())
        await _bootstrap(session, box, programs)


async def _sudo(session: ServerSession, call: BoxCommand, box: SshBox) -> bool:
    """Play `sudo`; tell whether it lets the call through."""
    if (said := logins.refusal(box.faults)) is not None:
        session.complain(f"{said}\n".encode())
        return False
    if not box.has(SshFault.SUDO_PASSWORD):
        return True
    if call.word is None:
        session.complain(b"sudo: a password is required\n")
        return False
    password = box.access.sudo_password
    for _ in range(_ATTEMPTS):
        session.complain(call.prompt.encode())
        line = await session.stdin.readline()
        if not line.endswith(b"\n"):
            session.complain(b"\nsudo: no password was provided\n")
            return False
        if password == Secret(line[:-1].decode(errors="replace")):
            return True
        session.complain(b"Sorry, try again.\n")
    session.complain(b"sudo: 3 incorrect password attempts\n")
    return False


async def _bootstrap(session: ServerSession, box: SshBox, programs: ProgramThreads) -> None:
    try:
        request = await _request(session.stdin)
    except ValueError as error:
        session.say(frame({"error": str(error)}))
        session.exit(0)
        return
    if not (image := box.live.box.spec.image).runs_program:
        session.say(frame({"unsupported_python": image.python}))
        session.exit(0)
        return
    await deliver(session, box, programs, lambda machine: run_request(request, machine))


async def deliver(session: ServerSession, box: SshBox, programs: ProgramThreads, program: Program) -> None:
    """Run a program on the box, with the faults that it has, and say what it prints."""
    killed_at = box.killed_at if box.has(SshFault.PROGRAM_KILLED) else None
    running = asyncio.ensure_future(programs.run(box.live, program, killed_at))
    if box.has(SshFault.CONNECTION_LOST):
        session.break_connection()
    reply = await asyncio.shield(running)
    if box.has(SshFault.SLOW):
        with suppress(TimeoutError):
            await asyncio.wait_for(session.gone.wait(), box.slow_seconds)
    if reply is None:
        session.die("KILL")
    else:
        session.say(reply)
        session.exit(0)


async def _request(stdin: asyncio.StreamReader) -> bytes:
    """Take the program and the request; ValueError where the bootstrap could not begin."""
    expected = carrier.packed()
    try:
        program_size, request_size = carrier.SIZES.unpack(await stdin.readexactly(carrier.SIZES.size))
        if program_size != len(expected) or await stdin.readexactly(program_size) != expected:
            raise ValueError(_ANOTHER)
        if request_size > LONGEST_REQUEST:
            raise ValueError(f"a request of {request_size} bytes has no room on a box")
        return await stdin.readexactly(request_size)
    except asyncio.IncompleteReadError:
        raise ValueError("the program did not arrive") from None


def _run(live: LiveBox, program: Program, killed_at: int | None) -> bytes | None:
    if killed_at is None:
        return live.run(program)
    with live.caught_up() as box:
        box.recorder.kill_at(killed_at)
        with suppress(Killed):
            live.run(program)
    return None
