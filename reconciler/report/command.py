"""The commands that a report offers, made from the run's own arguments, to be copied as they stand."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ..codes import RemedyVerb
from ..model.desired import Mode
from ..printable import printable
from ..results.finding import Finding
from ..results.fleet import MOST_CHANGED, Again, FleetReport
from ..results.result import Repair

_NEXT: Final = " \\"
"""How a line of a command ends that goes on below."""
_FURTHER: Final = "    "
"""How much further in it goes on."""
_MOST_NAMES: Final = 20
"""Boxes that a command names which does no harm to others."""
_TYPED: Final = {RemedyVerb.HOST_KEYS: "host-keys"}
"""A verb as it is typed."""


def reconcile(again: Again | None, names: Sequence[str]) -> list[str]:
    """Return the command that repairs these boxes, all of them and of the same inventory, in words.

    Args:
        again: `None` for no command.
        names: as the inventory has them; the box one sits on has none.
    """
    return _reconcile(again, _named(names), len(names))


def of_remedy(again: Again | None, found: Finding, names: Sequence[str]) -> list[str]:
    """Return the command that the remedy of a finding names, in words; nothing where it names none.

    Args:
        names: boxes that have the finding.
    """
    if again is None or found.verb is None:
        return []
    which = _named(names) if len(names) <= _MOST_NAMES else again.selection
    return quoted(["iot-https", _TYPED[found.verb], *again.options, *which])


def to_change(report: FleetReport) -> list[tuple[Repair, ...]]:
    """Return what is planned for the boxes that were looked at and not changed."""
    planned = (box.result.plan for box in report.boxes if box.result and box.result.mode is Mode.CHECK)
    return [plan for plan in planned if plan]


def offer(report: FleetReport, width: int) -> list[str]:
    """Return the lines of the command that repairs all boxes of a run, where it only looked or was held back."""
    only_looked = report.mode is Mode.CHECK or (report.held_back is not None and not report.declined)
    number = len(to_change(report)) if only_looked else 0
    if report.again is None or not number:
        return []
    return lines(_reconcile(report.again, report.again.selection, number), width, "  ")


def lines(words: Sequence[str], width: int, indent: str = "") -> list[str]:
    """Return a command as lines that a shell takes for one: each but the last ends in a backslash.

    Args:
        indent: what each line begins with; of the following ones, more of it.
    """
    shown: list[str] = []
    for part in _fitting(words, width - len(indent) - len(_FURTHER) - len(_NEXT)):
        if shown and len(f"{shown[-1]} {part}{_NEXT}") <= width:
            shown[-1] += f" {part}"
        elif shown:
            shown[-1] += _NEXT
            shown.append(f"{indent}{_FURTHER}{part}")
        else:
            shown.append(f"{indent}{part}")
    return shown


def _reconcile(again: Again | None, which: Sequence[str], boxes: int) -> list[str]:
    if again is None:
        return []
    words = ["iot-https", "reconcile", *again.options, *(which if again.by_name else ()), *again.bounds]
    if boxes > MOST_CHANGED:
        words += ["--max-changed", str(boxes)]
    return quoted(words)


def _named(names: Sequence[str]) -> Sequence[str]:
    return [",".join(names)]


def quoted(words: Iterable[str]) -> list[str]:
    """Return words as a shell takes them."""
    return [shlex.quote(printable(word)) for word in words]


def _fitting(words: Sequence[str], width: int) -> Iterator[str]:
    """Yield program and verb together, and so an option and its value where there is room for both."""
    yield from (" ".join(words[:2]),) if words else ()
    rest = list(words[2:])
    while rest:
        both = " ".join(rest[:2])
        together = rest[0].startswith("-") and len(rest) > 1 and not rest[1].startswith("-") and len(both) <= width
        yield both if together else rest[0]
        del rest[: 2 if together else 1]
