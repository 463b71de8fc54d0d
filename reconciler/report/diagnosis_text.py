"""A diagnosis for a person: the chain of each box where they are few, else the work that is left in each shop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TextIO

from ..printable import printable
from ..results.fleet import BoxReport, FleetReport
from . import command, ended_early, page, slowest, words
from .chain_text import ASCII, UNICODE, Drawing, Line, Signs, beyond, marks_for, picture
from .work_order import Scope, WorkItem, WorkOrder, in_order, not_diagnosed, work_orders

FEW: Final = 3
"""Boxes of which every chain is shown without being asked for."""
_RULE: Final = 60
_BESIDE: Final = 12
_NARROW: Final = 7
_SHOWN: Final = 8


def show(
    report: FleetReport,
    stream: TextIO,
    *,
    every_chain: bool = False,
    colours: bool = True,
    width: int = page.ELSEWHERE,
) -> None:
    """Write the diagnosis; colours only to a terminal.

    Args:
        width: in columns.
        every_chain: show the chain of each box, however many there are.
        colours: where that is left out, no library is needed.
    """
    lines = render(report, marks_for(getattr(stream, "encoding", None)), every_chain=every_chain, width=width)
    if not colours or not stream.isatty():
        stream.write("".join(f"{each.text}\n" for each in lines))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, emoji=False, soft_wrap=True)
    for each in lines:
        console.print(Text(each.text, style=each.style), no_wrap=True, overflow="ignore", crop=False)


def render(
    report: FleetReport, marks: Signs = UNICODE, *, every_chain: bool = False, width: int = page.ELSEWHERE
) -> list[Line]:
    """Return what is written, line by line."""
    drawing = Drawing(marks, width, report.again)
    boxes = [box for box in report.boxes if box.is_managed]
    lines: list[Line] = []
    if every_chain or len(boxes) <= FEW:
        for box in boxes:
            lines += [*picture(box, drawing), Line("")]
    if len(boxes) > FEW:
        lines += [*_rolled_up(report, boxes, drawing)]
    return [*lines, *_not_managed(report, drawing), *_summary(report, boxes, drawing)]


def _rolled_up(report: FleetReport, boxes: Sequence[BoxReport], drawing: Drawing) -> Iterator[Line]:
    yield Line(f"Work orders, {report.started_at:%Y-%m-%d %H:%M %Z}", "bold")
    yield Line("")
    orders = work_orders(boxes)
    for order in orders:
        yield from _order(order, drawing)
    yield from _not_looked_at(not_diagnosed(boxes), drawing)
    yield from _in_order(boxes, orders, drawing)


def _not_looked_at(boxes: Sequence[BoxReport], drawing: Drawing) -> Iterator[Line]:
    """Name the boxes of each reason together."""
    names: dict[str, list[str]] = {}
    for box in boxes:
        names.setdefault("; ".join(map(printable, box.problems)) or "not looked at", []).append(box.name)
    for why, whose in names.items():
        yield from drawing.wrapped(f"{words.some_names(whose)}: {why}", "  ")


def _order(order: WorkOrder, drawing: Drawing) -> Iterator[Line]:
    affected = sum(len(job.boxes) for job in order.jobs)
    rule = "=" if drawing.marks is ASCII else "━"
    yield from drawing.wrapped(f"{_place(order)}   {affected} of {words.boxes(order.boxes)}", "  ", "bold")
    yield Line(rule * min(drawing.width, _RULE))
    by_hand = [job for job in order.jobs if not job.by_software]
    for number, job in enumerate(by_hand, start=1):
        yield from _job(number, job, drawing)
    yield from _by_software([job for job in order.jobs if job.by_software], drawing)
    yield Line("")


def _place(order: WorkOrder) -> str:
    if order.scope is Scope.EVERYWHERE:
        return "Everywhere"
    if order.scope is Scope.CUSTOMER:
        return f"{printable(order.customer or 'no customer')}, its database"
    return words.place(order.customer, order.store)


def _job(number: int, job: WorkItem, drawing: Drawing) -> Iterator[Line]:
    beside = page.hanging(_BESIDE, drawing.width, _NARROW)
    yield from drawing.wrapped(f"{number:>3}. {job.title}", "     ", words.SEVERITY_STYLES[job.severity])
    yield from drawing.wrapped(f"     do     {job.remedy}", beside, ours=True)
    yield from drawing.command(command.of_remedy(drawing.again, job.cause, list(job.boxes)), f"{beside}  ")
    for where, exact in job.recipes:
        yield from drawing.wrapped(f"{beside}{where}:", beside)
        yield from (Line(f"{beside}  {each}", "cyan") for each in exact.splitlines())
    yield from drawing.wrapped(f"     boxes  {words.some_names(tuple(job.boxes))}", beside)
    yield from _evidence(job, drawing)
    yield from drawing.wrapped(f"     code   {job.code}", beside, "dim")
    if job.ticket is not None:
        yield Line("     ticket")
        for each in job.ticket.splitlines():
            yield from drawing.wrapped(f"{beside}{each}", f"{beside}  ") if each.strip() else (Line(""),)


def _by_software(jobs: Sequence[WorkItem], drawing: Drawing) -> Iterator[Line]:
    """What the program does by itself is one command, and a line for each cause."""
    if not jobs:
        return
    boxes = [name for job in jobs for name in job.boxes]
    yield from drawing.command(command.reconcile(drawing.again, boxes), "     ", "bold green")
    for job in jobs:
        yield from drawing.wrapped(
            f"       fixes  {job.title} ({words.some_names(tuple(job.boxes))})",
            page.hanging(_BESIDE + 2, drawing.width, _NARROW),
        )


def _evidence(job: WorkItem, drawing: Drawing) -> Iterator[Line]:
    """Show the same evidence once, that of single boxes with their names, and not all of very many."""
    seen: dict[str, list[str]] = {}
    for name, evidence in job.boxes.items():
        seen.setdefault(evidence, []).append(name)
    label = "     seen   "
    beside = page.hanging(_BESIDE, drawing.width, _NARROW)
    for at, (evidence, names) in enumerate(seen.items()):
        if at == _SHOWN:
            yield Line(f"{beside}and {words.counted(len(seen) - at, 'other')}: --output json", "dim")
            return
        whose = f"{words.some_names(names)}: " if len(seen) > 1 else ""
        yield from drawing.wrapped(f"{label}{whose}{evidence}", beside, "dim")
        label = beside


def _in_order(boxes: Sequence[BoxReport], orders: Sequence[WorkOrder], drawing: Drawing) -> Iterator[Line]:
    with_work = {name for order in orders for job in order.jobs for name in job.boxes}
    shops = {(box.customer, box.store) for box in boxes}
    busy = {(box.customer, box.store) for box in boxes if box.name in with_work or not in_order(box)}
    if not busy:
        yield from beyond(boxes, drawing, "")
        yield Line("")
    if quiet := len(shops - busy):
        yield Line(f"Nothing to do in {words.counted(quiet, 'other store' if busy else 'store')}.", "green")
        yield Line("")


def _not_managed(report: FleetReport, drawing: Drawing) -> Iterator[Line]:
    if names := words.not_managed(report.boxes):
        yield from drawing.wrapped(f"{words.NOT_MANAGED}:")
        yield from drawing.wrapped(f"  {words.some_names(names)}", "  ", "dim")
        for box in report.boxes:
            if not box.is_managed and box.problems:
                why = "; ".join(map(printable, box.problems))
                yield from drawing.wrapped(f"  {printable(box.name)}: {why}", "    ")
        yield Line("")


def _summary(report: FleetReport, boxes: Sequence[BoxReport], drawing: Drawing) -> Iterator[Line]:
    for note in (*ended_early.notes(report), *slowest.notes(report)):
        yield from drawing.wrapped(note, style="yellow")
    healthy = sum(map(in_order, boxes))
    total = f"{words.boxes(len(report.boxes))} in {words.duration(report.seconds)}"
    unmanaged = len(report.boxes) - len(boxes)
    more = f", {unmanaged} not managed" if unmanaged else ""
    what = f"{healthy} in order, {len(boxes) - healthy} with something to do"
    yield from drawing.wrapped(f"{total}: {what}{more}", style="bold")
