"""A listening address that can be silenced without losing it; one socket and nothing else while nobody comes."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

_LOG = logging.getLogger(__name__)
_BACKLOG = 128
_SCARCE = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_PAUSE_SECONDS = 1.0


@dataclass(slots=True)
class Listener:
    """Hands accepted sockets over. Use it within a running loop.

    Args:
        where: address and port; port 0 is replaced by what the system chooses.
        accept: takes a connected socket that does not block.
    """

    where: tuple[str, int]
    accept: Callable[[socket.socket], None]
    _socket: socket.socket | None = field(default=None, init=False)

    def listen(self) -> None:
        """Accept connections from now on.

        Raises:
            OSError: the address is not free, or not ours.
        """
        bound = self._bind()
        bound.listen(_BACKLOG)
        asyncio.get_running_loop().add_reader(bound, self._come)

    def refuse(self) -> None:
        """Refuse connections from now on, and keep the address."""
        self._bind()

    def close(self) -> None:
        """Give the address back."""
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            self._socket = None

    def _bind(self) -> socket.socket:
        self.close()
        bound = socket.socket(socket.AF_INET6 if ":" in self.where[0] else socket.AF_INET)
        try:
            bound.settimeout(0)
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(self.where)
        except OSError:
            bound.close()
            raise
        self._socket = bound
        self.where = bound.getsockname()[:2]
        return bound

    def _come(self) -> None:
        for _ in range(_BACKLOG):
            if self._socket is None:
                return
            try:
                connected, _ = self._socket.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                self._pause(error)
                return
            connected.settimeout(0)
            self.accept(connected)

    def _pause(self, error: OSError) -> None:
        """Leave those who come waiting while this process has no room for them."""
        if error.errno not in _SCARCE or self._socket is None:
            raise error
        _LOG.warning("%s:%d accepts nobody for %g s: %s", *self.where, _PAUSE_SECONDS, error.strerror)
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._socket)
        loop.call_later(_PAUSE_SECONDS, self._resume, self._socket)

    def _resume(self, paused: socket.socket) -> None:
        if paused is self._socket:
            asyncio.get_running_loop().add_reader(paused, self._come)
