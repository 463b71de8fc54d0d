"""TLS over a connection, with OpenSSL fed from memory a piece at a time.

OpenSSL reading the socket itself goes on for as long as bytes arrive: a server that sends nothing but records which it
must pass over keeps it for ever, and no timeout of the socket is ever looked at. Here the limit is, before each piece.
"""

from __future__ import annotations

import errno
import socket
import ssl
from contextlib import suppress
from types import TracebackType
from typing import Self

from .stream import TimeLimit

MOST_IN_HANDSHAKE = 1 << 17
"""Bytes that a server may send in a handshake; a chain of four large certificates is under 10 KiB."""
_PIECE = 1 << 14


class Secured:
    """The client's end; closed as a context manager. Its shape is that of `stream.Peer`.

    Args:
        name: asked for, `None` for none.

    Raises:
        ValueError, TypeError: no server can have this name.
    """

    def __init__(self, connection: socket.socket, context: ssl.SSLContext, name: str | None, limit: TimeLimit) -> None:
        self._connection = connection
        self._limit = limit
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._session = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    @property
    def certificate(self) -> bytes | None:
        """The server's certificate in DER."""
        return self._session.getpeercert(binary_form=True)

    def shake_hands(self) -> None:
        """Do the handshake.

        Raises:
            ssl.SSLError: it failed; the server has been told why.
            TimeoutError: the limit has passed.
            OSError: the connection broke, or the server floods.
        """
        received = 0
        while True:
            try:
                self._session.do_handshake()
            except ssl.SSLWantReadError:
                self._flush()
                received += self._feed()
                if received > MOST_IN_HANDSHAKE:
                    raise OSError(errno.EMSGSIZE, "The server sends too much in the TLS handshake") from None
            except ssl.SSLError:
                with suppress(OSError):  # the alert is a courtesy, the error is what counts
                    self._flush()
                raise
            else:
                return self._flush()

    def settimeout(self, value: float | None, /) -> None:
        """Do nothing: every wait here is under the limit."""

    def send(self, data: memoryview, /) -> int:
        """Send a piece."""
        sent = self._session.write(data[:_PIECE])
        self._flush()
        return sent

    def recv_into(self, buffer: memoryview, /) -> int:
        """Receive what there is, at least a byte; none at the end, announced or not."""
        while True:
            try:
                piece = self._session.read(len(buffer))
            except ssl.SSLWantReadError:
                self._flush()
                self._feed()
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return 0
            else:
                buffer[: len(piece)] = piece
                return len(piece)

    def _feed(self) -> int:
        self._connection.settimeout(self._limit.left())
        piece = self._connection.recv(_PIECE)
        if piece:
            self._incoming.write(piece)
        else:
            self._incoming.write_eof()
        return len(piece)

    def _flush(self) -> None:
        if data := self._outgoing.read():
            self._connection.settimeout(self._limit.left())
            self._connection.sendall(data)
