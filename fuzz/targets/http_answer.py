"""HTTP answers as bytes: the client of the box program, its proxy tunnel, and the look at the homepage."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.codes import CATALOGUE, CodeName
from reconciler.codes.writing.sentences import sentence
from reconciler.net.http import exchange, open_tunnel
from reconciler.net.stream import TimedStream, TimeLimit
from reconciler.net.url import Proxy, RequestTarget
from reconciler.probe.hello import judged

from ..oracle import check_refusal, check_shown, planted

_LIMIT = 1000
_SECONDS = 10.0
_TARGET = RequestTarget("box.example", 80, "/", default_port=True)
_OK = b"HTTP/1.1 200 OK\r\n"


@dataclass(slots=True)
class _Peer:
    """A socket from which a few bytes at a time come."""

    data: bytes
    timeouts: int = 0

    def settimeout(self, value: float | None, /) -> None:
        """Count."""
        self.timeouts += value is not None

    def send(self, data: memoryview, /) -> int:
        """Take everything."""
        return len(data)

    def recv_into(self, buffer: memoryview, /) -> int:
        """Give what is left."""
        piece, self.data = self.data[: len(buffer)], self.data[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def seeds() -> list[bytes]:
    """Answers with every framing, and their mistakes."""
    return [
        _OK + b"Content-Length: 4\r\n\r\nping",
        _OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nping\r\n0\r\n\r\n",
        _OK + b"Transfer-Encoding: gzip\r\nContent-Encoding: br\r\n\r\n@@",
        _OK + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nping",
        _OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 302 @@\xff\r\nLocation: file:///etc/passwd\r\n\r\n",
        b"HTTP/1.1 407 Proxy\r\nX: @@\r\n y\r\n\r\n",
        b"220 mail.example ESMTP @@\r\n",
        b"\x15\x03\x01\x00\x02\x02F",
        b"",
    ]


def one_input(data: bytes) -> None:
    """An answer of bounded size, or an error in one line that repeats nothing."""
    raw = planted(data)
    try:
        reply = exchange(_stream(raw), "GET", _TARGET, {}, None, limit=_LIMIT)
        check_shown(reply.reason.replace("CANARY", ""))
        assert len(reply.body) <= _LIMIT
        assert reply.status in range(1000)
    except (ValueError, OSError) as error:
        check_refusal(str(error))
    try:
        open_tunnel(_stream(raw), _TARGET, Proxy("proxy.example", 3128))
    except (ValueError, OSError) as error:
        check_refusal(str(error).replace("CANARY", ""))
    problem = judged(raw)
    if problem is not None:
        check_shown(sentence(problem, CATALOGUE[CodeName.HOMEPAGE_UNREACHABLE].sentences))


def _stream(raw: bytes) -> TimedStream:
    return TimedStream(_Peer(raw), TimeLimit(_SECONDS))
