"""DNS answers, whole messages with an identifier that fits."""

from __future__ import annotations

import ipaddress
import struct

from reconciler.net.dns_message import decode_answer, encode_query

from ..oracle import check_refusal

_NAME = "10-0-0-1.d73e7513.odoo-iot.com"
_IDENTIFIER = 0x4242


def _message(*records: bytes, flags: int = 0x8180) -> bytes:
    query = encode_query(_IDENTIFIER, _NAME)
    return query[:2] + struct.pack("!5H", flags, 1, len(records), 0, 0) + query[12:] + b"".join(records)


def _record(kind: int, data: bytes, owner: bytes = b"\xc0\x0c") -> bytes:
    return owner + struct.pack("!HHIH", kind, 1, 60, len(data)) + data


def seeds() -> list[bytes]:
    """Addresses, aliases, rings of aliases and of pointers, and refusals."""
    ring = _record(5, b"\x01a\xc0\x0c"), _record(5, b"\xc0\x0c", b"\x01a\xc0\x0c")
    return [
        _message(_record(1, b"\x0a\0\0\1"), _record(1, b"\x0a\0\0\2")),
        _message(_record(5, b"\x01a\xc0\x0c"), _record(1, b"\x0a\0\0\1", b"\x01a\xc0\x0c")),
        _message(*ring),
        _message(_record(5, b"\xc0\xff")),
        _message(_record(16, b"\x3fx" * 60)),
        _message(_record(1, b"123")),
        _message(flags=0x8183),
        _message(flags=0x8380),
        _message()[:12],
        b"",
    ]


def one_input(data: bytes) -> None:
    """Addresses, or a `ValueError` in one line."""
    message = struct.pack("!H", _IDENTIFIER) + data[2:]
    try:
        answer = decode_answer(message, _IDENTIFIER, _NAME)
    except ValueError as error:
        check_refusal(str(error))
        return
    assert answer.rcode.isalnum()
    for address in answer.addresses:
        ipaddress.IPv4Address(address)
