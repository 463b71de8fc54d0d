"""Schedules for a person: what runs and when, how that ended, and what prints the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ..model.status import in_words
from ..schedule.quoting import words_of
from ..schedule.show import Schedule
from . import command, page

_LABEL: Final = 11
_BESIDE: Final = 2 + _LABEL
_NARROW: Final = 4
_NEVER: Final = "never"


def render(schedules: Sequence[Schedule], width: int = page.ELSEWHERE) -> str:
    """Return schedules for a person.

    Args:
        width: in columns.
    """
    if not schedules:
        nothing = "Nothing is scheduled: `iot-https schedule install NAME` schedules a run, by a NAME of your choice."
        return "\n".join(page.wrapped(nothing, width, ours=True))
    return "\n\n".join("\n".join(_lines(each, width)) for each in schedules)


def _lines(each: Schedule, width: int) -> Iterator[str]:
    is_on = each.enabled and each.active
    state = "on" if is_on else f"OFF: `sudo systemctl enable --now {each.timer}` switches it on"
    yield from page.wrapped(
        f"{each.name}: {state}{', a run is under way' if each.running else ''}", width, "  ", ours=True
    )
    yield from _command(each, width)
    for label, text in (
        ("calendar", each.calendar),
        ("next run", each.next_run or _NEVER),
        ("missed", _missed(each)),
        ("last run", f"{each.last_run or _NEVER}{_outcome(each)}"),
        ("log", f"`{each.journal}`"),
    ):
        following = page.hanging(_BESIDE, width, _NARROW)
        yield from page.wrapped(f"  {label:<{_LABEL}}{text}", width, following, ours=True)


def _command(each: Schedule, width: int) -> Iterator[str]:
    """Yield what the unit runs as a shell takes it; as the unit has it where that is not of our making."""
    parsed = words_of(each.command)
    yield "  command"
    yield from command.lines(command.quoted(parsed), width, "    ") if parsed else (f"    {each.command}",)


def _missed(each: Schedule) -> str:
    if each.catches_up:
        return "a run that was missed while this machine was off starts when it is on again"
    return "a run that was missed while this machine was off is left out"


def _outcome(each: Schedule) -> str:
    if not each.last_status:
        return ""
    if each.last_result not in ("success", "exit-code"):
        return f", ended by {each.last_result}"
    number = each.last_status
    return f", exit status {number} ({in_words(int(number) if number.isdigit() else -1)})"
