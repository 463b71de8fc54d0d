"""How the requests of `session` reach a box: at one address, within one time limit, whatever the library would do.

A timeout of `requests` begins anew with every byte. So its sockets ask, before each wait, what is left of the one limit
of the request that is being made; which one that is, the thread knows.
"""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from requests.adapters import HTTPAdapter
from requests.models import PreparedRequest, Response
from requests.sessions import Session
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from ..net.stream import Lookup, TimeLimit, connect

# it warns of strange headers with a traceback, and repeats them
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)


@dataclass(slots=True)
class Dialled:
    """Where the request of this moment goes.

    Args:
        begun: bytes of the request have left, so the box may act on it.
    """

    address: str
    port: int
    limit: TimeLimit
    lookup: Lookup
    begun: bool = False


_NOW: ContextVar[Dialled | None] = ContextVar("dialled", default=None)


@contextmanager
def dialling(dialled: Dialled) -> Iterator[None]:
    """Send the requests of this thread there, and nowhere else, for the time being."""
    before = _NOW.set(dialled)
    try:
        yield
    finally:
        _NOW.reset(before)


class _TimedSocket(socket.socket):
    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        _wait(self)
        return super().recv_into(buffer, nbytes, flags)

    def sendall(self, data: Any, flags: int = 0) -> None:
        _begin(self)
        super().sendall(data, flags)


class _TimedTlsSocket(ssl.SSLSocket):
    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        _wait(self)
        return super().recv_into(buffer, nbytes, flags)

    def send(self, data: Any, flags: int = 0) -> int:
        _begin(self)
        return super().send(data, flags)


def _wait(waiting: socket.socket) -> None:
    """Give a socket what is left of the limit; one that is used without a limit keeps its own timeout."""
    if (now := _NOW.get()) is not None:
        waiting.settimeout(now.limit.left())


def _begin(sending: socket.socket) -> None:
    _wait(sending)
    if (now := _NOW.get()) is not None:
        now.begun = True


def _dial() -> socket.socket:
    now = _NOW.get()
    if now is None:
        raise RuntimeError("a request outside `dialling`")
    plain = connect(now.address, now.port, now.limit, now.lookup)
    timed = _TimedSocket(plain.family, plain.type, plain.proto, plain.detach())
    timed.settimeout(now.limit.left())  # of a handshake as a whole: OpenSSL counts it down
    return timed


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _dial()


class _Verified(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _dial()


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _VerifiedPool(HTTPSConnectionPool):
    ConnectionCls = _Verified


class DiallingAdapter(HTTPAdapter):
    """Connects to where `dialling` says, whatever host the URL names: that one is for `Host` and the certificate.

    Args:
        context: verifies chain and name, and alone says whom to trust; without one, TLS is not spoken.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        if context is not None:
            context.sslsocket_class = _TimedTlsSocket
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **named: Any) -> None:  # noqa: FBT001, FBT002
        """Make pools whose connections are dialled here."""
        if self._context is not None:
            named["ssl_context"] = self._context
        super().init_poolmanager(connections, maxsize, block, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _VerifiedPool}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ARG002 - the library's shape
        """Leave trust to the context: the library would add the authorities that it brings along."""
        conn.cert_reqs = "CERT_REQUIRED"


class QuietSession(Session):
    """A session without an environment, redirects and cookies."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def get_redirect_target(self, resp: Response) -> str | None:  # noqa: ARG002
        """Return nothing: the library reads a redirect to its end even where it does not follow it."""
        return None

    def send(self, request: PreparedRequest, **named: Any) -> Response:
        """Send, and forget the cookies that came back."""
        try:
            return super().send(request, **named)
        finally:
            self.cookies.clear()
