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
from ..printable import printable
from ..results.fleet import BoxReport, FleetReport
from . import ended_early, table, text, words
from .causes import Cause, Remedy, SameEvidence, causes, problems

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text as RichText

_PLAIN_WIDTH = 100
_INDENT = 9
_LEAST = 20
"""Columns for evidence on a terminal that is narrower than any."""


def show(report: FleetReport, stream: TextIO, *, diff: bool = False) -> None:
    """Write the report to a terminal in its width and colours, to anything else as plain lines of 100 columns.

    Args:
        diff: show what each repair changes, line by line; for a single box, all of it in detail.
    """
    from rich.console import Console

    width = None if stream.isatty() else _PLAIN_WIDTH
    stream.write(render(report, Console(file=stream, width=width, highlight=False, emoji=False), diff=diff))
    stream.flush()


def render(report: FleetReport, console: Console, *, diff: bool = False) -> str:
    """Return what a console would print."""
    if diff and len(report.boxes) == 1 and report.boxes[0].result is not None:
        shown = f"{text.render([replace(report.boxes[0].result, after=report.boxes[0].findings)], diff=True)}\n"
        notes = "".join(f"{note}\n" for note in _notes(report))
        return shown + notes
    with console.capture() as captured:
        _print(report, console, diff=diff)
    return _trimmed(captured.get())


def render_plan(boxes: Sequence[BoxReport], *, diff: bool = False, width: int = _PLAIN_WIDTH) -> str:
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
            _print_changes(console, boxes)
            console.print()
        plan_text.print_plan(console, boxes)
    return _trimmed(captured.get()).strip("\n")


def _trimmed(shown: str) -> str:
    """Leave out the blanks with which every line is filled up."""
    return re.sub(r" +$", "", shown, flags=re.MULTILINE)


def _print(report: FleetReport, console: Console, *, diff: bool) -> None:
    from rich.text import Text

    console.print(
        Text(f"{report.mode.value} of {words.boxes(len(report.boxes))}, {report.started_at:%Y-%m-%d %H:%M %Z}")
    )
    table.print_tables(console, [box for box in report.boxes if box.is_managed])
    _print_problems(console, problems(report.boxes))
    _print_causes(console, causes(report.boxes))
    if diff:
        _print_changes(console, report.boxes)
    _print_not_managed(console, words.not_managed(report.boxes))
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
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid()
    grid.add_column(width=_INDENT)
    grid.add_column(overflow="fold")
    grid.add_row(severity.value, title, style=words.SEVERITY_STYLES[severity])
    if code:
        grid.add_row("", Text(code, style="dim"))
    console.print()
    console.print(grid)


def _print_remedy(console: Console, remedy: Remedy) -> None:
    from rich.padding import Padding
    from rich.text import Text

    console.print(Padding(Text.assemble(("what to do: ", "italic"), remedy.text), (0, 0, 0, _INDENT)))
    for seen in remedy.seen:
        _print_seen(console, seen)


def _print_seen(console: Console, seen: SameEvidence) -> None:
    """Print a box and its evidence; boxes of the same evidence together, below it."""
    from rich.text import Text

    names = Text(", ".join(map(printable, seen.boxes)), style="bold")
    if len(seen.boxes) == 1:
        _print_hanging(console, Text.assemble(names, ": ", seen.evidence))
        return
    _print_hanging(console, Text(f"seen: {seen.evidence}:"))
    _print_hanging(console, names, first=_INDENT + 4)


def _print_hanging(console: Console, text: RichText, *, first: int = _INDENT + 2, following: int = _INDENT + 4) -> None:
    """Print evidence further in from its second line on: none of it stands where a line of this program begins."""
    room = console.width - (first if text.cell_len <= console.width - first else following)
    for number, line in enumerate(text.wrap(console, max(room, _LEAST))):
        line.pad_left(following if number else first)
        console.print(line, no_wrap=True, overflow="ignore", crop=False)


def _print_changes(console: Console, boxes: Sequence[BoxReport]) -> None:
    from rich.text import Text

    for box in boxes:
        lines = text.changes(box.result) if box.result else []
        if lines:
            console.print()
            console.print(Text(f"{printable(box.name)}:", style="bold"))
            for line in lines:
                _print_hanging(console, Text(line, style=_diff_style(line)), first=0, following=_INDENT + 8)


def _diff_style(line: str) -> str:
    return {"-": "red", "+": "green"}.get(line.strip()[:1], "")


def _print_not_managed(console: Console, names: Sequence[str]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    if names:
        console.print()
        console.print(Text(f"{words.NOT_MANAGED}:"))
        console.print(Padding(Text(", ".join(names), style="dim"), (0, 0, 0, 2)))


def _print_summary(console: Console, report: FleetReport) -> None:
    from rich.text import Text

    console.print()
    for note in _notes(report):
        console.print(Text(note))
    total = f"{words.boxes(len(report.boxes))} in {words.duration(report.seconds)}: "
    console.print(Text.assemble((total, "bold"), table.states(report.boxes)))


def _notes(report: FleetReport) -> list[str]:
    notes = []
    if report.held_back:
        notes.append(text.held_back(report.held_back))
    notes += ended_early.notes(report)
    if report.resumed:
        notes.append(f"Taken up from an earlier run that was cut off: {', '.join(report.resumed)}")
    patient = [box for box in report.boxes if is_waited_for(box, report.runs_to_miss)]
    if patient:
        notes.append(f"Did not answer, and not yet {report.runs_to_miss} runs in a row: {words.boxes(len(patient))}.")
    planned = [box.result.plan for box in report.boxes if box.result and box.result.mode is Mode.CHECK]
    to_change = [plan for plan in planned if plan]
    if to_change and report.mode is Mode.CHECK:
        restarts = sum(any(repair.entry.restarts_odoo for repair in plan) for plan in to_change)
        also = f", and restart Odoo on up to {restarts}" if restarts else ""
        notes.append(f"reconcile would change {words.boxes(len(to_change))}{also}.")
    return notes
