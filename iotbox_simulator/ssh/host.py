"""What the SSH servers of many boxes share in one process and one loop, and the clean end of all of it."""

from __future__ import annotations

import asyncio
import logging
import resource
import secrets
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Any, Self

import asyncssh

from ..live import LiveBox
from . import server, strays
from .access import Access
from .account import account
from .box import SshBox, new_key
from .listener import Listener
from .program import ProgramThreads
from .scratch import Scratch, scratch

_LOG = logging.getLogger(__name__)
_MOST_FILES = 1 << 16


class SshHost:
    """Serves boxes until its block is left; then nothing of theirs runs any more, on this machine or on a box.

    async with SshHost() as host:
        boxes = [host.open(live, ("127.0.0.1", 0), access) for live in fleet]
    """

    def __init__(self) -> None:
        self.boxes: list[SshBox] = []
        self.connections: set[asyncssh.SSHServerConnection] = set()
        self.programs = ProgramThreads()
        self.mark = secrets.token_hex(16)
        self._stack = AsyncExitStack()
        self._scratch: Scratch | None = None
        self._clients: set[asyncio.Task[None]] = set()
        self._work: set[asyncio.Task[None]] = set()

    @property
    def scratch(self) -> Scratch:
        """Where commands run."""
        if self._scratch is None:
            raise RuntimeError("the host is used outside of its block")
        return self._scratch

    def open(
        self, live: LiveBox, where: tuple[str, int], access: Access, host_key: asyncssh.SSHKey | None = None
    ) -> SshBox:
        """Begin to serve one box.

        Args:
            where: address and port; the system chooses a port for 0, see `SshBox.address`.
            host_key: private key by which the box is known; a new one unless told.

        Raises:
            OSError: the address is not free, or not ours.
        """
        listener = Listener(where, lambda sock: self._keep(self._clients, server.attend(box, self, sock)))
        box = SshBox(live, access, listener, host_key or new_key())
        listener.listen()
        self.boxes.append(box)
        return box

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Let the command of a client run, which may outlive its connection."""
        self._keep(self._work, work)

    async def __aenter__(self) -> Self:
        """Prepare the scratch folders.

        Raises:
            PermissionError: commands could only be run as root, which they are not.
        """
        _allow_many_files()
        self._scratch = self._stack.enter_context(scratch(account()))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        async with self._stack:
            await self._stop()

    async def _stop(self) -> None:
        for box in self.boxes:
            box.listener.close()
        for task in self._clients:
            task.cancel()
        connections = tuple(self.connections)
        for connection in connections:
            connection.abort()
        await asyncio.gather(*self._clients, return_exceptions=True)
        await asyncio.gather(*(each.wait_closed() for each in connections))
        await asyncio.to_thread(strays.end, self.mark)
        await asyncio.gather(*self._work, return_exceptions=True)
        self.programs.close()

    @staticmethod
    def _keep(kept: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        kept.add(task)
        task.add_done_callback(kept.discard)
        task.add_done_callback(_report)


@asynccontextmanager
async def serve_ssh(
    live: LiveBox, where: tuple[str, int], access: Access, host_key: asyncssh.SSHKey | None = None
) -> AsyncIterator[SshBox]:
    """Serve one box, see `SshHost.open`."""
    async with SshHost() as host:
        yield host.open(live, where, access, host_key)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _LOG.error("a defect of the simulator ended a connection", exc_info=error)


def _allow_many_files() -> None:
    """Let this process have as many sockets as it may: each box is one, each client another."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
