"""HTTP on the wire, by h11: one request read from a stream, and the bytes of its answer."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import h11

from .machine.web import WebReply, WebRequest

BODY_LIMIT = 1 << 20
_CHUNK = 1 << 14


class Malformed(Exception):
    """What came is not HTTP, or too much of it; `status` is what to answer."""

    def __init__(self, status: int) -> None:
        super().__init__(f"to be answered with {status}")
        self.status = status


class WebExchange:
    """One request and one answer, after which the connection ends."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._connection = h11.Connection(h11.SERVER)

    async def request(self) -> WebRequest | None:
        """Return the request that comes, None when the client leaves before it is whole.

        Raises:
            Malformed: it is not HTTP, or its body is over 1 MiB.
        """
        try:
            head = await self._next()
            if not isinstance(head, h11.Request):
                return None
            body = bytearray()
            while isinstance(part := await self._next(), h11.Data):
                body += part.data
                if len(body) > BODY_LIMIT:
                    raise Malformed(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except h11.RemoteProtocolError as error:
            raise Malformed(error.error_status_hint) from None
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
        return WebRequest(head.method.decode("ascii"), head.target.decode("ascii"), headers, bytes(body))

    def reply(self, reply: WebReply) -> bytes:
        """Return an answer as it is sent."""
        headers = [*reply.headers, ("Connection", "close")]
        head = h11.Response(status_code=int(reply.status), headers=headers, reason=reply.reason)
        data = h11.Data(data=b"" if self._connection.their_state is h11.ERROR else reply.body)
        return b"".join(self._connection.send(event) or b"" for event in (head, data, h11.EndOfMessage()))

    async def _next(self) -> h11.Event | type[h11.NEED_DATA | h11.PAUSED]:
        while (event := self._connection.next_event()) is h11.NEED_DATA:
            self._connection.receive_data(await self._reader.read(_CHUNK))
        return event
