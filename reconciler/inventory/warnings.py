"""Warnings about entries of boxes that stop nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from .entry import Entry
from .identity import listed

_NAMED: Final = 5
"""Hosts that a warning names before it counts the rest."""


def not_compared(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Say once for each vault password that is missing here what is not compared, and of how many boxes."""
    where: dict[str, dict[str, None]] = {}
    boxes: dict[str, set[str]] = {}
    for entry in entries:
        for variable, reason in entry.locked.items():
            where.setdefault(reason, {})[variable] = None
            boxes.setdefault(reason, set()).add(entry.identity.name)
    return tuple(
        f"not compared between customers, for {_counted(len(boxes[reason]))}: {listed(where[reason], 'more')} {reason}"
        for reason in where
    )


def unrecognised(outside: Iterable[Entry]) -> tuple[str, ...]:
    """Say of which boxes outside the limit the entry cannot be read in full."""
    names = [entry.identity.name for entry in outside if entry.problems or entry.disbelieved]
    if not names:
        return ()
    shown = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    return (f"outside the limit, entries cannot be read in full, so their boxes may not be recognised: {shown}",)


def _counted(boxes: int) -> str:
    return "1 box" if boxes == 1 else f"{boxes} boxes"
