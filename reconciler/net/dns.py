"""Ask one DNS server one question: over UDP, and again over TCP if the answer does not fit into a datagram."""

from __future__ import annotations

import errno
import secrets
import socket
import struct
from collections.abc import Callable
from functools import partial

from .dns_message import DnsReply, NotOurAnswer, decode_answer, encode_query
from .replies import DnsRefusal
from .stream import TimedStream, TimeLimit, connect

Decode = Callable[[bytes], DnsReply]
"""Reads a message as the answer to one question."""

_LENGTH = struct.Struct("!H")
_LARGEST_DATAGRAM = 65535
_SENDINGS = 3


def ask(server: str, port: int, name: str, limit: TimeLimit) -> tuple[str, ...]:
    """Return the IPv4 addresses that a server gives for a name.

    Args:
        server: IPv4 or IPv6 address.

    Raises:
        TimeoutError: no answer came.
        DnsRefusal: the answer is an error (NXDOMAIN, SERVFAIL, REFUSED, and NODATA where the name exists without an
            IPv4 address).
        OSError: the answer makes no sense.
    """
    identifier = secrets.randbelow(1 << 16)
    awaited = partial(decode_answer, identifier=identifier, name=name)
    try:
        query = encode_query(identifier, name)
        answer = _ask_datagram(server, port, query, limit, awaited)
        if answer.truncated:
            answer = awaited(_ask_stream(server, port, query, limit))
    except ValueError as error:
        raise OSError(f"{server}: {error}") from None
    except TimeoutError:
        raise TimeoutError(errno.ETIMEDOUT, f"{server} did not answer within {limit.seconds:g} s") from None
    if answer.rcode != "NOERROR":
        raise DnsRefusal(server, answer.rcode)
    if not answer.addresses:
        raise DnsRefusal(server, "NODATA", ": the name has no IPv4 address")
    return answer.addresses


def _ask_datagram(server: str, port: int, query: bytes, limit: TimeLimit, awaited: Decode) -> DnsReply:
    """Send the question up to three times, since datagrams get lost, and take the first answer to it."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        server, port, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST
    )[0]
    with socket.socket(family, kind, protocol) as connection:
        connection.connect(address)  # so that strangers are not heard and "port unreachable" is
        for sending in range(_SENDINGS):
            connection.send(query)
            answer = _await_answer(connection, TimeLimit(limit.left() / (_SENDINGS - sending)), awaited)
            if answer is not None:
                return answer
    raise limit.passed()


def _await_answer(connection: socket.socket, share: TimeLimit, awaited: Decode) -> DnsReply | None:
    while True:
        try:
            connection.settimeout(share.left())
            return awaited(connection.recv(_LARGEST_DATAGRAM))
        except NotOurAnswer:
            continue
        except TimeoutError:
            return None


def _ask_stream(server: str, port: int, query: bytes, limit: TimeLimit) -> bytes:
    with connect(server, port, limit) as connection:
        stream = TimedStream(connection, limit)
        stream.sendall(_LENGTH.pack(len(query)) + query)
        with stream.makefile("rb") as reader:
            head = reader.read(_LENGTH.size)
            length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else _LARGEST_DATAGRAM
            message = reader.read(length)
    if len(message) != length:
        raise ConnectionError(f"{server} closed the connection in the middle of its answer")
    return message
