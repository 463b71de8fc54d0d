"""The wire format: what goes out comes back the same, and what does not fit is named by its field."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import pytest

from reconciler.model import wire
from reconciler.model.desired import Desired, Mode, Request
from reconciler.model.errors import WireError
from reconciler.model.reveal import reveal
from reconciler.model.secret import MASK, Secret
from reconciler.results.result import Result
from tests.support.observed import healthy

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Colour(StrEnum):
    """A choice."""

    RED = "red"


@dataclass(frozen=True)
class Inner:
    """A part."""

    number: int
    ratio: float = 0.5


@dataclass(frozen=True)
class Outer:
    """Every kind of field that messages have."""

    name: str
    inner: Inner
    colours: tuple[Colour, ...] = ()
    seen: datetime | None = None
    counts: dict[str, int] | None = None
    places: dict[Colour, int] | None = None
    secret: Secret | None = None
    digests: frozenset[str] = frozenset()


FULL = Outer(
    "box", Inner(3, 1.0), (Colour.RED,), NOW, {"a": 1}, {Colour.RED: 2}, Secret("canary"), frozenset({"b", "a"})
)
DATA = {"name": "box", "inner": {"number": 3}}


def test_what_goes_out_comes_back_the_same() -> None:
    sent = json.loads(json.dumps(wire.encode(FULL, secret=reveal)))
    assert wire.decode(Outer, sent) == FULL


def test_a_secret_leaves_masked_unless_it_is_the_message_that_carries_it() -> None:
    assert wire.encode(FULL)["secret"] == MASK
    assert "canary" not in json.dumps(wire.encode(FULL))
    assert wire.encode(FULL, secret=reveal)["secret"] == "canary"


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (None, "message is null, an object is expected"),
        ([], "message is a list, an object is expected"),
        ({"inner": {"number": 3}}, "message.name is missing"),
        ({**DATA, "name": 5}, "message.name is a number, str is expected"),
        ({**DATA, "name": None}, "message.name is null, str is expected"),
        ({**DATA, "inner": {"number": True}}, "message.inner.number is true or false, int is expected"),
        ({**DATA, "inner": {"number": 1.5}}, "message.inner.number is a number, int is expected"),
        ({**DATA, "inner": {"number": 1, "extra": 1}}, "message.inner.extra is not known to this version"),
        ({**DATA, "colours": "red"}, "message.colours is text, a list is expected"),
        ({**DATA, "colours": ["red", "blue"]}, "message.colours[1] has a value that this version does not know"),
        ({**DATA, "colours": [1]}, "message.colours[0] is a number, text is expected"),
        ({**DATA, "seen": "yesterday"}, "message.seen has a value that this version does not know"),
        ({**DATA, "counts": {"a": "1"}}, "message.counts.a is text, int is expected"),
        ({**DATA, "places": {"blue": 1}}, "message.places.blue has a value that this version does not know"),
        ({**DATA, "secret": {"x": 1}}, "message.secret is an object, text is expected"),
    ],
)
def test_what_does_not_fit_is_named(data: object, complaint: str) -> None:
    with pytest.raises(WireError) as refused:
        wire.decode(Outer, data)
    assert str(refused.value) == complaint


def test_a_whole_number_is_taken_where_a_fraction_may_stand() -> None:
    assert wire.decode(Inner, {"number": 1, "ratio": 2}) == Inner(1, 2.0)


def test_a_type_without_a_wire_format_is_refused() -> None:
    with pytest.raises(WireError, match="set has no wire format"):
        wire.encode({"a": {1}})


def test_request_and_result_survive_the_journey() -> None:
    request = Request(desired=Desired(name="till", token=Secret("t"), resolvers=("1.1.1.1",)), sent_at=NOW)
    assert wire.decode(Request, json.loads(json.dumps(wire.encode(request, secret=reveal)))) == request
    result = Result(
        name="till", mode=Mode.CHECK, started_at=NOW, seconds=1.5, before=(), after=(), observed=healthy(NOW)
    )
    back = wire.decode(Result, json.loads(json.dumps(wire.encode(result))))
    assert wire.encode(back) == wire.encode(result)
