"""Which boxes a run waits for longest: on the line that moves, in a log, and at the end of a long run."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from reconciler.report import slowest
from reconciler.report.progress import Counts, line, moving, watch
from reconciler.report.slowest import AtWork, Waiting
from reconciler.results.events import Event, EventKind
from reconciler.results.fleet import BoxReport, BoxState, FleetReport
from tests.support.observed import NOW

from .fleet import report

K = EventKind


def event(kind: EventKind, box: str) -> Event:
    return Event(kind=kind, at=NOW, box=box, state=BoxState.IN_SYNC)


def at_work(*events: tuple[float, EventKind, str]) -> AtWork:
    known = AtWork()
    for at, kind, box in events:
        known.feed(event(kind, box), at)
    return known


@pytest.mark.parametrize(
    ("events", "waiting"),
    [
        ((), []),
        (((10.0, K.BOX_STARTED, "a"),), ["a (being looked at, 50 s)"]),
        (((56.0, K.BOX_STARTED, "a"),), []),
        (((0.0, K.BOX_STARTED, "a"), (1.0, K.BOX_CHECKED, "a")), []),
        (((0.0, K.BOX_STARTED, "a"), (1.0, K.BOX_FINISHED, "a")), []),
        (
            ((0.0, K.BOX_STARTED, "a"), (1.0, K.BOX_CHECKED, "a"), (30.0, K.BOX_REPAIRING, "a")),
            ["a (being repaired, 30 s)"],
        ),
        (
            ((3.0, K.BOX_STARTED, "b"), (2.0, K.BOX_STARTED, "a")),
            ["a (being looked at, 58 s)", "b (being looked at, 57 s)"],
        ),
        (tuple((float(number), K.BOX_STARTED, f"till-{number}") for number in range(9)), 3),
    ],
)
def test_the_boxes_that_are_waited_for_longest_come_first(
    events: tuple[tuple[float, EventKind, str], ...], waiting: list[str] | int
) -> None:
    found = [str(each) for each in at_work(*events).slowest(60.0)]
    assert (len(found) if isinstance(waiting, int) else found) == waiting


@pytest.mark.parametrize(
    ("width", "end"),
    [
        (140, "42 s  waiting for till-1 (being looked at, 40 s), till-2 (being repaired, 9.0 s)"),
        (100, "42 s  waiting for till-1 (being looked at, 40 s)"),
        (62, "42 s  till-1 40 s"),
        (40, "0 failed"),
    ],
)
def test_the_line_names_as_many_as_there_is_room_for(width: int, end: str) -> None:
    waiting = [Waiting("till-1", "being looked at", 40.0), Waiting("till-2", "being repaired", 9.0)]
    shown = line(Counts(total=12), width, 42.0, waiting)
    assert shown.plain.endswith(end)
    assert shown.cell_len < width


def test_the_line_that_moves_is_drawn_with_the_slowest() -> None:
    stream, seconds = io.StringIO(), iter(range(0, 900, 30))
    console = Console(file=stream, width=100, force_terminal=True, color_system=None)
    with moving(console, clock=lambda: float(next(seconds)), auto_refresh=False) as watcher:
        watcher(event(K.BOX_STARTED, "till-1"))
        watcher.say("something")
    assert "waiting for till-1 (being looked at, " in stream.getvalue()


def test_a_log_has_it_in_the_line_that_it_gets_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter((0.0, 1.0, 61.0, 61.0))
    monkeypatch.setattr("time.monotonic", lambda: next(seconds))
    with watch(io.StringIO()) as watcher:
        watcher(event(K.BOX_STARTED, "till-1"))
        assert watcher.status().endswith("0 failed; waiting for till-1 (being looked at, 1 min 0 s)")


def took(*seconds: float, run: float = 90.0) -> FleetReport:
    boxes = [BoxReport(name=f"till-{n}", state=BoxState.IN_SYNC, seconds=each) for n, each in enumerate(seconds)]
    return replace(report(boxes), seconds=run)


@pytest.mark.parametrize(
    ("fleet", "told"),
    [
        (took(1.0, 80.0, 30.0), ["Longest: till-1 (1 min 20 s), till-2 (30 s)."]),
        (took(21.0, 24.0, 23.0, 22.0), ["Longest: till-1 (24 s), till-2 (23 s), till-3 (22 s)."]),
        (took(*[4.0] * 30), []),
        (took(30.0, run=31.0), []),
        (took(), []),
    ],
)
def test_after_a_long_run_the_boxes_that_took_longest_are_named(fleet: FleetReport, told: list[str]) -> None:
    assert slowest.notes(fleet) == told
