"""Whatever comes back from a box becomes a result."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.box.__main__ import frame
from reconciler.codes import CodeName
from reconciler.connections import reply
from reconciler.model import wire
from reconciler.model.desired import Desired, Mode, Request
from reconciler.model.statement import told
from reconciler.results.finding import finding
from reconciler.results.result import Result

NOW = datetime(2026, 3, 2, tzinfo=UTC)
REQUEST = Request(desired=Desired(name="till"))
GOOD = Result(name="till", mode=Mode.CHECK, started_at=NOW, seconds=1.0, before=(), after=())
WIRE = {"result": wire.encode(GOOD)}


@pytest.mark.parametrize("noise", [b"", b"Welcome to the box\r\n", b"IOT-HTTPS-REPLY nonsense\n", b"\xff\x00\n"])
def test_what_shells_print_before_does_not_matter(noise: bytes) -> None:
    assert reply.read(noise + frame(WIRE) + b"logout\n", REQUEST, NOW) == GOOD


@pytest.mark.parametrize(
    ("output", "errors", "evidence"),
    [
        (b"", "", "did not answer: nothing was printed"),
        (b"hello", "first\nbash: python3: not found\n", "did not answer: bash: python3: not found"),
        (frame(WIRE)[:-20], "", "the reply was cut off after"),
        (frame({"error": "it is Tuesday"}), "", "the box program reports: it is Tuesday"),
        (frame({}), "", "the reply cannot be read"),
        (frame({"result": {"name": 1}}), "", "reply.name is a number, str is expected"),
        (b"\nIOT-HTTPS-REPLY 4\nnope\n", "", "the reply cannot be read"),
        (b"\nIOT-HTTPS-REPLY 4\nnull\n", "", "the reply cannot be read"),
    ],
)
def test_what_is_no_result_says_so(output: bytes, errors: str, evidence: str) -> None:
    result = reply.read(output, REQUEST, NOW, errors)
    assert result.failed
    assert [each.code for each in result.after] == [CodeName.NOT_OBSERVED]
    assert evidence in result.after[0].evidence


def test_texts_of_a_hostile_box_cannot_act_on_a_terminal_or_flood_it() -> None:
    nasty = finding(CodeName.NOT_OBSERVED, told("x"))
    raw = wire.encode(replace(GOOD, name="other\x1b]0;title\x07", after=(nasty,)))
    raw["after"][0]["evidence"] = "\x1b[31mred\x1b[0m\r\n\u202e" + "y" * 10_000
    result = reply.read(frame({"result": raw}), REQUEST, NOW)
    assert result.name == "till"
    assert result.after[0].evidence.isprintable()
    assert len(result.after[0].evidence) <= 4096


@pytest.mark.parametrize("depth", [10, 100_000])
def test_a_reply_that_is_nested_without_end_is_one_line(depth: int) -> None:
    body = b'{"result": ' + b"[" * depth + b"]" * depth + b"}"
    framed = b"\nIOT-HTTPS-REPLY %d\n%s\n" % (len(body), body)
    assert "cannot be read" in reply.read(framed, REQUEST, NOW).after[0].evidence


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=8), children, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_no_json_is_too_strange(value: object) -> None:
    for answer in (value, {"result": value}, {"error": value}, {"unsupported_python": value}):
        body = json.dumps(answer).encode()
        assert reply.read(b"\nIOT-HTTPS-REPLY %d\n%s\n" % (len(body), body), REQUEST, NOW).failed


@given(st.sampled_from(sorted(WIRE["result"])), JSON)
def test_no_field_of_a_result_is_too_strange(field: str, value: object) -> None:
    result = reply.read(frame({"result": {**WIRE["result"], field: value}}), REQUEST, NOW)
    assert result.name == REQUEST.desired.name


@given(st.binary(max_size=200))
def test_no_bytes_are_too_strange(output: bytes) -> None:
    assert reply.read(output, REQUEST, NOW).failed


def test_an_old_python_is_a_finding_of_its_own() -> None:
    result = reply.read(frame({"unsupported_python": "3.7.3"}), REQUEST, NOW)
    assert [each.code for each in result.after] == [CodeName.UNSUPPORTED_PYTHON]
    assert "3.7.3" in result.after[0].evidence


def test_the_frame_counts_bytes() -> None:
    framed = frame({"error": "ü"})
    head, body = framed.split(b"\n", 2)[1:]
    assert int(head.split()[1]) == len(body) - 1
    assert json.loads(body) == {"error": "ü"}
