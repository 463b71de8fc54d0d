"""The short words that a table of boxes has room for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from ..codes.repairs import REPAIRS
from ..codes.writing.wording import short_span
from ..model.repair import RepairKind
from ..model.severity import Severity
from ..printable import printable
from ..results.fleet import BoxReport, BoxState
from ..results.result import IN_VAIN, RepairStatus
from . import facts

UNKNOWN: Final = "-"
NOT_MANAGED: Final = "Not managed, since nothing is declared for them (no connection was made)"
MOST_NAMES: Final = 40
"""Boxes that a list in a text names: as many as a person still reads."""
_SHOWN = 3
_MINUTE, _HOUR = 60, 3600
_PREFIXES = ("ERR_IOT_HTTPS_CHECK_", "ERR_IOT_HTTPS_LOAD_", "IOT_HTTPS_")
SEVERITY_STYLES: Final = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
"""Of `rich`."""


def state(value: BoxState) -> str:
    """Return a state as people write it."""
    return value.value.replace("_", " ")


def code(name: str) -> str:
    """Return a code's last words: `IOT_HTTPS_RENEWAL_DUE` is `renewal due`."""
    for prefix in _PREFIXES:
        if name.startswith(prefix):
            return name.removeprefix(prefix).lower().replace("_", " ")
    return name


def not_managed(boxes: Sequence[BoxReport]) -> tuple[str, ...]:
    """Return the names of the boxes for which nothing is declared, as they are listed at the end of a report."""
    return tuple(printable(box.name) for box in boxes if not box.is_managed)


def certificate(box: BoxReport) -> str:
    """Return when the certificate ends and in how many days."""
    leaf, left = facts.certificate(box), facts.left(box)
    if facts.pair_problem(box) is not None:
        return "unusable"
    if leaf is None or left is None:
        return UNKNOWN
    if leaf.temporary:
        return "temporary"
    return f"{leaf.not_after:%Y-%m-%d} ({short_span(left) if left > timedelta() else 'past'})"


def software(box: BoxReport) -> str:
    """Return image and branch."""
    layout = facts.layout(box)
    if layout is None:
        return UNKNOWN
    return f"{layout.image_version or '?'}/{layout.branch or '?'}"


def happened(box: BoxReport) -> str:
    """Return what was done on a box and what is wrong with it."""
    if box.state is BoxState.INVALID:
        return f"{counted(len(box.problems), 'problem')} in its entry"
    wrong = [code(finding.code) for finding in sorted(box.findings, key=lambda each: each.severity.rank)]
    if box.state is BoxState.NOT_ATTEMPTED:
        return _some(["not looked at"] if box.result is None else ["not mended", *wrong])
    if box.missed_runs:
        return _some([*wrong, f"missed {counted(box.missed_runs, 'run')}"])
    done = _done(box)
    if not done:
        return _some(wrong)
    return f"{', '.join(done)}; left: {_some(wrong)}" if wrong else ", ".join(done)


def summary(boxes: Sequence[BoxReport]) -> list[tuple[BoxState, str]]:
    """Return each state that occurs, and in words how many boxes are in it."""
    numbers = Counter(box.state for box in boxes)
    return [(each, counted_state(each, numbers[each])) for each in BoxState if numbers[each]]


def counted_state(value: BoxState, number: int) -> str:
    """Return `1 differs`, `2 differ`, `2 in sync`."""
    return f"{number} {'differ' if value is BoxState.DIFFERS and number != 1 else state(value)}"


def duration(seconds: float) -> str:
    """Return a time as people say it."""
    if seconds < _MINUTE:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"  # noqa: PLR2004
    whole = round(seconds)
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return `1 box`, `2 boxes`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def boxes(number: int) -> str:
    """Return `1 box`, `2 boxes`."""
    return counted(number, "box", "boxes")


def some_names(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """Return the names of boxes as a list with an end: of very many, how many more there are and where they stand."""
    shown = ", ".join(map(printable, names[:most]))
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more: --output json"


def place(customer: str | None, store: str | None) -> str:
    """Return where boxes stand, as a heading."""
    return " / ".join(printable(part) for part in (customer, store) if part) or "no customer, no store"


def _done(box: BoxReport) -> list[str]:
    outcomes = box.result.outcomes if box.result else ()
    kinds = [each.repair.kind for each in outcomes if each.status is RepairStatus.DONE]
    failed = [each.repair.kind for each in outcomes if each.status in IN_VAIN]
    if RepairKind.INSTALL_CERTIFICATE in kinds:
        kinds = [kind for kind in kinds if kind is not RepairKind.FETCH_CERTIFICATE]
    return [*(REPAIRS[kind].did for kind in kinds), *(f"could not {REPAIRS[kind].does}" for kind in failed)]


def _some(words: Iterable[str]) -> str:
    every = list(dict.fromkeys(words))
    more = len(every) - _SHOWN
    return ", ".join(every[:_SHOWN]) + (f" +{more}" if more > 0 else "")
