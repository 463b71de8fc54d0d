"""What `check`, `reconcile` and `diagnose` print, and who is told while they run.

The box one sits on is reported without any library, since a box has none to spare.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ..model.desired import Mode
from ..report import command, diagnosis_text, ended_early, json_report, page, text
from ..report.words import counted, not_managed
from ..results.events import Event
from ..results.fleet import BoxReport, BoxState, FleetReport
from .usage import UsageError, say

if TYPE_CHECKING:
    from .event_file import EventFile

_UNEVENTFUL: Final = {
    BoxState.IN_SYNC: "in sync",
    BoxState.IN_SYNC_AS_SEEN: "in sync as seen",
    BoxState.NOT_MANAGED: "not managed",
}


def show(report: FleetReport, options: argparse.Namespace, *, of_fleet: bool) -> None:
    """Print the result in the wanted format."""
    if options.output == "json":
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # as JSON is, whatever the locale
        sys.stdout.write(f"{json_report.render(report)}\n")
    elif options.quiet:
        _show_what_differs(report, options, of_fleet=of_fleet)
    else:
        _show_text(report, options, of_fleet=of_fleet)


def _show_what_differs(report: FleetReport, options: argparse.Namespace, *, of_fleet: bool) -> None:
    """Print boxes that somebody may want to hear of, and how many others there are; without such a box, nothing."""
    boxes = tuple(box for box in report.boxes if box.state not in _UNEVENTFUL)
    if not boxes:
        return
    _show_text(replace(report, boxes=boxes), options, of_fleet=of_fleet)
    others = Counter(box.state for box in report.boxes if box.state in _UNEVENTFUL)
    if others:
        told = (f"{counted(number, 'box', 'boxes')} {_UNEVENTFUL[state]}" for state, number in others.items())
        sys.stdout.write(f"Not shown: {', '.join(told)}.\n")


def _show_text(report: FleetReport, options: argparse.Namespace, *, of_fleet: bool) -> None:
    if report.mode is Mode.DIAGNOSE:
        width = page.width_of(sys.stdout)
        diagnosis_text.show(report, sys.stdout, every_chain=options.chain, colours=of_fleet, width=width)
    elif of_fleet:
        from ..report import fleet_text

        fleet_text.show(report, sys.stdout, diff=options.diff, width=page.width_of(sys.stdout))
    else:
        _show_this_machine(report, page.width_of(sys.stdout), diff=options.diff)


def _show_this_machine(report: FleetReport, width: int, *, diff: bool) -> None:
    lines = [f"{name}: not managed, since nothing is declared for it" for name in not_managed(report.boxes)]
    results = [replace(each.result, after=each.findings) for each in report.boxes if each.result]
    if results:
        lines.append(text.render(results, diff=diff, width=width))
    notes = [*ended_early.notes(report), *([text.held_back(report.held_back)] if report.held_back is not None else ())]
    lines += [line for note in notes for line in page.wrapped(note, width)]
    sys.stdout.writelines(f"{line}\n" for line in (*lines, *command.offer(report, width)))


def plan(wanting: Sequence[BoxReport], *, diff: bool, of_fleet: bool) -> str:
    """Return what would be done to these boxes, for somebody who is asked."""
    width = page.width_of(sys.stderr)
    if of_fleet:
        from ..report import fleet_text

        return fleet_text.render_plan(wanting, diff=diff, width=width)
    shown = [
        f"{each.name}:\n{text.render_plan(each.result, diff=diff, width=width)}" for each in wanting if each.result
    ]
    return "\n".join(shown)


@dataclass(slots=True)
class Listeners:
    """Who is told what happens, by name.

    Args:
        aside: opened while the terminal is wanted for a question.
        say: tells a person something while the run goes on.
        status: how far the run is, where no line on a terminal shows it.
    """

    tell: dict[str, Callable[[Event], None]] = field(default_factory=dict)
    aside: Callable[[], AbstractContextManager[None]] = nullcontext
    say: Callable[[str], None] = say
    status: Callable[[], str] | None = None

    def __call__(self, event: Event) -> None:
        """Tell all of them; one that cannot be told is told no more, which is no box's business."""
        for name, tell in tuple(self.tell.items()):
            try:
                tell(event)
            except OSError as error:
                del self.tell[name]
                _cannot_tell(name, error)


def _cannot_tell(name: str, error: OSError) -> None:
    _warn(f"{name}: {error.strerror}; no further events are written there")


def _warn(about: str) -> None:
    with suppress(OSError):  # where nobody reads standard error, nobody can be warned
        say(f"warning: {about}")


@contextmanager
def listeners(options: argparse.Namespace, *, of_fleet: bool) -> Iterator[Listeners]:
    """Open who is told what happens: the file of events, and a progress bar where somebody looks on."""
    everyone = Listeners()
    with ExitStack() as stack:
        if options.events is not None:
            from .event_file import EventFile

            name = f"--events {options.events}"
            try:
                file = EventFile(options.events, lambda lost: _warn(f"{name}: {lost}"))
            except OSError as error:
                raise UsageError(f"{name}: {error.strerror}") from None
            everyone.tell[name] = file
            stack.callback(_close, everyone, name, file)
        if of_fleet and not options.quiet:
            from ..report.progress import watch

            watcher = stack.enter_context(watch(sys.stderr))
            everyone.tell["progress"] = watcher
            everyone.aside = watcher.paused
            everyone.say = watcher.say
            everyone.status = watcher.status if watcher.live is None else None
        yield everyone


def _close(everyone: Listeners, name: str, file: EventFile) -> None:
    """Close a file of events; what it could not take before, it cannot take now."""
    try:
        file.close()
    except OSError as error:
        if everyone.tell.pop(name, None) is not None:
            _cannot_tell(name, error)
