"""How far a run is, on a terminal while it runs; fed by the same events as everybody else who looks on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TextIO

from ..printable import printable
from ..results.events import Event, EventKind
from ..results.fleet import BoxState
from . import words
from .printing import print_hanging
from .slowest import AtWork, Waiting

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

_BAR, _LEAST_BAR = 24, 8
_DUMB: Final = ("dumb", "unknown")
"""Values of TERM for terminals that can only go on, as rich has them."""
_HANGING: Final = 2
_FINE: Final = (BoxState.IN_SYNC, BoxState.IN_SYNC_AS_SEEN, BoxState.CHANGED)


@dataclass(slots=True)
class Counts:
    """Where a run is, in plain numbers: the thread that draws reads them while the run goes on.

    Args:
        total: boxes of the run.
        finished: boxes that are done with, each of them `fine`, `differ`, `failed`, `busy` with another run, or
            `not_managed`.
        to_mend: boxes that were looked at and still have to be repaired; they have come half of their way.
        at_work: those that are worked on.
    """

    total: int = 0
    fine: int = 0
    differ: int = 0
    failed: int = 0
    busy: int = 0
    not_managed: int = 0
    to_mend: int = 0
    at_work: AtWork = field(default_factory=AtWork)
    _looked_at: set[str] = field(default_factory=set)

    def feed(self, event: Event, at: float = 0.0) -> None:
        """Take one event into account.

        Args:
            at: seconds of the clock by which the run is timed.
        """
        self.at_work.feed(event, at)
        if event.kind is EventKind.RUN_STARTED:
            self.total = event.total or 0
        elif event.box is not None and event.kind is EventKind.BOX_CHECKED:
            self._looked_at.add(event.box)
        elif event.box is not None and event.kind is EventKind.BOX_FINISHED:
            self._looked_at.discard(event.box)
            self._finish(event.state)
        self.to_mend = len(self._looked_at)

    @property
    def finished(self) -> int:
        """How many boxes are done with."""
        return self.fine + self.differ + self.failed + self.busy + self.not_managed

    @property
    def part(self) -> float:
        """How much of the run is done, 0 to 1."""
        return min(1.0, (self.finished + self.to_mend / 2) / self.total) if self.total else 0.0

    def _finish(self, state: BoxState | None) -> None:
        if state in _FINE:
            self.fine += 1
        elif state is BoxState.DIFFERS:
            self.differ += 1
        elif state is BoxState.BUSY:
            self.busy += 1
        elif state is BoxState.NOT_MANAGED:
            self.not_managed += 1
        else:
            self.failed += 1


def line(counts: Counts, width: int, seconds: float, slowest: Sequence[Waiting] = ()) -> Text:
    """Return one line for a terminal: counts first, then as much of the rest as there is room for.

    Args:
        width: of the terminal, in cells; the line is shorter.
        seconds: since the run began.
        slowest: boxes that are waited for longest, the slowest first.
    """
    from rich.text import Text

    text = Text(f"{counts.finished}/{counts.total}", style="bold")
    differ = words.counted_state(BoxState.DIFFERS, counts.differ)
    parts = [
        Text(f"  {counts.fine} in sync", "not bold green"),
        Text(f"  {differ}", "not bold yellow" if counts.differ else "not bold dim"),
        Text(f"  {counts.failed} failed", "not bold red" if counts.failed else "not bold dim"),
        Text(f"  {counts.busy} busy" if counts.busy else "", "not bold blue"),
        Text(f"  {counts.not_managed} not managed" if counts.not_managed else "", "not bold dim"),
        Text(f"  {counts.to_mend} to fix" if counts.to_mend else "", "not bold cyan"),
        Text(f"  {seconds:.0f} s", "not bold dim"),
    ]
    for part in parts:
        if text.cell_len + part.cell_len >= width:
            break
        text.append_text(part)
    text.append(_waiting(slowest, width - text.cell_len), "not bold yellow")
    bar = min(_BAR, width - text.cell_len - 2)
    return Text.assemble(_bar(counts.part, bar), " ", text) if bar >= _LEAST_BAR else text


def _waiting(slowest: Sequence[Waiting], room: int) -> str:
    """Return the names of as many boxes as there is room for, without the edge."""
    from rich.cells import cell_len

    named = ""
    for each in slowest:
        more = f"{named}, {each}" if named else f"  waiting for {each}"
        if cell_len(more) >= room:
            break
        named = more
    if slowest and not named:
        short = f"  {printable(slowest[0].box)} {words.duration(slowest[0].seconds)}"
        return short if cell_len(short) < room else ""
    return named


@dataclass(frozen=True, slots=True)
class Watcher:
    """Takes the events of a run.

    Args:
        say: shows a line to a person.
        status: how far the run is, in one line.
        live: the line on a terminal, `None` where there is none that can move.
    """

    take: Callable[[Event], None]
    say: Callable[[str], None]
    status: Callable[[], str]
    live: Live | None = None

    def __call__(self, event: Event) -> None:
        """Take one event."""
        self.take(event)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the terminal to somebody else while this is open: to a question, which the line would wipe out."""
        if self.live is None:
            yield
            return
        self.live.stop()
        try:
            yield
        finally:
            self.live.start()


@contextmanager
def watch(stream: TextIO) -> Iterator[Watcher]:
    """Give what takes the events of a run: a line that moves on a terminal; elsewhere whole lines are written.

    Args:
        stream: standard error.
    """
    if not stream.isatty() or os.environ.get("TERM", "").lower() in _DUMB:
        yield _plain(stream, time.monotonic)
        return
    from rich.console import Console

    with moving(Console(file=stream, highlight=False, emoji=False)) as take:
        yield take


@contextmanager
def moving(
    console: Console, *, clock: Callable[[], float] = time.monotonic, auto_refresh: bool = True
) -> Iterator[Watcher]:
    """Give what takes events and draws them; the line is gone when the run is over.

    Args:
        clock: seconds that never go back.
        auto_refresh: draw four times a second, not only when something is printed.
    """
    from rich.live import Live
    from rich.text import Text

    counts, began = Counts(), clock()
    live = Live(
        get_renderable=lambda: line(counts, console.width, clock() - began, counts.at_work.slowest(clock())),
        console=console,
        transient=True,
        auto_refresh=auto_refresh,
        redirect_stdout=False,
        redirect_stderr=False,
    )

    def take(event: Event) -> None:
        counts.feed(event, clock())
        if event.kind is EventKind.WARNING:
            print_hanging(console, Text(_warning(event), style="yellow"), following=_HANGING)

    def say(line: str) -> None:
        print_hanging(console, Text(line), following=_HANGING)

    with live:
        yield Watcher(take, say, lambda: in_words(counts, clock() - began, counts.at_work.slowest(clock())), live)


def in_words(counts: Counts, seconds: float, slowest: Sequence[Waiting] = ()) -> str:
    """Return where a run is for whoever reads lines: a log, a terminal on which nothing can move."""
    parts = [f"{counts.fine} in sync", words.counted_state(BoxState.DIFFERS, counts.differ), f"{counts.failed} failed"]
    parts += [f"{counts.busy} busy"] if counts.busy else []
    parts += [f"{counts.to_mend} to fix"] if counts.to_mend else []
    waiting = f"; waiting for {', '.join(map(str, slowest))}" if slowest else ""
    done = f"{counts.finished} of {words.boxes(counts.total)} done after {words.duration(seconds)}"
    return f"{done}: {', '.join(parts)}{waiting}"


def _plain(stream: TextIO, clock: Callable[[], float]) -> Watcher:
    counts, began = Counts(), clock()

    def say(line: str) -> None:
        stream.write(f"{line}\n")
        stream.flush()

    def take(event: Event) -> None:
        counts.feed(event, clock())
        if event.kind is EventKind.WARNING:
            say(_warning(event))

    return Watcher(take, say, lambda: in_words(counts, clock() - began, counts.at_work.slowest(clock())))


def _warning(event: Event) -> str:
    where = f"{printable(event.box)}: " if event.box else ""
    return f"warning: {where}{printable(event.detail)}"


def _bar(part: float, width: int) -> Text:
    from rich.text import Text

    done = int(part * width)
    return Text.assemble(("#" * done, "green"), ("." * (width - done), "dim"))
