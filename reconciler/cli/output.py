"""What `check` and `reconcile` print, and who is told while they run.

The box one sits on is reported without any library, since a box has none to spare.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from ..model.events import Event
from ..model.fleet import BoxReport, FleetReport
from ..report import json_report, text
from .usage import UsageError


def show(report: FleetReport, options: argparse.Namespace, *, of_fleet: bool) -> None:
    """Print the result in the wanted format."""
    if options.output == "json":
        sys.stdout.write(f"{json_report.render(report)}\n")
    elif of_fleet:
        from ..report import fleet_text

        fleet_text.show(report, sys.stdout, diff=options.diff)
    else:
        results = [replace(each.result, after=each.findings) for each in report.boxes if each.result]
        sys.stdout.write(f"{text.render(results, diff=options.diff)}\n")


def plan(wanting: Sequence[BoxReport], *, diff: bool, of_fleet: bool) -> str:
    """Return what would be done to these boxes, for somebody who is asked."""
    if of_fleet:
        from ..report import fleet_text

        return fleet_text.render_plan(wanting)
    shown = [f"{each.name}:\n{text.render_plan(each.result, diff=diff)}" for each in wanting if each.result]
    return "\n".join(shown)


@contextmanager
def listeners(options: argparse.Namespace, *, of_fleet: bool) -> Iterator[Callable[[Event], None]]:
    """Open who is told what happens: the file of events, and a progress bar where somebody looks on."""
    tell: list[Callable[[Event], None]] = []
    with ExitStack() as stack:
        if options.events is not None:
            from ..report.events import EventWriter

            try:
                stream = stack.enter_context(options.events.open("a", encoding="utf-8"))
            except OSError as error:
                raise UsageError(f"--events {options.events}: {error.strerror}") from None
            tell.append(EventWriter(stream))
        if of_fleet:
            from ..report.progress import watch

            tell.append(stack.enter_context(watch(sys.stderr)))

        def all_of_them(event: Event) -> None:
            for each in tell:
                each(event)

        yield all_of_them
