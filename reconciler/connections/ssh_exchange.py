"""Read the output of one command over SSH within limits."""

from __future__ import annotations

import asyncio

import asyncssh

from ..model import framing
from . import reply
from .ssh_meter import TooMuch

LONGEST_OUTPUT = 256 << 10
"""Bytes of all that comes: the reply, what a login shell prints before it, messages on standard error."""
LONGEST_ERRORS = 64 << 10
"""Bytes kept of what comes on standard error, the last ones."""
_HEAD = 64
"""More bytes than the line in front of a reply has."""


class Exchange(asyncssh.SSHClientSession[bytes]):
    """What came back so far. `news` is set at every change.

    Args:
        follows: bytes that may follow the reply, which is over only when the channel is then.
    """

    def __init__(self, follows: int = 0) -> None:
        self._follows = follows
        self.output = bytearray()
        self.errors = bytearray()
        self.status: int | None = None
        self.signal: str | None = None
        self.has_ended = False
        self.is_flooded = False
        self.news = asyncio.Event()
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None
        self._reply_ends: int | None = None
        self._announced = 0
        self._received = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be waited for: the reply is whole, or the channel has ended or is cut off."""
        return (
            self.has_ended
            or self.is_flooded
            or (not self._follows and self._reply_ends is not None and len(self.output) >= self._reply_ends)
        )

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        """Take the channel; called by asyncssh, as the following are."""
        self._channel = chan

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Keep what comes, within limits."""
        if self.is_flooded:
            return
        self._received += len(data)
        if datatype == asyncssh.EXTENDED_DATA_STDERR:
            self.errors += data
            del self.errors[:-LONGEST_ERRORS]
        else:
            self._take(data)
        if self._received > LONGEST_OUTPUT + self._follows or self._announced > reply.BOUNDS.size:
            self._cut_off()
        self.news.set()

    def exit_status_received(self, status: int) -> None:
        """Note how the program ended."""
        self.status = status

    def exit_signal_received(self, signal: str, core_dumped: bool, msg: str, lang: str) -> None:  # noqa: ARG002, FBT001
        """Note what ended the program."""
        self.signal = signal

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more will come."""
        self.has_ended = True
        self.is_flooded = self.is_flooded or isinstance(exc, TooMuch)
        self.news.set()

    async def until_over(self) -> None:
        """Wait for the end."""
        while not self.is_over:
            self.news.clear()
            await self.news.wait()

    def _take(self, data: bytes) -> None:
        begin = max(0, len(self.output) - _HEAD)
        self.output += data
        if self._reply_ends is None and (found := framing.find(self.output, begin)) is not None:
            self._reply_ends = found[1]
            self._announced = found[1] - found[0]

    def _cut_off(self) -> None:
        self.is_flooded = True
        self.output.clear()
        if self._channel is not None:
            self._channel.abort()
