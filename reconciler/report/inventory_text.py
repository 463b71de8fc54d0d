"""What an inventory says of a box, and what is wrong with it, for a person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from ..inventory.linted import Flaw, Level, Linted
from ..inventory.problem import told
from ..inventory.shown import GiverKind, ShownBox, ShownValue, ShownVariable
from ..printable import printable
from . import page
from .words import counted

_LABEL = 12
_NAMED = 3
"""Boxes that a flaw names before it counts the rest."""


def shown(boxes: Sequence[ShownBox], width: int = page.ELSEWHERE) -> str:
    """Return the variables of boxes for a person.

    Args:
        width: in columns.
    """
    return "\n\n".join("\n".join(_box(each, width)) for each in boxes)


def _box(box: ShownBox, width: int) -> Iterator[str]:
    yield printable(box.name)
    managed = "" if box.is_managed else ", not managed: nothing is declared for it"
    way = f" to {box.address}" if box.address else ""
    for label, text in (
        ("customer", box.customer or "none"),
        ("store", box.store or "none"),
        ("connection", f"{box.connection}{way}{managed}"),
        ("groups", ", ".join(box.groups) or "none"),
        *(("invalid", problem) for problem in box.problems),
    ):
        following = page.hanging(2 + _LABEL, width, 4)
        yield from page.wrapped(f"  {label:<{_LABEL}}{printable(text)}", width, following)
    for title, variables in (("What it should be", box.declared), ("How it is reached", box.reached)):
        if variables:
            yield from ("", f"  {title}")
            yield from _table(variables, width)
    if box.not_set:
        yield ""
        yield from page.wrapped(f"  Not set: {', '.join(box.not_set)}", width, "    ")


def _table(variables: Sequence[ShownVariable], width: int) -> Iterator[str]:
    column = max(len(each.name) for each in variables) + 2
    following = page.hanging(4 + column, width, 6)
    for each in variables:
        yield from page.wrapped(f"    {printable(each.name):<{column}}{_value(each.counts)}", width, following)
        for other in reversed(each.overruled):
            yield from page.wrapped(f"{following}overrules {_value(other)}", width, f"{following}  ")


def _value(value: ShownValue) -> str:
    """Return a value and who says it."""
    if value.problem is not None:
        return f"{printable(value.problem)} ({_giver(value)})"
    vault = ", vault" if value.is_encrypted else ""
    return f"{_written(value.value)} ({_giver(value)}{vault})"


def _written(value: object) -> str:
    if isinstance(value, str):
        return printable(value) or "''"
    return json.dumps(value, ensure_ascii=False, default=str)


def _giver(value: ShownValue) -> str:
    where = "" if value.position is None else told(value.position)
    if value.giver.kind is GiverKind.SETTINGS:
        return printable(f"{value.giver.name} in {where}")
    name = "" if value.giver.kind is GiverKind.HOST else value.giver.name
    return printable(", ".join(filter(None, (f"{value.giver.kind.replace('_', ' ')} {name}".strip(), where))))


def linted(found: Linted) -> str:
    """Return flaws for a person and for editors: one line each, however wide, and a line with their number."""
    lines = [_flaw(each) for each in found.flaws]
    errors, warnings = (counted(found.count(level), level.value) for level in (Level.ERROR, Level.WARNING))
    told_of = f"{errors}, {warnings}" if found.flaws else "no problems"
    return "\n".join((*lines, f"{counted(found.size, 'host')}: {told_of}"))


def _flaw(flaw: Flaw) -> str:
    where = flaw.problem.position
    place = f"{told(where)}: " if where is not None else ""
    boxes = f" ({_listed(flaw.boxes)})" if flaw.boxes else ""
    return printable(f"{place}{flaw.level}: {flaw.problem.text} [{flaw.rule}]{boxes}")


def _listed(boxes: Iterable[str]) -> str:
    names = tuple(boxes)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"
