"""Results for a person at a terminal: what is wrong, on which evidence, what was done, what is left to do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from ..model.desired import Mode
from ..outcome.remedies import MENDED, remedy
from ..outcome.standing import is_to_be_mended
from ..outcome.states import is_busy
from ..printable import printable
from ..results.finding import Finding
from ..results.result import Repair, RepairOutcome, Result
from .words import counted

_WIDTH = 100
_INDENT = " " * 10
_HANGING = " " * 16
"""Of evidence from its second line on, so that none of it stands where a line of this program begins."""


def render(results: Sequence[Result], *, diff: bool = False) -> str:
    """Return the report.

    Args:
        diff: show what each repair changes, line by line.
    """
    return "\n".join(line for result in results for line in _box(result, diff=diff))


def render_plan(result: Result, *, diff: bool = False) -> str:
    """Return what a run would do, for somebody who is asked whether it may."""
    return "\n".join(line for repair in result.plan for line in _planned(repair, diff=diff))


def held_back(why: str) -> str:
    """Return why a run changed nothing, in one line."""
    return f"Nothing was changed: {printable(why)}."


def changes(result: Result) -> list[str]:
    """Return what was or would be done to one box, line by line."""
    return list(_changes(result, diff=True))


def _box(result: Result, *, diff: bool) -> Iterator[str]:
    yield f"{result.name}: {_headline(result)}{_where(result)}"
    for finding in result.after:
        mended = is_to_be_mended(result, finding)
        yield from _finding(finding, MENDED if mended else remedy(result, result.after, finding))
    yield from _changes(result, diff=diff)


def _changes(result: Result, *, diff: bool) -> Iterator[str]:
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
    if result.failed:
        return "failed"
    return counted(problems, "difference") if problems else "in sync"


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


def _finding(finding: Finding, to_do: str) -> Iterator[str]:
    yield f"  {finding.severity.value:<7} {finding.code} [{finding.finding_class.value}]"
    yield from _wrapped(f"seen: {finding.in_full}", _HANGING)
    yield from _wrapped(f"what to do: {to_do}")


def _planned(repair: Repair, *, diff: bool) -> Iterator[str]:
    yield f"  would   {repair.in_full}"
    if diff:
        yield from (f"{_INDENT}{line}" for line in repair.diff)


def _done(outcome: RepairOutcome, *, diff: bool) -> Iterator[str]:
    yield f"  {outcome.status.value:<9} {outcome.repair.title}"
    yield from _wrapped(outcome.detail and f"seen: {outcome.detail}", _HANGING)
    if diff:
        yield from (f"{_INDENT}{line}" for line in outcome.repair.diff)


def _wrapped(text: str, following: str = _INDENT) -> list[str]:
    return textwrap.wrap(
        printable(text), _WIDTH, initial_indent=_INDENT, subsequent_indent=following, break_on_hyphens=False
    )
