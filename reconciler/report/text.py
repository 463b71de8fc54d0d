"""Results for a person at a terminal: what is wrong, on which evidence, what was done, what is left to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..model.desired import Mode
from ..outcome.remedies import MENDED, remedy
from ..outcome.standing import is_to_be_mended
from ..outcome.states import is_busy, is_unsupported
from ..printable import printable
from ..results.finding import Finding
from ..results.result import Repair, RepairOutcome, Result
from . import by_homepage, page
from .words import counted

_INDENT = " " * 10
_HANGING = " " * 16
"""Of evidence from its second line on, so that none of it stands where a line of this program begins."""


def render(results: Sequence[Result], *, diff: bool = False, width: int = page.ELSEWHERE) -> str:
    """Return the report.

    Args:
        diff: show what each repair changes, line by line.
        width: in columns.
    """
    lines = (line for result in results for line in _box(result, diff=diff))
    return "\n".join(each for line in lines for each in line.fitted(width))


def render_plan(result: Result, *, diff: bool = False, width: int = page.ELSEWHERE) -> str:
    """Return what a run would do, for somebody who is asked whether it may."""
    lines = (line for repair in result.plan for line in _planned(repair, diff=diff))
    return "\n".join(each for line in lines for each in line.fitted(width))


def held_back(why: str) -> str:
    """Return why a run changed nothing, in one line."""
    return f"Nothing was changed: {printable(why)}."


def changes(result: Result) -> list[str]:
    """Return what was or would be done to one box, line by line."""
    return [line.text for line in _changes(result, diff=True)]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line before it is fitted into a width. `following`: what the rest begins with; `ours`: as in `page.wrapped`."""

    text: str
    following: str = _HANGING
    ours: bool = False

    def fitted(self, width: int) -> list[str]:
        return page.wrapped(self.text, width, self.following, ours=self.ours)


def _box(result: Result, *, diff: bool) -> Iterator[_Line]:
    yield _Line(f"{printable(result.name)}: {_headline(result)}{_where(result)}", "  ")
    for finding in result.after:
        mended = is_to_be_mended(result, finding)
        yield from _finding(finding, MENDED if mended else remedy(result, result.after, finding))
    if result.observed is not None and (not_seen := by_homepage.unseen(result.observed)):
        yield _Line(f"  not seen by homepage: {not_seen}")
    yield from _changes(result, diff=diff)


def _changes(result: Result, *, diff: bool) -> Iterator[_Line]:
    if result.mode is Mode.CHECK:
        for repair in result.plan:
            yield from _planned(repair, diff=diff)
    for outcome in result.outcomes:
        yield from _done(outcome, diff=diff)


def _headline(result: Result) -> str:
    problems = sum(each.counts for each in result.after)
    state = _standing(result, problems)
    if not result.changed:
        return state
    mended = len({each.code for each in result.before} - {each.code for each in result.after})
    return f"changed, {counted(mended, 'finding')} mended, now {state}"


def _standing(result: Result, problems: int) -> str:
    if is_busy(result):
        return "busy"
    if is_unsupported(result.after):
        return "unsupported"
    if result.failed:
        return "failed"
    seen = "in sync as seen" if result.observed is not None and result.observed.unseen else "in sync"
    return counted(problems, "difference") if problems else seen


def _where(result: Result) -> str:
    if result.observed is None:
        return ""
    layout, identity = result.observed.layout, result.observed.identity
    parts = (
        identity.address,
        layout.image_version and f"image {layout.image_version}",
        layout.branch and f"branch {layout.branch}",
    )
    return f"  ({', '.join(part for part in parts if part)})"


def _finding(finding: Finding, to_do: str) -> Iterator[_Line]:
    yield _Line(f"  {finding.severity.value:<7} {finding.code} [{finding.finding_class.value}]")
    yield _Line(f"{_INDENT}seen: {printable(finding.in_full)}")
    yield _Line(f"{_INDENT}what to do: {printable(to_do)}", _INDENT, ours=True)


def _planned(repair: Repair, *, diff: bool) -> Iterator[_Line]:
    yield _Line(f"  would   {repair.in_full}")
    if diff:
        yield from (_Line(f"{_INDENT}{line}") for line in repair.diff)


def _done(outcome: RepairOutcome, *, diff: bool) -> Iterator[_Line]:
    yield _Line(f"  {outcome.status.value:<9} {outcome.repair.title}")
    if outcome.detail:
        yield _Line(f"{_INDENT}seen: {printable(outcome.detail)}")
    if diff:
        yield from (_Line(f"{_INDENT}{line}") for line in outcome.repair.diff)
