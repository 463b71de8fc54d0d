"""DNS messages for one question: what is the IPv4 address of this name?

The box's own `getaddrinfo` cannot be told which server to ask, and its programs (`dig`, `host`) are not on the image.
So the little of RFC 1035 that the question needs is here, as pure functions over bytes; `client.py` sends them.
"""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Iterator
from dataclasses import dataclass

Name = tuple[bytes, ...]
"""A domain name as its labels, lower case, without the root."""

_HEADER = struct.Struct("!6H")
_RECORD = struct.Struct("!HHIH")
_QUESTION = struct.Struct("!HH")

_TYPE_A = 1
_TYPE_CNAME = 5
_CLASS_IN = 1

_ANSWER = 0x8000
_OPCODE = 0x7800
_TRUNCATED = 0x0200
_RECURSION_DESIRED = 0x0100
_RCODE = 0x000F

_POINTER = 0xC0
_LONGEST_LABEL = 63
_LONGEST_NAME = 255
_MOST_POINTERS = 127
"""More than labels fit into a name; a message of 64 KiB could chain thousands, once for every record."""
_IPV4_BYTES = 4

_RCODES = {
    0: "NOERROR",
    1: "FORMERR",
    2: "SERVFAIL",
    3: "NXDOMAIN",
    4: "NOTIMP",
    5: "REFUSED",
    6: "YXDOMAIN",
    7: "YXRRSET",
    8: "NXRRSET",
    9: "NOTAUTH",
    10: "NOTZONE",
}


class NotOurAnswer(ValueError):
    """A message that answers another question: late, misdirected or forged. Wait on for the right one."""


@dataclass(frozen=True, slots=True)
class DnsReply:
    """What a server says. `truncated`: ask again over TCP, the rest means nothing."""

    rcode: str
    addresses: tuple[str, ...]
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class _Record:
    owner: Name
    kind: int
    data_at: int
    data: bytes


def encode_query(identifier: int, name: str) -> bytes:
    """Return the question for the A records of a name, recursion desired.

    Args:
        identifier: 16 random bits.
        name: with or without the final dot; beyond ASCII it is sent as IDNA.

    Raises:
        ValueError: no such name can exist.
    """
    header = _HEADER.pack(identifier, _RECURSION_DESIRED, 1, 0, 0, 0)
    labels = b"".join(bytes([len(label)]) + label for label in parse_name(name))
    return header + labels + b"\0" + _QUESTION.pack(_TYPE_A, _CLASS_IN)


def parse_name(name: str) -> Name:
    """Return the labels of a name.

    Raises:
        ValueError: a label is empty, longer than 63 bytes or not encodable, or the whole is longer than 255.
    """
    labels = tuple(_encode_label(label) for label in name.removesuffix(".").split("."))
    if sum(len(label) + 1 for label in labels) + 1 > _LONGEST_NAME:
        raise ValueError(f"a DNS name is longer than {_LONGEST_NAME} bytes")
    return labels


def _encode_label(label: str) -> bytes:
    encoded = label.encode("ascii" if label.isascii() else "idna").lower()
    if not 0 < len(encoded) <= _LONGEST_LABEL:
        raise ValueError("a label of a DNS name is empty or too long")
    return encoded


def decode_answer(message: bytes, identifier: int, name: str) -> DnsReply:
    """Read what came back for `encode_query(identifier, name)`.

    Args:
        message: one datagram, or one TCP message without its length.

    Returns:
        The addresses that the name has in this answer, aliases followed, in the server's order.

    Raises:
        NotOurAnswer: identifier or question is another one.
        ValueError: the message breaks RFC 1035.
    """
    try:
        return _decode(message, identifier, name)
    except (struct.error, IndexError):
        raise ValueError("a DNS answer ends too early") from None


def _decode(message: bytes, identifier: int, name: str) -> DnsReply:
    found, flags, questions, answers, _, _ = _HEADER.unpack_from(message)
    if found != identifier or not flags & _ANSWER or flags & _OPCODE:
        raise NotOurAnswer("a DNS message is not the answer to our question")
    rcode = _RCODES.get(flags & _RCODE, f"RCODE{flags & _RCODE}")
    offset = _check_question(message, questions, rcode, name)
    if flags & _TRUNCATED or rcode != "NOERROR":
        return DnsReply(rcode, (), truncated=bool(flags & _TRUNCATED))
    records = tuple(_records(message, offset, answers))
    return DnsReply(rcode, tuple(_follow(message, records, parse_name(name))))


def _check_question(message: bytes, questions: int, rcode: str, name: str) -> int:
    if questions == 0 and rcode != "NOERROR":
        return _HEADER.size  # some servers refuse with a bare header
    if questions != 1:
        raise NotOurAnswer("a DNS answer does not repeat our question")
    owner, offset = _read_name(message, _HEADER.size)
    if (owner, *_QUESTION.unpack_from(message, offset)) != (parse_name(name), _TYPE_A, _CLASS_IN):
        raise NotOurAnswer("a DNS answer is about another question")
    return offset + _QUESTION.size


def _records(message: bytes, offset: int, count: int) -> Iterator[_Record]:
    for _ in range(count):
        owner, offset = _read_name(message, offset)
        kind, record_class, _, length = _RECORD.unpack_from(message, offset)
        offset += _RECORD.size
        data = message[offset : offset + length]
        if len(data) != length:
            raise ValueError("a DNS answer ends too early")
        if record_class == _CLASS_IN:
            yield _Record(owner, kind, offset, data)
        offset += length


def _follow(message: bytes, records: tuple[_Record, ...], name: Name) -> Iterator[str]:
    """Yield the addresses of a name; each alias is followed once, so that a ring of them ends."""
    aliases = {record.owner: record for record in reversed(records) if record.kind == _TYPE_CNAME}
    while name in aliases:
        name, _ = _read_name(message, aliases.pop(name).data_at)
    for record in records:
        if record.kind == _TYPE_A and record.owner == name:
            if len(record.data) != _IPV4_BYTES:
                raise ValueError("an address in a DNS answer does not have four bytes")
            yield str(ipaddress.IPv4Address(record.data))


def _read_name(message: bytes, offset: int) -> tuple[Name, int]:
    """Return a name and where it ends.

    A compression pointer must point before everything read so far of this name: the way back is finite then.
    """
    labels: list[bytes] = []
    end: int | None = None
    lowest = offset
    pointers, size = 0, 1
    while length := message[offset]:
        if length & _POINTER == _POINTER:
            target = (length & ~_POINTER) << 8 | message[offset + 1]
            end = offset + 2 if end is None else end
            pointers += 1
            if target >= lowest or pointers > _MOST_POINTERS:
                raise ValueError("a DNS answer holds a compression pointer that leads nowhere")
            offset = lowest = target
            continue
        if length & _POINTER:
            raise ValueError("a DNS answer holds a label of an unknown kind")
        label = message[offset + 1 : offset + 1 + length]
        if len(label) != length:
            raise ValueError("a DNS answer ends too early")
        labels.append(label.lower())
        offset += 1 + length
        size += 1 + length
        if size > _LONGEST_NAME:
            raise ValueError(f"a name in a DNS answer is longer than {_LONGEST_NAME} bytes")
    return tuple(labels), offset + 1 if end is None else end
