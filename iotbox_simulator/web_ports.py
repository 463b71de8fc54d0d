"""A port that can be closed and opened again, and TLS that presents what nginx has loaded at that moment."""

from __future__ import annotations

import asyncio
import socket
import ssl
import tempfile
from collections.abc import Awaitable, Callable
from functools import lru_cache
from pathlib import Path

from .machine.nginx import Loaded

BACKLOG = 64
Address = tuple[str, int]
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Port:
    """Listens or not; its number stays reserved meanwhile by a socket that is bound and does not listen."""

    def __init__(self, address: Address, handler: Handler, context: ssl.SSLContext | None = None) -> None:
        self._handler = handler
        self._context = context
        self._reserved = _bound(address)
        self._address: Address = self._reserved.getsockname()[:2]
        self._server: asyncio.Server | None = None

    @property
    def number(self) -> int:
        """The number, chosen by the system where 0 was asked for."""
        return self._address[1]

    async def set(self, *, listening: bool) -> None:
        """Listen, or let the kernel refuse; connections that there are go on. Once released, nothing listens again."""
        if not listening or self._reserved.fileno() < 0:
            self._close()
        elif self._server is None:
            listener = _bound(self._address)
            try:
                self._server = await asyncio.start_server(
                    self._handler, sock=listener, ssl=self._context, backlog=BACKLOG
                )
            except BaseException:
                listener.close()
                raise

    def release(self) -> None:
        """Stop for good and give the number back."""
        self._close()
        self._reserved.close()

    def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


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
