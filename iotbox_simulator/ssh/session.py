"""One channel of a connection: what the client wants to be run, its input as a stream, and where output goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import asyncssh


class _Flow(asyncio.Transport):
    """A channel as `asyncio.StreamReader` knows transports: what was held back comes after it was asked for, not at
    once, or the reader begins to wait for data that it has just been given."""

    def __init__(self, channel: asyncssh.SSHServerChannel[bytes]) -> None:
        super().__init__()
        self._channel = channel

    def pause_reading(self) -> None:
        self._channel.pause_reading()

    def resume_reading(self) -> None:
        asyncio.get_running_loop().call_soon(self._channel.resume_reading)


class ServerSession(asyncssh.SSHServerSession[bytes]):
    """Hands itself over when the client has said what it wants. Who is written to may be gone at any time.

    Args:
        begin: takes the session over; it must call `exit` or `die` at the end.
    """

    def __init__(self, begin: Callable[[ServerSession], None]) -> None:
        self.command: str | None = None
        self.subsystem: str | None = None
        self.stdin = asyncio.StreamReader()
        self.gone = asyncio.Event()
        self.has_terminal = False
        self.resized: Callable[[int, int], None] | None = None
        self._begin = begin
        self._flows = asyncio.Event()
        self._flows.set()
        self._has_ended = False
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None

    @property
    def channel(self) -> asyncssh.SSHServerChannel[bytes]:
        """The channel, once there is one."""
        if self._channel is None:
            raise RuntimeError("the channel was not opened")
        return self._channel

    def say(self, output: bytes) -> None:
        """Send to standard output, if anybody listens."""
        if not self.gone.is_set():
            self.channel.write(output)

    def complain(self, errors: bytes) -> None:
        """Send to standard error, if anybody listens."""
        if not self.gone.is_set():
            self.channel.write_stderr(errors)

    async def drain(self) -> None:
        """Wait until the client has taken enough of what was sent."""
        await self._flows.wait()

    def exit(self, status: int) -> None:
        """End with an exit status, unless it has ended before."""
        if self._may_end():
            self.channel.exit(status)

    def die(self, signal: str) -> None:
        """End as a program that a signal has ended; the name comes without SIG."""
        if self._may_end():
            self.channel.exit_with_signal(signal)

    def break_connection(self) -> None:
        """Cut the whole connection, as a network does."""
        connection = self.channel.get_connection()
        connection.abort()

    def _may_end(self) -> bool:
        may, self._has_ended = not (self._has_ended or self.gone.is_set()), True
        return may

    # called by asyncssh

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """Take the channel; its flow follows what is read from `stdin`."""
        self._channel = chan
        self.stdin.set_transport(_Flow(chan))

    def pty_requested(
        self,
        term_type: str,  # noqa: ARG002 - the channel remembers them
        term_size: tuple[int, int, int, int],  # noqa: ARG002
        term_modes: Mapping[int, int],  # noqa: ARG002
    ) -> bool:
        """Take a client with a terminal."""
        self.has_terminal = True
        return True

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:  # noqa: ARG002
        """Pass on what a window became, in characters."""
        if self.resized is not None:
            self.resized(width, height)

    def shell_requested(self) -> bool:
        """Take a client without a command."""
        return True

    def exec_requested(self, command: str) -> bool:
        """Take a command."""
        self.command = command
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        """Take the one subsystem that there is."""
        self.subsystem = subsystem
        return subsystem == "sftp"

    def session_started(self) -> None:
        """Begin."""
        self._begin(self)

    def data_received(self, data: bytes, datatype: int | None) -> None:  # noqa: ARG002 - clients send one kind
        """Take input."""
        self.stdin.feed_data(data)

    def eof_received(self) -> bool:
        """Note the end of input; the other direction stays open."""
        self.stdin.feed_eof()
        return True

    def pause_writing(self) -> None:
        """Note that the client is slow."""
        self._flows.clear()

    def resume_writing(self) -> None:
        """Note that it has caught up."""
        self._flows.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Note that nobody is there any more."""
        self.gone.set()
        self._flows.set()
        self.stdin.feed_eof()
