"""What runs over one inventory leave for the next: the journal, the lock beside it, and who missed how many runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from ..engine.journal import Journal
from ..engine.state_folder import StateUnusable, state_directory
from ..model.desired import Mode
from ..results.fleet import FleetReport
from .boxes import Boxes
from .usage import say, warn


def counted(report: FleetReport, boxes: Boxes, runs_to_miss: int | None, warned: list[str]) -> FleetReport:
    """Count the boxes that did not answer, where that is wanted; without a memory each of them counts at once."""
    if runs_to_miss is None:
        return report
    from ..engine.missed import MissedRuns

    report = replace(report, runs_to_miss=runs_to_miss)
    try:
        report, problem = MissedRuns(state_directory(boxes.sources)).count(report, boxes.names)
    except StateUnusable as error:
        problem = f"how many runs a box has missed is not known, so each that does not answer counts: {error}"
    if problem is not None:
        warn(problem, warned)
    return report


@contextmanager
def journal(boxes: Boxes, mode: Mode, warned: list[str]) -> Iterator[Journal | None]:
    """Hold the inventory's lock where boxes may be changed; a look only reads what earlier runs left."""
    if not boxes.sources:
        yield None
        return
    from ..engine.lock import one_run

    with ExitStack() as stack:
        try:
            folder = state_directory(boxes.sources)
            if mode is Mode.RECONCILE:
                stack.enter_context(one_run(folder))
            found = Journal.beside(folder)
        except StateUnusable as error:
            if mode is Mode.RECONCILE:
                raise
            warn(f"what earlier runs left is not known: {error}", warned)
            yield None
            return
        if found.unfinished:
            say(f"an earlier run was cut off while it changed {', '.join(found.unfinished)}")
        yield found
