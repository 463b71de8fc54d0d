"""The line that moves while a run goes on: right numbers, any width, nothing where there is no terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from reconciler.report.progress import Counts, line, moving, watch
from reconciler.results.events import Event, EventKind
from reconciler.results.fleet import BoxState
from tests.support.observed import NOW


def counted(*events: Event) -> Counts:
    counts = Counts()
    for event in events:
        counts.feed(event)
    return counts


def started(total: int) -> Event:
    return Event(kind=EventKind.RUN_STARTED, at=NOW, total=total)


def checked(box: str) -> Event:
    return Event(kind=EventKind.BOX_CHECKED, at=NOW, box=box)


def finished(box: str, state: BoxState) -> Event:
    return Event(kind=EventKind.BOX_FINISHED, at=NOW, box=box, state=state)


WARNING = Event(kind=EventKind.WARNING, at=NOW, box="till\x1b", detail="slow")


@pytest.mark.parametrize("state", BoxState)
def test_each_state_is_fine_differs_failed_busy_or_not_managed(state: BoxState) -> None:
    counts = counted(started(1), finished("a", state))
    fine = state in (BoxState.IN_SYNC, BoxState.IN_SYNC_AS_SEEN, BoxState.CHANGED)
    differs = state is BoxState.DIFFERS
    busy = state is BoxState.BUSY
    unmanaged = state is BoxState.NOT_MANAGED
    assert (counts.fine, counts.differ, counts.busy, counts.not_managed) == (fine, differs, busy, unmanaged)
    assert counts.failed == (not fine and not differs and not busy and not unmanaged)
    assert counts.finished == 1


@pytest.mark.parametrize(
    ("events", "part"),
    [
        ((), 0.0),
        ((started(4),), 0.0),
        ((started(4), checked("a")), 0.125),
        ((started(4), checked("a"), finished("a", BoxState.CHANGED)), 0.25),
        ((started(4), finished("a", BoxState.INVALID)), 0.25),
        ((started(1), finished("a", BoxState.IN_SYNC)), 1.0),
    ],
)
def test_box_that_was_looked_at_has_come_half_way(events: tuple[Event, ...], part: float) -> None:
    assert counted(*events).part == part


BUSY = counted(
    started(300),
    checked("c"),
    finished("a", BoxState.IN_SYNC),
    finished("b", BoxState.UNREACHABLE),
)


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (100, "........................ 2/300  1 in sync  0 differ  1 failed  1 to fix  42 s"),
        (62, "......... 2/300  1 in sync  0 differ  1 failed  1 to fix  42 s"[3:]),
        (50, "2/300  1 in sync  0 differ  1 failed  1 to fix"),
        (30, "2/300  1 in sync  0 differ"),
        (10, "2/300"),
        (1, "2/300"),
    ],
)
def test_line_fits(width: int, shown: str) -> None:
    assert line(BUSY, width, 42.0).plain.lstrip(".").strip() == shown.lstrip(".").strip()


def test_busy_boxes_are_told_where_there_are_any() -> None:
    held = counted(started(2), finished("a", BoxState.BUSY))
    assert "1/2  0 in sync  0 differ  0 failed  1 busy  3 s" in line(held, 100, 3.0).plain


def test_boxes_that_are_not_managed_are_told_where_there_are_any() -> None:
    unmanaged = counted(started(2), finished("a", BoxState.NOT_MANAGED))
    assert "1/2  0 in sync  0 differ  0 failed  1 not managed  3 s" in line(unmanaged, 100, 3.0).plain


@pytest.mark.parametrize("width", range(8, 120))
def test_line_never_reaches_the_edge(width: int) -> None:
    assert line(BUSY, width, 42.0).cell_len < width


def test_line_is_drawn_and_gone_at_the_end() -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=80, force_terminal=True, color_system=None)
    with moving(console, clock=lambda: 0.0, auto_refresh=False) as take:
        take(started(2))
        take(finished("a", BoxState.IN_SYNC))
        take(WARNING)
    drawn = stream.getvalue()
    assert "1/2  1 in sync" in drawn
    assert "warning: till : slow\n" not in drawn
    assert "warning: till: slow" in drawn
    assert drawn.endswith("\x1b[2K")


def test_a_question_is_not_drawn_over() -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=80, force_terminal=True, color_system=None)
    with moving(console, clock=lambda: 0.0, auto_refresh=False) as take:
        take(started(2))
        with take.paused():
            stream.write("Do this? [y/N] ")
            take(finished("a", BoxState.IN_SYNC))
            asked = stream.getvalue()
    assert asked.endswith("\x1b[2KDo this? [y/N] ")
    assert "1/2  1 in sync" in stream.getvalue()[len(asked) :]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_where_nothing_can_move_whole_lines_are_written(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with watch(stream) as watcher:
        watcher(started(12))
        watcher(checked("b"))
        watcher(finished("a", BoxState.IN_SYNC))
        watcher.say("waiting")
        status = watcher.status()
    assert status.startswith("1 of 12 boxes done after 0.0 s: 1 in sync, 0 differ, 0 failed, 1 to fix")
    assert stream.getvalue() == "waiting\n"


def test_what_is_said_stands_above_the_line_that_moves() -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=200, force_terminal=True, color_system=None)
    with moving(console, clock=lambda: 0.0, auto_refresh=False) as watcher:
        watcher(started(2))
        watcher.say("interrupted [by] SIGINT")
    assert "interrupted [by] SIGINT\n" in stream.getvalue()


def test_without_a_terminal_only_warnings_are_written() -> None:
    stream = io.StringIO()
    with watch(stream) as take:
        take(started(2))
        take(WARNING)
        take(finished("a", BoxState.IN_SYNC))
    assert stream.getvalue() == "warning: till: slow\n"
