"""Ask `/hw_proxy/hello`, the one route that every branch has and that has no effect; it answers `ping`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ..model.statement import Statement, say, told
from .streams import ByteReader, Dial, connected, reason

_MOST = 1 << 13
_REQUEST = "GET /hw_proxy/hello HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Said:
    """What came of asking.

    Args:
        problem: why the homepage does not answer, `None` when it does.
        by_another: somebody answered, and it is not the homepage of a box.
    """

    problem: Statement | None = None
    by_another: bool = False


async def answers(dial: Dial, host: str, port: int, seconds: float) -> Said:
    """Ask."""
    try:
        async with asyncio.timeout(seconds), connected(dial, host, port) as (reader, writer):
            writer.write(_REQUEST.format(host=host).encode("ascii", errors="replace"))
            await writer.drain()
            reply = await _all(reader)
    except OSError as error:
        return Said(told(reason(error)))
    problem = judged(reply)
    return Said(problem, by_another=problem is not None and bool(reply))


async def _all(reader: ByteReader) -> bytes:
    received = bytearray()
    while len(received) < _MOST and (data := await reader.read(_MOST)):
        received += data
    return bytes(received[:_MOST])


def judged(reply: bytes) -> Statement | None:
    """Return what is wrong with an answer; header names and further headers do not matter."""
    head, _, body = reply.partition(b"\r\n\r\n")
    status = head.split(b"\r\n", 1)[0].split(b" ", 2)
    if not head.startswith(b"HTTP/1.") or len(status) < 2 or not status[1].isdigit():  # noqa: PLR2004
        return say("no_http" if reply else "no_answer")
    if status[1] != b"200":
        return say("http_status", status=int(status[1][:3]))
    return None if body.strip() == b"ping" else say("no_box")
