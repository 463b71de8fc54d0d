"""A diagnosis for a person: the chain of each box where they are few, else the work that is left in each shop."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, TextIO

from ..printable import printable
from ..results.fleet import Again, BoxReport, FleetReport
from . import command, ended_early, words
from .chain_text import ASCII, UNICODE, Line, Signs, beyond, marks_for, picture
from .work_order import Scope, WorkItem, WorkOrder, in_order, not_diagnosed, work_orders

FEW: Final = 3
"""Boxes of which every chain is shown without being asked for."""
_WIDTH: Final = 100
_SHOWN: Final = 8


def show(report: FleetReport, stream: TextIO, *, every_chain: bool = False, colours: bool = True) -> None:
    """Write the diagnosis; colours only to a terminal.

    Args:
        every_chain: show the chain of each box, however many there are.
        colours: where that is left out, no library is needed.
    """
    lines = render(report, marks_for(getattr(stream, "encoding", None)), every_chain=every_chain)
    if not colours or not stream.isatty():
        stream.write("".join(f"{each.text}\n" for each in lines))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, emoji=False, soft_wrap=True)
    for each in lines:
        console.print(Text(each.text, style=each.style))


def render(report: FleetReport, marks: Signs = UNICODE, *, every_chain: bool = False) -> list[Line]:
    """Return what is written, line by line."""
    boxes = [box for box in report.boxes if box.is_managed]
    lines: list[Line] = []
    if every_chain or len(boxes) <= FEW:
        for box in boxes:
            lines += [*picture(box, marks, report.again), Line("")]
    if len(boxes) > FEW:
        lines += [*_rolled_up(report, boxes, marks)]
    return [*lines, *_not_managed(report), *_summary(report, boxes)]


def _rolled_up(report: FleetReport, boxes: Sequence[BoxReport], marks: Signs) -> Iterator[Line]:
    yield Line(f"Work orders, {report.started_at:%Y-%m-%d %H:%M %Z}", "bold")
    yield Line("")
    orders = work_orders(boxes)
    for order in orders:
        yield from _order(order, marks, report.again)
    for box in not_diagnosed(boxes):
        yield Line(f"{printable(box.name)}: {'; '.join(map(printable, box.problems)) or 'not looked at'}")
    yield from _in_order(boxes, orders)


def _order(order: WorkOrder, marks: Signs, again: Again) -> Iterator[Line]:
    affected = sum(len(job.boxes) for job in order.jobs)
    rule = "=" if marks is ASCII else "━"
    yield Line(f"{_place(order)}   {affected} of {words.boxes(order.boxes)}", "bold")
    yield Line(rule * min(_WIDTH, 60))
    by_hand = [job for job in order.jobs if not job.by_software]
    for number, job in enumerate(by_hand, start=1):
        yield from _job(number, job)
    yield from _by_software([job for job in order.jobs if job.by_software], again)
    yield Line("")


def _place(order: WorkOrder) -> str:
    if order.scope is Scope.EVERYWHERE:
        return "Everywhere"
    if order.scope is Scope.CUSTOMER:
        return f"{printable(order.customer or 'no customer')}, its database"
    return words.place(order.customer, order.store)


def _job(number: int, job: WorkItem) -> Iterator[Line]:
    yield Line(f"{number:>3}. {job.title}", words.SEVERITY_STYLES[job.severity])
    yield from _wrapped("     do     ", job.remedy)
    for where, exact in job.recipes:
        yield Line(f"            {where}:")
        yield from (Line(f"              {each}", "cyan") for each in exact.splitlines())
    yield from _wrapped("     boxes  ", ", ".join(map(printable, job.boxes)))
    yield from _evidence(job)
    yield Line(f"     code   {job.code}", "dim")
    if job.ticket is not None:
        yield Line("     ticket")
        yield from (Line(f"            {each}".rstrip()) for each in job.ticket.splitlines())


def _by_software(jobs: Sequence[WorkItem], again: Again) -> Iterator[Line]:
    """What the program does by itself is one command, and a line for each cause."""
    if not jobs:
        return
    boxes = [name for job in jobs for name in job.boxes]
    yield Line(f"     {command.reconcile(again, boxes)}", "bold green")
    for job in jobs:
        yield from _wrapped("       mends  ", f"{job.title}: {', '.join(map(printable, job.boxes))}")


def _evidence(job: WorkItem) -> Iterator[Line]:
    """Show the same evidence once, that of single boxes with their names, and not all of very many."""
    seen: dict[str, list[str]] = {}
    for name, evidence in job.boxes.items():
        seen.setdefault(evidence, []).append(name)
    label = "     seen   "
    for at, (evidence, names) in enumerate(seen.items()):
        if at == _SHOWN:
            yield Line(f"            and {words.counted(len(seen) - at, 'other')}, see --output json", "dim")
            return
        whose = f"{printable(names[0])}: " if len(seen) > 1 and len(names) == 1 else ""
        yield from _wrapped(label, f"{whose}{evidence}", "dim")
        label = " " * len(label)


def _in_order(boxes: Sequence[BoxReport], orders: Sequence[WorkOrder]) -> Iterator[Line]:
    with_work = {name for order in orders for job in order.jobs for name in job.boxes}
    shops = {(box.customer, box.store) for box in boxes}
    busy = {(box.customer, box.store) for box in boxes if box.name in with_work or not in_order(box)}
    if not busy:
        yield from (replace(line, text=line.text.strip()) for line in beyond(*boxes))
        yield Line("")
    if quiet := len(shops - busy):
        yield Line(f"Nothing to do in {words.counted(quiet, 'other store')}.", "green")
        yield Line("")


def _not_managed(report: FleetReport) -> Iterator[Line]:
    if names := words.not_managed(report.boxes):
        yield Line(f"{words.NOT_MANAGED}:")
        yield from _wrapped("  ", ", ".join(names), "dim")
        for box in report.boxes:
            if not box.is_managed and box.problems:
                yield from _wrapped(f"  {printable(box.name)}: ", "; ".join(map(printable, box.problems)))
        yield Line("")


def _summary(report: FleetReport, boxes: Sequence[BoxReport]) -> Iterator[Line]:
    yield from (Line(note, "yellow") for note in ended_early.notes(report))
    healthy = sum(map(in_order, boxes))
    total = f"{words.boxes(len(report.boxes))} in {words.duration(report.seconds)}"
    unmanaged = len(report.boxes) - len(boxes)
    more = f", {unmanaged} not managed" if unmanaged else ""
    yield Line(f"{total}: {healthy} in order, {len(boxes) - healthy} with something to do{more}", "bold")


def _wrapped(label: str, text: str, style: str = "") -> Iterator[Line]:
    indent = " " * len(label)
    wrapped = textwrap.wrap(text, _WIDTH, initial_indent=label, subsequent_indent=indent, break_on_hyphens=False)
    yield from (Line(each, style) for each in wrapped)
