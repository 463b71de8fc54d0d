"""How servers misbehave, as tables of name and behaviour, and how much they got rid of meanwhile."""

from __future__ import annotations

import gzip
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tests.support.patience import PATIENCE
from tests.support.servers import Handler, Served, answering, dripping, flooding, interrupting, silent

WAVE = b"x" * 65536
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(b"\0" * (32 << 20))
MOST_SENT = 32 << 20
"""Bytes that a server may get rid of before nobody reads any more: both kernel buffers of loopback, and then some."""


@dataclass(slots=True)
class Counted:
    """A connection that counts what is sent over it."""

    connection: socket.socket
    sent: list[int]

    def sendall(self, data: bytes) -> None:
        """Send."""
        self.connection.sendall(data)
        self.sent.append(len(data))

    def recv(self, size: int) -> bytes:
        """Receive."""
        return self.connection.recv(size)


def counting(handler: Handler, sent: list[int]) -> Handler:
    """Have a behaviour counted."""

    def handle(connection: socket.socket, served: Served) -> None:
        handler(Counted(connection, sent), served)  # type: ignore[arg-type]  # all that behaviours use

    return handle


def pouring(wave: bytes) -> Handler:
    """Send without waiting for a word from the client."""

    def handle(connection: socket.socket, served: Served) -> None:
        while not served.stop.is_set():
            connection.sendall(wave)

    return handle


def saying(words: bytes) -> Handler:
    """Say this at once and wait."""

    def handle(connection: socket.socket, served: Served) -> None:
        connection.sendall(words)
        served.stop.wait(PATIENCE)

    return handle


def closing(connection: socket.socket, served: Served) -> None:
    """End without a word."""


HTTP: Mapping[str, Handler] = MappingProxyType(
    {
        "stalls before the status line": silent,
        "stalls in the status line": dripping(b"HTTP/1.1 2", b"", interval=1),
        "stalls in the headers": dripping(OK + b"X: y\r\n", b"", interval=1),
        "stalls in the body": dripping(OK + b"Content-Length: 100\r\n\r\nx", b"", interval=1),
        "drips the status line": dripping(b"HTTP/1.1 2", b"0"),
        "drips headers": dripping(OK, b"X: y\r\n"),
        "drips a body": dripping(OK + b"Content-Length: 999999\r\n\r\n", b"x"),
        "drips chunks": dripping(CHUNKED, b"1\r\nx\r\n"),
        "continues for ever": flooding(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        "endless status line": flooding(b"HTTP/1.1 200 ", WAVE),
        "endless header": flooding(OK + b"X: ", WAVE),
        "endless headers": flooding(OK, b"X: y\r\n" * 1000),
        "endless body": flooding(OK + b"\r\n", WAVE),
        "huge length": flooding(OK + b"Content-Length: 999999999999\r\n\r\n", WAVE),
        "absurd length": answering(OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n"),
        "endless chunks": flooding(CHUNKED, b"ffff\r\n" + b"x" * 65535 + b"\r\n"),
        "endless chunk size": flooding(CHUNKED, b"0" * 65536),
        "redirects to itself": answering(b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"),
        "redirects to a file": answering(b"HTTP/1.1 301 Moved\r\nLocation: file:///etc/passwd\r\n\r\n"),
        "redirects elsewhere": answering(b"HTTP/1.1 307 Moved\r\nLocation: https://198.51.100.1/\r\n\r\n"),
        "ends at once": answering(b""),
        "ends in the status line": answering(b"HTTP/1.1"),
        "ends in the headers": answering(OK + b"Content-Le"),
        "ends in the body": answering(OK + b"Content-Length: 100\r\n\r\nx"),
        "ends in a chunk": answering(CHUNKED + b"100\r\nx"),
        "length too short": answering(OK + b'Content-Length: 5\r\n\r\n{"result": {}}'),
        "two lengths": answering(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
        "headers twice": answering(OK + b"Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n\r\nx"),
        "compressed without end": answering(OK + b"Content-Encoding: gzip\r\n\r\n" + BOMB),
        "unknown coding": answering(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\nx"),
        "no UTF-8": answering(OK.replace(b"OK", b"\xff\xfe") + b"\xe9: \xff\r\n\r\n\xff\xfe"),
        "terminal commands": answering(b"HTTP/1.1 500 \x1b]0;x\x07\x1b[31m\r\n\r\n"),
        "a mail server": answering(b"220 mail.example ESMTP\r\n"),
        "garbage": answering(bytes(range(256)) * 8),
    }
)
"""Over a connection of the right kind, after a request."""

NOT_TLS: Mapping[str, Handler] = MappingProxyType(
    {
        "silence": silent,
        "end": closing,
        "a mail server": saying(b"220 mail.example ESMTP\r\n"),
        "plain HTTP": interrupting(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        "an alert": interrupting(b"\x15\x03\x03\x00\x02\x02\x28"),
        "garbage": interrupting(bytes(range(256)) * 8),
        "half a record": saying(b"\x16\x03\x03\x40\x00\x02"),
        "records without end": pouring(b"\x16\x03\x03\x40\x00" + b"\0" * 0x4000),
        "bytes without end": pouring(WAVE),
        "alerts without end": pouring(b"\x15\x03\x03\x00\x02\x01\x00" * 1000),
        "a message of 16 MiB": interrupting(b"\x16\x03\x03\x00\x04\x02\xff\xff\xff" + WAVE),
    }
)
"""In place of a handshake."""


def _dns(flags: int, records: Callable[[], bytes] = bytes, number: int = 0) -> Callable[[bytes], list[bytes]]:
    def answer(query: bytes) -> list[bytes]:
        return [query[:2] + struct.pack("!5H", flags, 1, number, 0, 0) + query[12:] + records()]

    return answer


def _ring() -> bytes:
    alias = struct.pack("!HHIH", 5, 1, 60, 4)
    return b"\xc0\x0c" + alias + b"\x01a\xc0\x0c" + b"\x01a\xc0\x0c" + alias + b"\x01b\xc0\x0c"


DNS: Mapping[str, Callable[[bytes], list[bytes]]] = MappingProxyType(
    {
        "stalls": lambda _: [],
        "garbage": lambda _: [bytes(range(256))],
        "nothing": lambda _: [b""],
        "only a header": lambda query: [query[:2] + struct.pack("!5H", 0x8180, 1, 1, 0, 0)],
        "answers others": lambda query: [b"\0\0" + query[2:]] * 50,
        "a ring of aliases": _dns(0x8180, _ring, 2),
        "a ring of pointers": _dns(0x8180, lambda: b"\xc0\x2f", 1),
        "more records than there are": _dns(0x8180, bytes, 65535),
        "refuses": _dns(0x8185),
        "fails": _dns(0x8182),
        "truncates without TCP": _dns(0x8380),
    }
)
"""What comes back for a question over UDP."""
