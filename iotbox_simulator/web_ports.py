"""A port that can be closed and opened again, and TLS that presents what nginx has loaded at that moment.

Connections are accepted here and not by asyncio's server, which keeps to itself what it has accepted and not handed on
yet: whoever ends the serving could not close it.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path

from .machine.nginx import Loaded

BACKLOG = 64
Address = tuple[str, int]
_PAUSE = 1.0
"""Seconds after which a port looks again whether it can accept."""


class Port:
    """Listens or not; once reserved, its number stays so by a socket that is bound and does not listen.

    Args:
        meet: takes over a connection that was accepted.
    """

    def __init__(self, address: Address, meet: Callable[[socket.socket], None]) -> None:
        self._address = address
        self._meet = meet
        self._reserved: socket.socket | None = None
        self._listener: socket.socket | None = None

    @property
    def number(self) -> int:
        """The number, chosen by the system where 0 was asked for."""
        return self._address[1]

    def reserve(self) -> None:
        """Take the number.

        Raises:
            OSError: somebody else has it.
        """
        self._reserved = _bound(self._address)
        self._address = self._reserved.getsockname()[:2]

    def set(self, *, listening: bool) -> None:
        """Listen, or let the kernel refuse; connections that there are go on. Once released, nothing listens again."""
        if not listening or self._reserved is None:
            self._close()
        elif self._listener is None:
            self._listener = _bound(self._address)
            self._listener.listen(BACKLOG)
            self._attend(self._listener)

    def release(self) -> None:
        """Stop for good and give the number back; what has not been met by now is refused."""
        self._close()
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None

    def _close(self) -> None:
        if self._listener is not None:
            asyncio.get_running_loop().remove_reader(self._listener)
            self._listener.close()
            self._listener = None

    def _attend(self, listener: socket.socket) -> None:
        if listener is self._listener:
            asyncio.get_running_loop().add_reader(listener, self._accept, listener)

    def _accept(self, listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):  # who knocked has gone
            return
        except OSError:  # no descriptor or memory is left: the connection waits until there is
            loop = asyncio.get_running_loop()
            loop.remove_reader(listener)
            loop.call_later(_PAUSE, self._attend, listener)
            return
        self._meet(connection)


@asynccontextmanager
async def streams(
    connection: socket.socket, context: ssl.SSLContext | None
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Serve a connection in this block; nothing of it is open afterwards, however the block is left.

    An exception, cancellation among them, breaks it off; otherwise what was written is sent, and TLS ended properly.

    Args:
        context: what the server speaks TLS with, None for none.

    Raises:
        OSError: the client broke the connection or failed the handshake.
    """
    reader, writer = await _opened(connection, waits=context is not None)
    below_tls = writer.transport
    try:
        if context is not None:
            await writer.start_tls(context)
        yield reader, writer
        writer.close()
        await writer.wait_closed()
    finally:
        # under TLS, closing waits for the client's word, and does nothing at all before the handshake has begun
        below_tls.abort()


async def _opened(connection: socket.socket, *, waits: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Return the streams of a connection; if it `waits`, nothing is read from it before TLS is."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(loop=loop)
    writers: list[asyncio.StreamWriter] = []

    def begin(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if waits and isinstance(writer.transport, asyncio.ReadTransport):
            writer.transport.pause_reading()
        writers.append(writer)

    await loop.connect_accepted_socket(lambda: asyncio.StreamReaderProtocol(reader, begin, loop=loop), connection)
    return reader, writers[0]


class Presenting:
    """The TLS side of nginx.

    Args:
        old_image: images before 25.x allow nothing newer than TLS 1.2.
    """

    def __init__(self, *, old_image: bool) -> None:
        self.pair: Loaded | None = None
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.options |= ssl.OP_NO_TICKET
        if old_image:
            self.context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.context.sni_callback = self._choose

    def _choose(
        self, session: ssl.SSLObject | ssl.SSLSocket, _name: str | None, _context: ssl.SSLContext
    ) -> int | None:
        """Put the pair of this moment into a handshake, whatever name it asks for."""
        if self.pair is None:
            return ssl.ALERT_DESCRIPTION_INTERNAL_ERROR
        session.context = _holding(self.pair)
        return None


@lru_cache(maxsize=1024)
def _holding(pair: Loaded) -> ssl.SSLContext:
    """Return a context with a pair; the boxes of one database share theirs."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = Path(folder, "certificate"), Path(folder, "key")
        certificate.write_bytes(pair.certificate)
        key.write_bytes(pair.key)
        context.load_cert_chain(certificate, key)
    return context


def _bound(address: Address) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.settimeout(0.0)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound
