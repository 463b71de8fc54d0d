"""Numbers, times and names that JSON allows and nothing can be done with are refused by their field."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import pytest

from reconciler.model import wire
from reconciler.model.errors import WireError


@dataclass(frozen=True)
class Message:
    """One field of each kind that can be too much."""

    number: int = 0
    ratio: float = 0.0
    at: datetime | None = None
    counts: dict[str, int] | None = None


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ('{"ratio": NaN}', "message.ratio"),
        ('{"ratio": Infinity}', "message.ratio"),
        ('{"ratio": 1e300}', "message.ratio"),
        ('{"ratio": 1%s}' % ("0" * 400), "message.ratio"),
        ('{"number": 9223372036854775808}', "message.number"),
        ('{"at": "2026-03-02T09:00:00"}', "message.at"),
        ('{"a\\nb": 1}', r"message.\(unprintable\)"),
        ('{"counts": {"a\\u001b[31m": "x"}}', r"message.counts.\(unprintable\)"),
    ],
)
def test_it_is_refused_in_one_line(body: str, where: str) -> None:
    with pytest.raises(WireError, match=f"^{where} ") as caught:
        wire.decode(Message, json.loads(body))
    assert str(caught.value).isprintable()


def test_the_greatest_numbers_pass() -> None:
    assert wire.decode(Message, {"number": 2**63 - 1, "ratio": 7}) == Message(2**63 - 1, 7.0)
