"""A terminal for those who want one: a pseudo-terminal of this machine between the client and its command."""

from __future__ import annotations

import asyncio
import errno
import os
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .account import Account
from .session import ServerSession

_CHUNK = 1 << 16
_TAKE = 'exec <"$0" >"$0" 2>&1 && exec "$@"'
"""What makes it the controlling terminal: the first one that the leader of a new session opens."""


@dataclass(slots=True)
class Terminal:
    """Both ends of a pseudo-terminal: ours, and that of the command."""

    ours: int
    theirs: int

    def command(self, *command: str) -> tuple[str, ...]:
        """Return the command that runs this command on the terminal; it must lead a new session."""
        return ("/bin/sh", "-c", _TAKE, os.ttyname(self.theirs), *command)

    def hang_up(self) -> None:
        """Close the far end, so that reading ends when all is read."""
        if self.theirs >= 0:
            os.close(self.theirs)
            self.theirs = -1

    def resize(self, width: int, height: int) -> None:
        """Tell the command how many characters its window has."""
        termios.tcsetwinsize(self.ours, (height, width))


@contextmanager
def opened(session: ServerSession, account: Account) -> Iterator[Terminal]:
    """Open a terminal of the client's size that the command may use."""
    pty = Terminal(*os.openpty())
    try:
        if account.uid is not None and account.gid is not None:
            os.fchown(pty.theirs, account.uid, account.gid)
        os.set_blocking(pty.ours, False)
        pty.resize(*session.channel.get_terminal_size()[:2])
        session.resized = pty.resize
        yield pty
    finally:
        session.resized = None
        pty.hang_up()
        os.close(pty.ours)


async def attend(session: ServerSession, pty: Terminal, child: asyncio.subprocess.Process) -> None:
    """Carry bytes both ways until the command has ended and what it printed was read."""
    async with asyncio.TaskGroup() as group:
        feeding = group.create_task(_feed(session, pty.ours))
        printing = group.create_task(_print(session, pty.ours))
        await child.wait()
        pty.hang_up()
        await printing
        feeding.cancel()


async def _feed(session: ServerSession, terminal: int) -> None:
    loop = asyncio.get_running_loop()
    while piece := await session.stdin.read(_CHUNK):
        while piece:
            try:
                piece = piece[os.write(terminal, piece) :]
            except BlockingIOError:
                await _ready(terminal, loop.add_writer, loop.remove_writer)


async def _print(session: ServerSession, terminal: int) -> None:
    while piece := await _read(terminal):
        session.say(piece)
        await session.drain()


async def _read(terminal: int) -> bytes:
    loop = asyncio.get_running_loop()
    while True:
        try:
            return os.read(terminal, _CHUNK)
        except BlockingIOError:
            await _ready(terminal, loop.add_reader, loop.remove_reader)
        except OSError as error:
            if error.errno == errno.EIO:  # the far end is closed
                return b""
            raise


async def _ready(
    terminal: int, watch: Callable[[int, Callable[[], None]], object], forget: Callable[[int], object]
) -> None:
    ready = asyncio.Event()
    watch(terminal, ready.set)
    try:
        await ready.wait()
    finally:
        forget(terminal)
