"""The chain of one box as a picture: what holds, where it breaks, what to do, and what to look at afterwards.

Plain text without any library, since a box that diagnoses itself has none to spare.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..codes import CATALOGUE
from ..diagnosis.product_page import PERMISSION
from ..model.step_name import StepName
from ..outcome.remedies import remedy
from ..outcome.standing import is_to_be_mended
from ..printable import printable
from ..results.diagnosis import Diagnosis, Step, StepState
from ..results.finding import Finding
from ..results.fleet import Again, BoxReport
from . import command, words
from .facts import database

WIDTH: Final = 100
TITLES: Final = {
    StepName.REACHABLE: "reachable",
    StepName.CLOCK: "clock",
    StepName.ACCESS_POINT: "access point",
    StepName.LINK: "link",
    StepName.DATABASE: "database",
    StepName.CREDENTIALS: "credentials",
    StepName.BOX_DNS: "DNS of the box",
    StepName.AUTHORITY: "TLS to odoo.com",
    StepName.SITE: "odoo.com status",
    StepName.ELIGIBILITY: "eligibility",
    StepName.FILES: "files",
    StepName.NGINX: "nginx config",
    StepName.SERVED: "served",
    StepName.ODOO: "Odoo",
    StepName.CLIENT_DNS: "DNS of tills",
    StepName.OUTSIDE: "443 from outside",
}
_PERMISSION: Final = (
    "If a till still does not reach the box, look at its browser: Chrome, Edge and others built on Chromium 142 or "
    "newer ask for permission to access devices on the local network, and reach no box without it. In the settings of "
    "the browser, Privacy and security > Site settings > Additional permissions > Local network, allow it for {whom}."
)
_COLUMN: Final = max(map(len, TITLES.values())) + 2
_LABEL: Final = 12
_FEW: Final = 3
"""Addresses of databases that are shown."""


_AS_CONFIGURED: Final = Again()


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of the picture, for terminals that know them and for those that do not."""

    ok: str
    warned: str
    failed: str
    none: str
    line: str
    gap: str


UNICODE: Final = Signs("✔", "!", "✘", "·", "│", "┊")
ASCII: Final = Signs("+", "!", "x", ".", "|", ":")


@dataclass(frozen=True, slots=True)
class Line:
    """One line and how it is to be coloured, as `rich` names styles."""

    text: str
    style: str = ""


_STYLES: Final = {
    StepState.OK: "green",
    StepState.WARNED: "yellow",
    StepState.FAILED: "bold red",
    StepState.NOT_REACHED: "dim",
}


def marks_for(encoding: str | None) -> Signs:
    """Return the signs that an encoding can write."""
    try:
        "".join((UNICODE.ok, UNICODE.failed, UNICODE.none, UNICODE.line, UNICODE.gap)).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE


def picture(box: BoxReport, marks: Signs = UNICODE, again: Again = _AS_CONFIGURED) -> list[Line]:
    """Return the picture of a box, line by line.

    Args:
        again: how the command is called again, for the one that is offered.
    """
    place = words.place(box.customer, box.store) if box.customer or box.store else ""
    lines = [Line(f"{printable(box.name)}{f'   {place}' if place else ''}", "bold"), Line("")]
    if box.diagnosis is None:
        reasons = box.problems or ("not looked at",)
        return [*lines, *(Line(f"  {printable(each)}", "red") for each in reasons)]
    return [*lines, *_chain(box, box.diagnosis, marks, again)]


def _chain(box: BoxReport, diagnosis: Diagnosis, marks: Signs, again: Again) -> Iterator[Line]:
    cause = diagnosis.cause
    shown = [each for each in diagnosis.steps if not _is_behind(diagnosis, each)]
    for step in shown:
        yield from _step(step, marks)
        if cause is not None and any(each is cause for each in step.findings):
            yield from _blame(box, cause, marks, step, again)
    behind = [TITLES[each.name] for each in diagnosis.steps if _is_behind(diagnosis, each)]
    if behind:
        yield from _wrapped(f"  {marks.none} not reached: {', '.join(behind)}", "    ", "dim")
    yield from _end(box, diagnosis)


def _is_behind(diagnosis: Diagnosis, step: Step) -> bool:
    broken = diagnosis.broken
    return broken is not None and diagnosis.steps.index(step) > diagnosis.steps.index(broken)


def _step(step: Step, marks: Signs) -> Iterator[Line]:
    mark = {StepState.OK: marks.ok, StepState.WARNED: marks.warned, StepState.FAILED: marks.failed}
    start = f"  {mark.get(step.state, marks.none)} {TITLES[step.name]:<{_COLUMN}}"
    rest = f"  {marks.gap if step.state is StepState.FAILED else marks.line} {'':<{_COLUMN}}"
    yield from _wrapped(f"{start}{printable(step.evidence)}", rest, _STYLES[step.state])


def _blame(box: BoxReport, cause: Finding, marks: Signs, step: Step, again: Again) -> Iterator[Line]:
    edge = f"  {marks.gap if step.state is StepState.FAILED else marks.line} "
    entry = CATALOGUE.get(cause.code)
    yield Line(edge.rstrip())
    yield Line(f"{edge}  {cause.code}", words.SEVERITY_STYLES[cause.severity])
    if entry is not None:
        yield from _labelled(edge, "what it is", cause.title)
    mends = is_to_be_mended(box.result, cause)
    to_do = "reconcile mends this:" if mends else remedy(box.result, box.findings, cause)
    yield from _labelled(edge, "what to do", to_do)
    if mends:
        yield Line(f"{edge}  {'':<{_LABEL}}  {command.reconcile(again, [box.name])}", "cyan")
    for number, (where, exact) in enumerate(entry.recipes if entry else ()):
        yield from _labelled(edge, "" if number else "exactly", f"{where}:")
        yield from (Line(f"{edge}  {'':<{_LABEL}}  {each}", "cyan") for each in exact.splitlines())
    yield Line(f"{edge}  {'page':<{_LABEL}}{step.page or ''}")
    yield Line(edge.rstrip())


def _labelled(edge: str, label: str, text: str) -> Iterator[Line]:
    yield from _wrapped(f"{edge}  {label:<{_LABEL}}{printable(text)}", f"{edge}  {'':<{_LABEL}}")


def _end(box: BoxReport, diagnosis: Diagnosis) -> Iterator[Line]:
    if diagnosis.cause is None:
        yield Line("")
        yield Line("  nothing is wrong", "green")
        yield Line("")
        yield from beyond(box)
        return
    if diagnosis.ticket is not None:
        yield Line("")
        yield Line("  text for a ticket at https://www.odoo.com/help:", "bold")
        yield from (Line(f"    {each}".rstrip()) for each in diagnosis.ticket.splitlines())
    if diagnosis.later:
        yield Line("")
        yield Line("  also found, to be looked at when that is mended:")
        yield from _later(diagnosis.later)


def beyond(*boxes: BoxReport) -> Iterator[Line]:
    """Yield what keeps a till from healthy boxes, and no look at them can show."""
    databases = dict.fromkeys(found for box in boxes if (found := database(box)) is not None)
    few = ", ".join(map(printable, databases)) if len(databases) <= _FEW else ""
    yield from _wrapped(f"  {_PERMISSION.format(whom=few or 'the address of the database')}", "  ")
    yield Line(f"  page  {PERMISSION}")


def _later(findings: Sequence[Finding]) -> Iterator[Line]:
    titles: dict[str, None] = {}
    for each in findings:
        titles[f"    {each.code}: {each.title or printable(each.evidence)}"] = None
    yield from (Line(each, "dim") for each in titles)


def _wrapped(text: str, indent: str, style: str = "") -> Iterator[Line]:
    wrapped = textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_on_hyphens=False, drop_whitespace=True)
    yield from (Line(each, style) for each in wrapped)
