"""DNS messages: what is sent, and what is made of answers good, bad and hostile."""

from __future__ import annotations

import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.net.dns_message import DnsReply, NotOurAnswer, decode_answer, encode_query

NAME = "box.odoo-iot.com"
IDENTIFIER = 0x1234
QUESTION = b"\x03box\x08odoo-iot\x03com\x00\x00\x01\x00\x01"
OWNER = b"\xc0\x0c"  # a pointer to the question's name
RECURSIVE_ANSWER = 0x8180


def record(owner: bytes, kind: int, data: bytes, record_class: int = 1) -> bytes:
    return owner + struct.pack("!HHIH", kind, record_class, 60, len(data)) + data


def message(
    *records: bytes, flags: int = RECURSIVE_ANSWER, question: bytes = QUESTION, identifier: int = IDENTIFIER
) -> bytes:
    counts = (1 if question else 0, len(records), 0, 0)
    return struct.pack("!6H", identifier, flags, *counts) + question + b"".join(records)


def address(text: str, owner: bytes = OWNER) -> bytes:
    return record(owner, 1, bytes(int(part) for part in text.split(".")))


def decode(data: bytes, name: str = NAME) -> DnsReply:
    return decode_answer(data, IDENTIFIER, name)


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("example.com", b"\x07example\x03com\x00"),
        ("example.com.", b"\x07example\x03com\x00"),
        ("EXAMPLE.com", b"\x07example\x03com\x00"),
        ("büro.example", b"\x0bxn--bro-hoa\x07example\x00"),
        ("a" * 63 + ".b", b"\x3f" + b"a" * 63 + b"\x01b\x00"),
    ],
)
def test_a_query_is_one_question_with_recursion_desired(name: str, labels: bytes) -> None:
    header = bytes.fromhex("1234 0100 0001 0000 0000 0000")
    assert encode_query(IDENTIFIER, name) == header + labels + b"\x00\x01\x00\x01"


@pytest.mark.parametrize("name", ["", ".", "a..b", ".a", "a" * 64, ".".join(["a" * 49] * 6), "ü" * 64])
def test_a_name_that_cannot_exist_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"label|longer"):
        encode_query(IDENTIFIER, name)


TARGET = b"\x01x\x03net\x00"
OTHER = b"\x01y\x03net\x00"

ADDRESSES = {
    "one": ([address("192.168.1.7")], ("192.168.1.7",)),
    "several, in the server's order": ([address("10.0.0.2"), address("10.0.0.1")], ("10.0.0.2", "10.0.0.1")),
    "owner written out": ([address("10.0.0.1", b"\x03box\x08odoo-iot\x03com\x00")], ("10.0.0.1",)),
    "owner in capitals": ([address("10.0.0.1", b"\x03BOX\xc0\x10")], ("10.0.0.1",)),
    "alias": ([record(OWNER, 5, TARGET), address("10.0.0.1", TARGET)], ("10.0.0.1",)),
    "alias after the address": ([address("10.0.0.1", TARGET), record(OWNER, 5, TARGET)], ("10.0.0.1",)),
    "two aliases": (
        [record(OWNER, 5, TARGET), record(TARGET, 5, OTHER), address("10.0.0.1", OTHER)],
        ("10.0.0.1",),
    ),
    "compressed alias": ([record(OWNER, 5, b"\x01x\xc0\x10"), address("10.0.0.1", b"\xc0\x2e")], ("10.0.0.1",)),
    "ring of aliases": ([record(OWNER, 5, TARGET), record(TARGET, 5, OWNER)], ()),
    "alias to itself": ([record(OWNER, 5, OWNER)], ()),
    "alias that leads nowhere": ([record(OWNER, 5, TARGET)], ()),
    "address of another name": ([address("10.0.0.1", OTHER)], ()),
    "other class": ([record(OWNER, 1, bytes(4), record_class=3)], ()),
    "IPv6 only": ([record(OWNER, 28, bytes(16))], ()),
    "nothing": ([], ()),
}


@pytest.mark.parametrize(("records", "expected"), ADDRESSES.values(), ids=ADDRESSES)
def test_addresses_of_the_name_are_found(records: list[bytes], expected: tuple[str, ...]) -> None:
    assert decode(message(*records)) == DnsReply("NOERROR", expected)


@pytest.mark.parametrize(
    ("code", "name"), [(1, "FORMERR"), (2, "SERVFAIL"), (3, "NXDOMAIN"), (5, "REFUSED"), (15, "RCODE15")]
)
def test_an_error_has_its_name(code: int, name: str) -> None:
    assert decode(message(flags=RECURSIVE_ANSWER | code)) == DnsReply(name, ())


def test_an_error_may_come_without_the_question() -> None:
    assert decode(message(flags=RECURSIVE_ANSWER | 5, question=b"")).rcode == "REFUSED"


def test_a_truncated_answer_says_so_and_nothing_of_it_is_read() -> None:
    cut = message(address("10.0.0.1"), flags=RECURSIVE_ANSWER | 0x0200)[:-3]
    assert decode(cut) == DnsReply("NOERROR", (), truncated=True)


def test_case_of_the_repeated_question_does_not_matter() -> None:
    asked = QUESTION.replace(b"box", b"bOx")
    assert decode(message(address("10.0.0.1"), question=asked)).addresses == ("10.0.0.1",)


FOREIGN = {
    "other identifier": message(identifier=IDENTIFIER + 1),
    "a query": message(flags=0x0100),
    "other opcode": message(flags=RECURSIVE_ANSWER | 0x2000),
    "no question": message(question=b""),
    "other name": message(question=QUESTION.replace(b"box", b"fox")),
    "other type": message(question=QUESTION[:-3] + b"\x1c\x00\x01"),
    "other class": message(question=QUESTION[:-1] + b"\x03"),
}


@pytest.mark.parametrize("data", FOREIGN.values(), ids=FOREIGN)
def test_an_answer_to_another_question_is_not_ours(data: bytes) -> None:
    with pytest.raises(NotOurAnswer):
        decode(data)


FIRST_RECORD = 12 + len(QUESTION)
LONG = b"".join(bytes([63]) + bytes([65 + i]) * 63 for i in range(4)) + b"\x00"

BROKEN = {
    "empty": (b"", "too early"),
    "header only": (message()[:12], "too early"),
    "record cut": (message(address("10.0.0.1"))[:-1], "too early"),
    "record missing": (message(b""), "too early"),
    "pointer to itself": (message(address("10.0.0.1", b"\xc0" + bytes([FIRST_RECORD]))), "pointer"),
    "pointer forward": (message(address("10.0.0.1", b"\xc0\xf0")), "pointer"),
    "pointers in a ring": (message(address("1.1.1.1", b"\x01a\xc0" + bytes([FIRST_RECORD]))), "pointer"),
    "unknown kind of label": (message(address("10.0.0.1", b"\x80")), "unknown kind"),
    "name too long": (message(address("10.0.0.1", LONG)), "longer than 255"),
    "address too short": (message(record(OWNER, 1, b"\x0a\x00\x00")), "four bytes"),
    "address too long": (message(record(OWNER, 1, bytes(5))), "four bytes"),
}


@pytest.mark.parametrize(("data", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_answer_is_a_value_error(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        decode(data)
    assert not isinstance(caught.value, NotOurAnswer)


def test_a_long_chain_of_pointers_costs_little() -> None:
    """Each pointer goes one step back over the one before: the worst that the guard lets through."""
    start = FIRST_RECORD + 10 + 1
    pointers = b"".join(struct.pack("!H", 0xC000 | (12 if i == 0 else start + 2 * (i - 1))) for i in range(60))
    first = record(b"\x00", 16, pointers)
    assert decode(message(first, address("10.0.0.1", pointers[-2:]))).addresses == ("10.0.0.1",)


@settings(database=None, deadline=None)
@given(st.binary(max_size=200))
def test_no_datagram_raises_anything_but_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match="DNS"):
        decode(data)


@settings(database=None, deadline=None)
@given(st.binary(max_size=120), st.integers(0, 3))
def test_no_record_raises_anything_but_a_value_error(data: bytes, count: int) -> None:
    raw = bytearray(message())
    raw[7] = count
    try:
        answer = decode(bytes(raw) + data)
    except ValueError:
        return
    assert answer.rcode == "NOERROR"


def test_a_message_full_of_records_that_share_a_long_chain_of_pointers_is_refused_at_once() -> None:
    start = FIRST_RECORD + 10 + 1
    pointers = b"".join(struct.pack("!H", 0xC000 | (12 if i == 0 else start + 2 * (i - 1))) for i in range(7000))
    records = [record(b"\x00", 16, pointers), *[record(pointers[-2:], 16, b"")] * 3000]
    began = time.process_time()
    with pytest.raises(ValueError, match="pointer"):
        decode(message(*records))
    assert time.process_time() - began < 1  # seconds; following each chain took seven


def test_a_message_full_of_records_that_share_the_longest_name_costs_little() -> None:
    labels = b"\x01x" * 126 + b"\x00"
    owner = struct.pack("!H", 0xC000 | FIRST_RECORD + 11)
    records = [record(b"\x00", 16, labels), *[record(owner, 16, b"")] * 4000]
    began = time.process_time()
    assert decode(message(*records)).addresses == ()
    assert time.process_time() - began < 1.5
