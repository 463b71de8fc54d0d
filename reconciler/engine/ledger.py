"""What is known of each box of a run so far: its newest report, whether it is at work, what earlier runs left."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import assert_never

from ..model.target import Target
from ..results.events import Event, EventKind
from ..results.fleet import BoxReport
from . import reports
from .journal import Journal
from .seam import BoxEvent, Broken, LeftAlone, NotBegun, NotNoted, Started, Visited, Visiting
from .state_folder import StateUnusable

_LOG = logging.getLogger(__name__)


class Ledger:
    """One for a run.

    Args:
        targets: the boxes that are to be worked on.
        journal: what runs over this inventory have begun to change, `None` where nobody keeps one.
        tell: everyone who looks on.
        now: the control machine's clock.
        monotonic: seconds that never go back.
    """

    def __init__(
        self,
        targets: Iterable[Target],
        journal: Journal | None,
        tell: Callable[[Event], None],
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._targets = {each.name: each for each in targets}
        self._journal = journal
        self._tell = tell
        self._now = now
        self._monotonic = monotonic
        self._reports: dict[str, BoxReport] = {}
        self._told_finished: set[str] = set()
        self._at_work_until: dict[str, float] = {}
        self.unfinished = frozenset(journal.unfinished if journal else ())
        """Boxes that an earlier run began to change and whose end nobody saw."""

    def __getitem__(self, box: str) -> BoxReport:
        """Return the newest report of a box."""
        return self._reports[box]

    def at_work(self) -> Mapping[str, float]:
        """Return the boxes whose end is not known yet, with the seconds that each can still take.

        One that was left alone is one of them, since it goes on.
        """
        now = self._monotonic()
        return {box: max(0.0, until - now) for box, until in self._at_work_until.items()}

    async def follow(self, events: AsyncGenerator[BoxEvent, None], visited: Callable[[Target, Visited], None]) -> None:
        """Note what happens to boxes until each has ended; a defect over one of them must not stop the others.

        Args:
            visited: notes the answer of a box.
        """
        async with aclosing(events):
            async for event in events:
                try:
                    self._note(event, visited)
                except Exception as error:  # noqa: BLE001 - as in the worker: the boundary around each box
                    _LOG.debug("%s", event.box, exc_info=True)
                    self._note(Broken(event.box, type(error).__name__), visited)

    def _note(self, event: BoxEvent, visited: Callable[[Target, Visited], None]) -> None:
        target, seen = self._targets[event.box], self._reports.get(event.box)
        if not isinstance(event, Started | Visiting | LeftAlone):
            self._at_work_until.pop(event.box, None)
        match event:
            case Started() if seen is None:
                self._say(EventKind.BOX_STARTED, event.box)
            case Started():
                self._say(EventKind.BOX_REPAIRING, event.box)
            case Visiting():
                self._at_work_until[event.box] = self._monotonic() + event.seconds
            case Visited():
                visited(target, event)
            case NotBegun():
                self._reports[event.box] = reports.not_begun(target, seen)
            case LeftAlone():
                self._reports[event.box] = reports.left_alone(target, seen)
            case NotNoted():
                self._reports[event.box] = reports.not_noted(target, self._reports[event.box], event.why)
            case Broken():
                self._reports[event.box] = reports.broken(target, event.error)
            case _:
                assert_never(event)

    def checked(self, report: BoxReport) -> None:
        """Note a box that was looked at."""
        self._reports[report.name] = report
        self._say(EventKind.BOX_CHECKED, report.name, report)

    def finish(self, report: BoxReport) -> None:
        """Note that nothing more will be done to a box; only the first time is told."""
        self._reports[report.name] = report
        if report.name not in self._told_finished:
            self._told_finished.add(report.name)
            self._say(EventKind.BOX_FINISHED, report.name, report)

    def begin(self, total: int) -> datetime:
        """Tell that the run begins, and return when that is."""
        now = self._now()
        self._tell(Event(kind=EventKind.RUN_STARTED, at=now, total=total))
        return now

    def begin_changes(self) -> None:
        """Begin the journal anew, with what is unfinished.

        Raises:
            StateUnusable: it cannot be written.
        """
        if self._journal is not None:
            self._journal.start()

    def end_change(self, box: str) -> None:
        """Note that a box is done; where that cannot be written the next run only looks once more."""
        if self._journal is None:
            return
        try:
            self._journal.ended(box)
        except StateUnusable as error:
            self._tell(Event(kind=EventKind.WARNING, at=self._now(), box=box, detail=str(error)))

    def close(self, boxes: Sequence[str], why: str) -> tuple[BoxReport, ...]:
        """Tell that the run has ended, and return the reports of these boxes.

        Args:
            why: the reason where it ended early, else empty.
        """
        ended = tuple(self._reports[each] for each in boxes)
        for report in ended:
            self.finish(report)
        self._tell(Event(kind=EventKind.RUN_FINISHED, at=self._now(), detail=why))
        return ended

    def _say(self, kind: EventKind, box: str, report: BoxReport | None = None) -> None:
        codes = tuple(each.code for each in report.findings) if report else ()
        state = report.state if report else None
        self._tell(Event(kind=kind, at=self._now(), box=box, state=state, codes=codes))
