"""The chain of one box as a picture: what holds, where it breaks, what to do, and what to look at afterwards.

Plain text without any library, since a box that diagnoses itself has none to spare.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..codes import CATALOGUE
from ..diagnosis.product_page import PERMISSION
from ..model.step_name import StepName
from ..outcome.remedies import MENDED, remedy
from ..outcome.standing import is_to_be_mended
from ..printable import printable
from ..results.diagnosis import Diagnosis, Step, StepState
from ..results.finding import Finding
from ..results.fleet import Again, BoxReport
from . import command, page, words
from .facts import database, unseen

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
_NARROW_LABEL: Final = 4
_BESIDE: Final = 8 + _LABEL
"""Columns in front of what is to be pasted; no edge is drawn there."""
_SHORT: Final = 80
"""Characters of a text that may stand there as often as it applies."""
_FEW: Final = 3
"""Addresses of databases that are shown."""


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


@dataclass(frozen=True, slots=True)
class Drawing:
    """How pictures are drawn.

    Args:
        marks: signs that the terminal can show.
        width: in columns.
        again: how the command is called again, for the ones that are offered.
        told: long texts that stand in an earlier picture, with the box of that.
    """

    marks: Signs = UNICODE
    width: int = page.ELSEWHERE
    again: Again | None = None
    told: dict[str, str] = field(default_factory=dict)

    def wrapped(self, text: str, following: str = "", style: str = "", *, ours: bool = False) -> Iterator[Line]:
        """Yield a text as lines of this width; `ours` as in `page.wrapped`."""
        yield from (Line(each, style) for each in page.wrapped(text, self.width, following, ours=ours))

    def command(self, words: Sequence[str], indent: str, style: str = "cyan") -> Iterator[Line]:
        """Yield a command, without anything in front of it but blanks, so that it can be pasted."""
        yield from (Line(each, style) for each in command.lines(words, self.width, indent))

    def told_of(self, text: str, box: str) -> str | None:
        """Return of which other box a long text was told already; from now on it is told of this one."""
        first = self.told.setdefault(text, box) if len(text) > _SHORT else box
        return None if first == box else printable(first)


def picture(box: BoxReport, drawing: Drawing | None = None) -> list[Line]:
    """Return the picture of a box, line by line."""
    drawing = drawing or Drawing(again=Again())
    place = words.place(box.customer, box.store) if box.customer or box.store else ""
    heading = f"{printable(box.name)}{f'   {place}' if place else ''}"
    lines = [*drawing.wrapped(heading, "    ", "bold"), Line("")]
    if box.diagnosis is None:
        reasons = box.problems or ("not looked at",)
        return [*lines, *(each for why in reasons for each in drawing.wrapped(f"  {printable(why)}", "    ", "red"))]
    return [*lines, *_chain(box, box.diagnosis, drawing)]


def _chain(box: BoxReport, diagnosis: Diagnosis, drawing: Drawing) -> Iterator[Line]:
    cause = diagnosis.cause
    shown = [each for each in diagnosis.steps if not _is_behind(diagnosis, each)]
    for step in shown:
        yield from _step(step, drawing)
        if cause is not None and any(each is cause for each in step.findings):
            yield from _blame(box, cause, step, drawing)
    behind = [TITLES[each.name] for each in diagnosis.steps if _is_behind(diagnosis, each)]
    if behind:
        yield from drawing.wrapped(f"  {drawing.marks.none} not reached: {', '.join(behind)}", "    ", "dim")
    yield from _end(box, diagnosis, drawing)


def _is_behind(diagnosis: Diagnosis, step: Step) -> bool:
    broken = diagnosis.broken
    return broken is not None and diagnosis.steps.index(step) > diagnosis.steps.index(broken)


def _step(step: Step, drawing: Drawing) -> Iterator[Line]:
    marks = drawing.marks
    mark = {StepState.OK: marks.ok, StepState.WARNED: marks.warned, StepState.FAILED: marks.failed}
    start = f"  {mark.get(step.state, marks.none)} {TITLES[step.name]:<{_COLUMN}}"
    rest = f"  {_edge(step, marks)} {page.hanging(_COLUMN, drawing.width, _LABEL)}"
    yield from drawing.wrapped(f"{start}{printable(step.evidence)}", rest, _STYLES[step.state])


def _edge(step: Step, marks: Signs) -> str:
    return marks.gap if step.state is StepState.FAILED else marks.line


def _blame(box: BoxReport, cause: Finding, step: Step, drawing: Drawing) -> Iterator[Line]:
    bar = f"  {_edge(step, drawing.marks)}"
    edge, entry = f"{bar}   ", CATALOGUE.get(cause.code)
    yield Line(bar)
    yield Line(f"{edge}{cause.code}", words.SEVERITY_STYLES[cause.severity])
    if entry is not None:
        yield from _labelled(edge, "what it is", cause.title, drawing)
    mends = is_to_be_mended(box.result, cause)
    to_do = MENDED if mends else remedy(box.result, box.findings, cause)
    before = drawing.told_of(to_do, box.name)
    yield from _labelled(edge, "what to do", f"as for {before}" if before else to_do, drawing)
    beside = page.hanging(_BESIDE, drawing.width, _NARROW_LABEL)
    offered = command.reconcile(drawing.again, [box.name]) if mends else ()
    yield from drawing.command(offered or command.of_remedy(drawing.again, cause, [box.name]), beside)
    for number, (where, exact) in enumerate(cause.recipes if not before else ()):
        yield from _labelled(edge, "" if number else "exactly", f"{where}:", drawing)
        yield from (Line(f"{beside}{each}", "cyan") for each in exact.splitlines())
    yield from drawing.wrapped(f"{edge}{'page':<{_LABEL}}{step.page or ''}".rstrip(), edge)
    yield Line(bar)


def _labelled(edge: str, label: str, text: str, drawing: Drawing) -> Iterator[Line]:
    following = edge + page.hanging(_LABEL, drawing.width, _NARROW_LABEL)
    yield from drawing.wrapped(f"{edge}{label:<{_LABEL}}{printable(text)}".rstrip(), following, ours=True)


def _end(box: BoxReport, diagnosis: Diagnosis, drawing: Drawing) -> Iterator[Line]:
    if diagnosis.cause is None:
        yield Line("")
        yield Line("  nothing is wrong in what can be seen" if unseen(box) else "  nothing is wrong", "green")
        if drawing.told_of(_permission([box]), box.name) is None:
            yield Line("")
            yield from beyond([box], drawing)
        return
    if diagnosis.ticket is not None:
        yield Line("")
        yield from _ticket(box, diagnosis.ticket, drawing)
    if diagnosis.later:
        yield Line("")
        yield from drawing.wrapped("  also found, look at it when that is fixed:", "    ")
        yield from _later(diagnosis.later, drawing)


def _ticket(box: BoxReport, ticket: str, drawing: Drawing) -> Iterator[Line]:
    if (before := drawing.told_of(ticket, box.name)) is not None:
        yield from drawing.wrapped(f"  text for a ticket: as for {before}, one ticket for both", "    ", "bold")
        return
    yield from drawing.wrapped("  text for a ticket at https://www.odoo.com/help:", "    ", "bold")
    for each in ticket.splitlines():
        yield from drawing.wrapped(f"    {each}", "      ") if each.strip() else (Line(""),)


def _permission(boxes: Sequence[BoxReport]) -> str:
    databases = dict.fromkeys(found for box in boxes if (found := database(box)) is not None)
    few = ", ".join(map(printable, databases)) if len(databases) <= _FEW else ""
    return _PERMISSION.format(whom=few or "the address of the database")


def beyond(boxes: Sequence[BoxReport], drawing: Drawing, indent: str = "  ") -> Iterator[Line]:
    """Yield what keeps a till from healthy boxes, and no look at them can show."""
    yield from drawing.wrapped(f"{indent}{_permission(boxes)}", indent)
    yield from drawing.wrapped(f"{indent}page  {PERMISSION}", indent)


def _later(findings: Sequence[Finding], drawing: Drawing) -> Iterator[Line]:
    titles = dict.fromkeys(f"    {each.code}: {each.title or printable(each.evidence)}" for each in findings)
    for each in titles:
        yield from drawing.wrapped(each, "      ", "dim")
