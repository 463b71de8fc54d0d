"""A run over many boxes for a person: every box in one line, then the work that is left, ordered by what to do."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from ..model.desired import Mode
from ..model.severity import Severity
from ..outcome.exit_status import is_waited_for
from ..results.fleet import BoxReport, FleetReport
from . import by_homepage, command, ended_early, page, slowest, table, text, words
from .causes import Cause, Remedy, SameEvidence, causes, problems
from .printing import print_hanging, print_line

if TYPE_CHECKING:
    from rich.console import Console

_INDENT = 9
_SEEN = _INDENT + 2
_REST = _INDENT + 4
"""Columns in front of the rest of evidence."""


def show(report: FleetReport, stream: TextIO, *, diff: bool = False, width: int = page.ELSEWHERE) -> None:
    """Write the report, to a terminal in its colours.

    Args:
        width: in columns.
        diff: show what each repair changes, line by line; for a single box, all of it in detail.
    """
    from rich.console import Console

    stream.write(render(report, Console(file=stream, width=width, highlight=False, emoji=False), diff=diff))
    stream.flush()


def render(report: FleetReport, console: Console, *, diff: bool = False) -> str:
    """Return what a console would print."""
    if diff and len(report.boxes) == 1 and report.boxes[0].result is not None:
        result = replace(report.boxes[0].result, after=report.boxes[0].findings)
        ending = [each for note in _notes(report) for each in page.wrapped(note, console.width)]
        lines = (text.render([result], diff=True, width=console.width), *ending, *command.offer(report, console.width))
        return "".join(f"{line}\n" for line in lines)
    with console.capture() as captured:
        _print(report, console, diff=diff)
    return _trimmed(captured.get())


def render_plan(boxes: Sequence[BoxReport], *, diff: bool = False, width: int = page.ELSEWHERE) -> str:
    """Return what a run would do to which boxes, for somebody who is asked whether it may.

    Args:
        boxes: the boxes that are to be changed, as they were found.
        diff: show for each box what each repair changes, line by line, before the numbers.
    """
    from rich.console import Console

    from . import plan_text

    console = Console(file=io.StringIO(), width=width, highlight=False, emoji=False, color_system=None)
    with console.capture() as captured:
        if diff:
            _print_changes(console, boxes, most=len(boxes))
            console.print()
        plan_text.print_plan(console, boxes)
    return _trimmed(captured.get()).strip("\n")


def _trimmed(shown: str) -> str:
    """Leave out the blanks with which every line is filled up."""
    return re.sub(r" +$", "", shown, flags=re.MULTILINE)


def _print(report: FleetReport, console: Console, *, diff: bool) -> None:
    from rich.text import Text

    began = f"{report.started_at:%Y-%m-%d %H:%M %Z}"
    print_hanging(console, Text(f"{report.mode.value} of {words.boxes(len(report.boxes))}, {began}"))
    table.print_tables(console, [box for box in report.boxes if box.is_managed])
    _print_problems(console, problems(report.boxes))
    _print_causes(console, causes(report.boxes, report.again))
    if diff:
        _print_changes(console, report.boxes)
    _print_not_managed(console, words.not_managed([box for box in report.boxes if not box.problems]))
    _print_summary(console, report)


def _print_problems(console: Console, found: Sequence[SameEvidence]) -> None:
    if found:
        _print_title(console, Severity.ERROR, "Inventory entries that cannot be used")
    for each in found:
        _print_seen(console, each)


def _print_causes(console: Console, found: Sequence[Cause]) -> None:
    for cause in found:
        _print_title(console, cause.severity, f"{cause.title}: {words.boxes(cause.boxes)}", cause.code)
        for remedy in cause.remedies:
            _print_remedy(console, remedy)


def _print_title(console: Console, severity: Severity, title: str, code: str = "") -> None:
    from rich.text import Text

    console.print()
    heading = Text(f"{severity.value:<{_INDENT}}{title}", style=words.SEVERITY_STYLES[severity])
    print_hanging(console, heading, following=_INDENT)
    if code:
        print_hanging(console, Text(code, style="dim"), first=_INDENT, following=_INDENT)


def _print_remedy(console: Console, remedy: Remedy) -> None:
    from rich.text import Text

    label = "what to do:"
    lines = page.wrapped(f"{'':{_INDENT}}{label} {remedy.text}", console.width, " " * _INDENT, ours=True)
    for number, each in enumerate(lines):
        line = Text(each)
        if number == 0:
            line.stylize("italic", _INDENT, _INDENT + len(label))
        print_line(console, line)
    for offered in command.lines(remedy.command, console.width, " " * (_INDENT + 4)) if remedy.command else ():
        print_line(console, Text(offered, style="cyan"))
    for seen in remedy.seen:
        _print_seen(console, seen)


def _print_seen(console: Console, seen: SameEvidence) -> None:
    """Print a box and its evidence; boxes of the same evidence together, below it."""
    from rich.text import Text

    names = Text(words.some_names(seen.boxes), style="bold")
    if len(seen.boxes) == 1:
        print_hanging(console, Text.assemble(names, ": ", seen.evidence), first=_SEEN, following=_REST)
        return
    print_hanging(console, Text(f"seen: {seen.evidence}:"), first=_SEEN, following=_REST)
    print_hanging(console, names, first=_REST, following=_REST)


def _print_changes(console: Console, boxes: Sequence[BoxReport], most: int = words.MOST_NAMES) -> None:
    """Print what changes, once for all boxes on which it is the same.

    Args:
        most: names of boxes; who is asked about a change sees all.
    """
    from rich.text import Text

    names: dict[tuple[str, ...], list[str]] = {}
    for box in boxes:
        names.setdefault(tuple(text.changes(box.result)) if box.result else (), []).append(box.name)
    for lines, whose in names.items():
        if lines:
            console.print()
            print_hanging(console, Text(f"{words.some_names(whose, most)}:", style="bold"), following=2)
            for line in lines:
                print_hanging(console, Text(line, style=_diff_style(line)), following=_INDENT + 8)


def _diff_style(line: str) -> str:
    return {"-": "red", "+": "green"}.get(line.strip()[:1], "")


def _print_not_managed(console: Console, names: Sequence[str]) -> None:
    from rich.text import Text

    if names:
        console.print()
        print_hanging(console, Text(f"{words.NOT_MANAGED}:"))
        print_hanging(console, Text(words.some_names(names), style="dim"), first=2, following=2)


def _print_summary(console: Console, report: FleetReport) -> None:
    from rich.text import Text

    console.print()
    for note in _notes(report):
        print_hanging(console, Text(note))
    for each in command.offer(report, console.width):
        print_line(console, Text(each, style="bold green"))
    total = f"{words.boxes(len(report.boxes))} in {words.duration(report.seconds)}: "
    print_hanging(console, Text.assemble((total, "bold"), table.states(report.boxes)), following=2)


def _notes(report: FleetReport) -> list[str]:
    notes = []
    if report.held_back:
        notes.append(text.held_back(report.held_back))
    notes += [*ended_early.notes(report), *slowest.notes(report), *by_homepage.notes(report)]
    if report.resumed:
        notes.append(f"Taken up from an earlier run that was cut off: {', '.join(report.resumed)}")
    patient = [box for box in report.boxes if is_waited_for(box, report.runs_to_miss)]
    if patient:
        notes.append(f"Did not answer, and not yet {report.runs_to_miss} runs in a row: {words.boxes(len(patient))}.")
    to_change = command.to_change(report)
    if to_change and report.mode is Mode.CHECK:
        restarts = sum(any(repair.entry.restarts_odoo for repair in plan) for plan in to_change)
        also = f", and restart Odoo on up to {restarts}" if restarts else ""
        end = "." if report.again is None else ":"
        notes.append(f"reconcile would change {words.boxes(len(to_change))}{also}{end}")
    return notes
