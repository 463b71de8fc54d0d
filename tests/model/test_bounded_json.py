"""JSON is bounded before an object is built of it."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.bounded_json import Bounds, loads

BOUNDS = Bounds(size=1000, values=20, depth=4)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"[" + b"0," * 600 + b"0]", "it has 1203 bytes, 1000 are allowed"),
        (b"[" + b"0," * 20 + b"0]", "more than 20 values"),
        (b"[" * 5 + b"]" * 5, "nested more than 4 deep"),
        (b"{" * 5, "nested more than 4 deep"),
        (b"[]" * 30, "more than 20 values"),
        (b"9" * 999, None),
        (b'"', "Unterminated"),
        (b'"\\', "Unterminated"),
        (b"\xff", "utf-8"),
        (b"", "Expecting value"),
    ],
)
def test_what_is_too_much_or_no_json_is_refused(data: bytes, said: str | None) -> None:
    if said is None:
        loads(data, BOUNDS)
        return
    with pytest.raises(ValueError, match=said):
        loads(data, BOUNDS)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-8-sig"])
@pytest.mark.parametrize("hides", ["x", "\u2200", "\u2222"])
def test_what_another_encoding_would_hide_from_the_count_is_no_json(encoding: str, hides: str) -> None:
    """A byte of a character beyond ASCII looks like a quote, and what follows like a text."""
    data = f'["{hides}",{"[]," * 40}0]'.encode(encoding)
    with pytest.raises(ValueError):  # noqa: PT011 - which of the reasons does not matter
        loads(data, Bounds(size=1000, values=20, depth=4))


@pytest.mark.parametrize("text", ["[[[[[[", ",,,,,,,,,,,,,,,,,,,,,,,,,", '"[{,', "\\", '\\"[[[[[[['])
def test_what_stands_in_a_text_is_not_counted(text: str) -> None:
    assert loads(json.dumps({"a": [text]}).encode(), BOUNDS) == {"a": [text]}


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(database=None)
@given(JSON)
def test_what_is_small_is_read_as_json_reads_it(value: object) -> None:
    assert loads(json.dumps(value).encode(), Bounds(size=10_000, values=1000, depth=40)) == value


FLOODS = [b"[" * (256 << 10), b'"' * (256 << 10), b'\\"' * (128 << 10), b"[0," * (80 << 10), b'{"a":' * (50 << 10)]


@pytest.mark.parametrize("data", FLOODS, ids=[repr(each[:6]) for each in FLOODS])
def test_a_flood_costs_little(data: bytes) -> None:
    began = time.process_time()
    with pytest.raises(ValueError, match=r"allowed|values|deep|Expecting|Unterminated|Extra"):
        loads(data, Bounds(size=256 << 10, values=4096, depth=16))
    assert time.process_time() - began < 0.1
