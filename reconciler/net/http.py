"""One HTTP request over a connection that is already open, with an answer bounded in size.

`http.client` writes the request and reads status and headers. The body is read here, because its reader takes a
chunk size of -1 as "until the end" and does not notice a body that breaks off.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse
from io import BufferedReader
from typing import cast

from ..printable import printable
from .replies import HttpReply
from .stream import TimedStream
from .url import Proxy, RequestTarget

_PIECE = 1 << 16
_LONGEST_CHUNK_LINE = 1024
_LONGEST_REASON = 100
_NO_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


def exchange(
    stream: TimedStream,
    method: str,
    target: RequestTarget,
    headers: Mapping[str, str],
    body: bytes | None,
    *,
    limit: int,
) -> HttpReply:
    """Send a request and read its answer.

    Args:
        headers: besides Host, Connection, Content-Length and Accept-Encoding.
        limit: bytes of the body to keep at most.

    Raises:
        ValueError: the request cannot be sent as HTTP, or the answer is not HTTP.
        ConnectionError: the answer breaks off.
        OSError: the connection failed.
    """
    _send(stream, method, target, headers, body)
    with _begin(stream, method) as response:
        pieces = iter(()) if response.status in _NO_BODY else _pieces(response)
        content, complete = _collect(pieces, limit)
        return HttpReply(response.status, one_line(response.reason), content, complete)


def open_tunnel(stream: TimedStream, target: RequestTarget, proxy: Proxy) -> None:
    """Have a proxy connect the stream to the target.

    Raises:
        ValueError: what answers is not an HTTP proxy.
        ConnectionError: it refuses, with status and reason.
    """
    lines = [f"CONNECT {target.authority} HTTP/1.1", f"Host: {target.authority}"]
    if proxy.authorization is not None:
        lines.append(f"Proxy-Authorization: {proxy.authorization}")
    stream.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
    with _begin(stream, "CONNECT") as response:
        if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            raise ConnectionError(f"the proxy answered {response.status} {one_line(response.reason)}")


def one_line(text: str) -> str:
    """Return text from the network as one short printable line."""
    return printable(text)[:_LONGEST_REASON]


def _send(
    stream: TimedStream, method: str, target: RequestTarget, headers: Mapping[str, str], body: bytes | None
) -> None:
    connection = HTTPConnection(target.host, target.port)
    connection.sock = cast("socket.socket", stream)
    given = {"Host": target.host_header, "Connection": "close", **headers}
    try:
        connection.request(method, target.path, body, given)
    except OSError:
        raise
    except (ValueError, HTTPException):  # their texts repeat the header or the path
        raise ValueError("the path or a header of the request holds what HTTP does not allow") from None


def _begin(stream: TimedStream, method: str) -> HTTPResponse:
    response = HTTPResponse(cast("socket.socket", stream), method=method)
    with ExitStack() as on_failure:
        on_failure.callback(response.close)
        try:
            response.begin()
        except OSError:
            raise
        except (ValueError, HTTPException):  # their texts repeat what was received
            raise ValueError("the answer does not begin like HTTP") from None
        on_failure.pop_all()
    return response


def _pieces(response: HTTPResponse) -> Iterator[bytes]:
    """Yield the body piece by piece, as RFC 9112 section 6.3 says where it ends."""
    coding = (response.headers["Transfer-Encoding"] or "").strip().lower()
    if coding == "chunked":
        return _chunked(response.fp)
    if coding:
        raise ValueError("the answer has an unknown Transfer-Encoding")
    lengths = {value.strip() for value in response.headers.get_all("Content-Length", [])}
    if not lengths:
        return _until_end(response.fp)
    length = lengths.pop()
    if lengths or not (length.isascii() and length.isdecimal()):
        raise ValueError("the answer has a wrong Content-Length")
    return _exactly(response.fp, int(length))


def _until_end(reader: BufferedReader) -> Iterator[bytes]:
    while piece := reader.read1(_PIECE):
        yield piece


def _exactly(reader: BufferedReader, length: int) -> Iterator[bytes]:
    while length > 0:
        piece = reader.read1(min(length, _PIECE))
        if not piece:
            raise ConnectionError("the answer breaks off before its end")
        length -= len(piece)
        yield piece


def _chunked(reader: BufferedReader) -> Iterator[bytes]:
    while size := _chunk_size(reader):
        yield from _exactly(reader, size)
        if _line(reader) != b"":
            raise ValueError("a chunk of the answer is longer than announced")


def _chunk_size(reader: BufferedReader) -> int:
    digits = _line(reader).partition(b";")[0].strip()
    if not digits or digits.strip(b"0123456789abcdefABCDEF"):
        raise ValueError("the answer holds a chunk without a size")
    return int(digits, 16)


def _line(reader: BufferedReader) -> bytes:
    line = reader.readline(_LONGEST_CHUNK_LINE)
    if line.endswith(b"\n"):
        return line.rstrip(b"\r\n")
    if len(line) == _LONGEST_CHUNK_LINE:
        raise ValueError("the answer holds a chunk without a size")
    raise ConnectionError("the answer breaks off before its end")


def _collect(pieces: Iterator[bytes], limit: int) -> tuple[bytes, bool]:
    """Join pieces up to `limit` bytes; say whether that was all."""
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > limit:
            return bytes(content[:limit]), False
    return bytes(content), True
