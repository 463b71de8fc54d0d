"""Whatever comes back from a box becomes a result."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from reconciler.box.__main__ import frame
from reconciler.codes import CodeName
from reconciler.connections import reply
from reconciler.model import wire
from reconciler.model.desired import Desired, Mode, Request
from reconciler.model.result import Result

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


def test_an_old_python_is_a_finding_of_its_own() -> None:
    result = reply.read(frame({"unsupported_python": "3.7.3"}), REQUEST, NOW)
    assert [each.code for each in result.after] == [CodeName.UNSUPPORTED_PYTHON]
    assert "3.7.3" in result.after[0].evidence


def test_the_frame_counts_bytes() -> None:
    framed = frame({"error": "ü"})
    head, body = framed.split(b"\n", 2)[1:]
    assert int(head.split()[1]) == len(body) - 1
    assert json.loads(body) == {"error": "ü"}
