"""Flat files are read exactly as the vendor's program reads them, and written so that it reads what was meant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.box.store.flat import FILES, parse, read, render
from reconciler.box.store.values import StoreProblem
from reconciler.model.repair import StoreKey
from tests.box.store.words import lines, words

QUICK = settings(max_examples=60, derandomize=True, deadline=None)
PRINTABLE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1)

READINGS = {
    "bare value, as its Python writes it": (b"M210101", "M210101"),
    "value and newline, as its shell scripts write it": (b"https://db.example\n", "https://db.example"),
    "CRLF is harmless": (b"tok123\r\n", "tok123"),
    "CR alone ends a line too": (b"tok123\rrest", "tok123"),
    "only the first line counts": (b"tok123\nsecond\n", "tok123"),
    "spaces are kept": (b"  tok123 \n", "  tok123 "),
    "a byte order mark is kept": (b"\xef\xbb\xbftok123\n", "\ufefftok123"),
    "a blank first line is empty": (b"\ntok123\n", None),
    "an empty file is empty": (b"", None),
    "a missing file is empty": (None, None),
    "NUL bytes alone are no value": (b"\0" * 19, None),
    "NUL bytes behind a value belong to it": (b"tok\0\0", "tok\0\0"),
    "percent signs are literal": (b"a%b%%c", "a%b%%c"),
}


@pytest.mark.parametrize(("content", "value"), READINGS.values(), ids=READINGS.keys())
def test_a_file_is_read_as_the_vendor_reads_it(content: bytes | None, value: str | None) -> None:
    assert parse(content) == value


@pytest.mark.parametrize("content", [b"tok\xff123\n", b"tok123\nsecond \xe9 line\n"], ids=["first line", "later line"])
def test_a_byte_that_is_not_utf8_is_a_problem(content: bytes) -> None:
    with pytest.raises(StoreProblem, match="not UTF-8"):
        parse(content)


@pytest.mark.parametrize("value", ["", "a\nb", "a\rb", "a\x00b", "a\tb", "a\x85b", "a\u2028b", "a\ud800b"])
def test_what_cannot_be_kept_is_refused_without_showing_it(value: str) -> None:
    with pytest.raises(StoreProblem, match="the token") as caught:
        render(value, "the token")
    assert value not in str(caught.value) or value == ""


@QUICK
@given(PRINTABLE)
def test_what_is_written_is_read_back(value: str) -> None:
    assert parse(render(value)) == value


@QUICK
@given(st.dictionaries(st.sampled_from(StoreKey), st.binary()))
def test_reading_never_raises(files: dict[StoreKey, bytes]) -> None:
    read(files)


@pytest.mark.parametrize(
    ("content", "warning"),
    [
        (bytes(37), "odoo-db-uuid.conf holds 37 NUL bytes and nothing else, as after a power cut"),
        (bytes(36) + b"\n", "odoo-db-uuid.conf holds 36 NUL bytes and nothing else, as after a power cut"),
        (b"1111" + bytes(33), "odoo-db-uuid.conf holds NUL bytes, as after a power cut; write the value again"),
        (b"1111\n" + bytes(32), None),
        (b"1111\n", None),
    ],
)
def test_what_a_power_cut_left_is_named(content: bytes, warning: str | None) -> None:
    assert lines(read({StoreKey.DB_UUID: content}).warnings) == ((warning,) if warning else ())


def test_all_files_give_all_values() -> None:
    reading = read({key: f"{key}\n".encode() for key in FILES})
    assert reading.values == {**{key: str(key) for key in FILES}, StoreKey.DB_NAME: None}
    assert (reading.malformed, reading.warnings, reading.empty) == ((), (), False)


def test_a_malformed_file_is_named_and_no_value_counts() -> None:
    reading = read({StoreKey.TOKEN: b"\xff", StoreKey.DB_UUID: b"1111"})
    assert words(*reading.malformed).startswith("token holds a byte")
    assert set(reading.values.values()) == {None}


def test_every_malformed_file_is_named() -> None:
    malformed = words(*read({StoreKey.TOKEN: b"\xff", StoreKey.SUBJECT: b"\xff"}).malformed)
    assert "token" in malformed
    assert "odoo-subject.conf" in malformed


@pytest.mark.parametrize(
    ("content", "warning"),
    [
        (b"\xef\xbb\xbf1111", "odoo-db-uuid.conf begins with a byte order mark"),
        (b"1111 \n", "odoo-db-uuid.conf has spa"),
    ],
    ids=["byte order mark", "trailing space"],
)
def test_what_becomes_part_of_a_value_is_warned_of(content: bytes, warning: str) -> None:
    (found,) = lines(read({StoreKey.DB_UUID: content}).warnings)
    assert found.startswith(warning)


def test_values_are_not_in_the_representation() -> None:
    assert "tok123" not in repr(read({StoreKey.TOKEN: b"tok123"}))
