"""Open the way to a box: directly, through jump hosts, or over a proxy command; and what else it reaches.

Jump hosts are connected here, one after the other, rather than by asyncssh's own `tunnel="host"`: so each failure
belongs to a server, all of them share one time limit, and the last one can lead a probe to the box as well.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Protocol

import asyncssh

from . import ssh_config
from .ssh_hops import Hop

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

CLOSE_SECONDS = 5.0
LAST_WORDS_SECONDS = 1.0
_CHUNK = 1 << 16
_ERRNO = re.compile(r"\[Errno (\d+)\]")
_COMMAND_SAID = 4 << 10
"""Bytes of a proxy command's messages that are kept, the last ones."""


class Way(Protocol):
    """How to get beyond the last server that there is a connection to."""

    async def login(self, options: asyncssh.SSHClientConnectionOptions) -> asyncssh.SSHClientConnection:
        """Connect to an SSH server."""

    async def dial(self, host: str, port: int) -> Streams:
        """Connect to any TCP port; OSError if that is not possible."""


@dataclass(frozen=True, slots=True)
class Direct:
    """From this machine."""

    async def login(self, options: asyncssh.SSHClientConnectionOptions) -> asyncssh.SSHClientConnection:
        """See `Way`."""
        return await asyncssh.connect(options.orig_host, options=options, config=None, tunnel=None)

    async def dial(self, host: str, port: int) -> Streams:
        """See `Way`."""
        return await asyncio.open_connection(host, port)


@dataclass(frozen=True, slots=True)
class Through:
    """From a jump host."""

    jump: asyncssh.SSHClientConnection
    stack: AsyncExitStack

    async def login(self, options: asyncssh.SSHClientConnectionOptions) -> asyncssh.SSHClientConnection:
        """See `Way`."""
        return await asyncssh.connect(options.orig_host, options=options, config=None, tunnel=self.jump)

    async def dial(self, host: str, port: int) -> Streams:
        """See `Way`. The streams are of a real socket, so that TLS can be started on them."""
        try:
            far = await self.jump.open_connection(host, port, encoding=None)
        except asyncssh.ChannelOpenError as error:
            raise refusal(error) from error
        ours, theirs = socket.socketpair()
        near = await asyncio.open_connection(sock=theirs)
        self.stack.push_async_callback(_stop, asyncio.create_task(_join(near, far)))
        return await asyncio.open_connection(sock=ours)


@dataclass(slots=True)
class ProxyCommand:
    """Over the standard streams of a program, such as `ssh -W %h:%p` or a VPN's connector."""

    hop: Hop
    stack: AsyncExitStack
    said: bytearray = field(default_factory=bytearray)

    async def login(self, options: asyncssh.SSHClientConnectionOptions) -> asyncssh.SSHClientConnection:
        """See `Way`. The program's messages are kept apart: asyncssh would take them for the server's."""
        stream, listener = await self._start(self.hop.command or "")
        try:
            return await asyncssh.connect(options.orig_host, options=options, config=None, tunnel=None, sock=stream)
        except (asyncssh.ConnectionLost, ConnectionError):
            await asyncio.wait([listener], timeout=LAST_WORDS_SECONDS)  # it says why it ends after it has closed
            raise

    async def dial(self, host: str, port: int) -> Streams:
        """See `Way`."""
        if not self.hop.template or "%h" not in self.hop.template or "%p" not in self.hop.template:
            raise OSError("the ProxyCommand leads to one place only: write it with %h and %p in the inventory")
        command = ssh_config.expand(self.hop.template, host, port, self.hop.options.username)
        stream, _ = await self._start(command)
        return await asyncio.open_connection(sock=stream)

    async def _start(self, command: str) -> tuple[socket.socket, asyncio.Task[None]]:
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                "/bin/sh",
                "-c",
                f"exec {command}",
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
        listener = asyncio.create_task(self._listen(process.stderr))
        self.stack.push_async_callback(_end, process, listener)
        return ours, listener

    async def _listen(self, errors: asyncio.StreamReader | None) -> None:
        while errors is not None and (piece := await errors.read(_CHUNK)):
            self.said += piece
            del self.said[:-_COMMAND_SAID]


def refusal(error: asyncssh.ChannelOpenError) -> OSError:
    """Return what a jump host says about an address as the operating system would have said it here."""
    reason = error.reason.lower()
    if (number := _ERRNO.search(error.reason)) is not None:
        return OSError(int(number[1]), error.reason)
    if "refused" in reason:
        return ConnectionRefusedError(error.reason)
    if "timed out" in reason:
        return TimeoutError(error.reason)
    if "not known" in reason or "resolution" in reason or "no address associated" in reason:
        return socket.gaierror(error.reason)
    return OSError(error.reason)


async def close(connection: asyncssh.SSHClientConnection) -> None:
    """Close a connection, also one whose other end is gone."""
    connection.close()
    with suppress(TimeoutError):  # then it is cut off
        async with asyncio.timeout(CLOSE_SECONDS):
            await connection.wait_closed()
            return
    connection.abort()


async def _join(near: Streams, far: tuple[asyncssh.SSHReader[bytes], asyncssh.SSHWriter[bytes]]) -> None:
    """Carry bytes both ways until both ends are done."""
    try:
        await asyncio.gather(_carry(near[0], far[1]), _carry(far[0], near[1]))
    finally:
        near[1].close()
        far[1].close()


async def _carry(
    source: asyncio.StreamReader | asyncssh.SSHReader[bytes], sink: asyncio.StreamWriter | asyncssh.SSHWriter[bytes]
) -> None:
    with suppress(OSError, asyncssh.Error):  # whoever reads the other end sees that it ends
        while piece := await source.read(_CHUNK):
            sink.write(piece)
            await sink.drain()
    with suppress(OSError):
        sink.write_eof()


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _end(process: asyncio.subprocess.Process, listener: asyncio.Task[None]) -> None:
    """End a proxy command with all that it started, and collect it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    await _stop(listener)
