"""Events are lines of JSON, each out as soon as it happens."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from reconciler.report.events import EventWriter
from reconciler.results.events import Event, EventKind
from reconciler.results.fleet import BoxState
from tests.support.observed import NOW

DOCS = (Path(__file__).parents[2] / "docs" / "json.md").read_text()
FINISHED = Event(
    kind=EventKind.BOX_FINISHED, at=NOW, box="till-1", state=BoxState.DIFFERS, codes=("IOT_HTTPS_EXPIRED",)
)


class Flushed(io.StringIO):
    """A stream that knows how often it was flushed."""

    times = 0

    def flush(self) -> None:
        self.times += 1


def test_event_is_one_line() -> None:
    stream = io.StringIO()
    EventWriter(stream)(FINISHED)
    assert json.loads(stream.getvalue()) == {
        "kind": "box_finished",
        "at": "2026-03-02T12:00:00+00:00",
        "box": "till-1",
        "state": "differs",
        "codes": ["IOT_HTTPS_EXPIRED"],
        "detail": "",
        "total": None,
    }
    assert stream.getvalue().count("\n") == 1


def test_line_break_in_a_detail_stays_inside_its_line() -> None:
    stream = io.StringIO()
    EventWriter(stream)(Event(kind=EventKind.WARNING, at=NOW, detail="a\nb"))
    assert stream.getvalue().count("\n") == 1


def test_each_event_is_flushed() -> None:
    stream = Flushed()
    writer = EventWriter(stream)
    writer(FINISHED)
    writer(FINISHED)
    assert stream.times == 2


def test_reader_that_went_away_is_not_ignored() -> None:
    class Closed(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        EventWriter(Closed())(FINISHED)


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_is_in_the_docs(kind: EventKind) -> None:
    assert f"`{kind.value}`" in DOCS


def test_example_in_the_docs_is_what_is_written() -> None:
    lines = re.findall(r'^\{"kind".*$', DOCS, re.MULTILINE)
    assert lines
    keys = list(Event.__dataclass_fields__)
    assert all(list(json.loads(line)) == keys for line in lines)
