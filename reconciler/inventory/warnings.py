"""Warnings about entries of boxes that stop nothing; and what is said instead where every entry has the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from .entry import Entry
from .identity import listed

_NAMED: Final = 5
"""Hosts that a warning names before it counts the rest."""


def not_compared(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Say once for each vault password that is missing here what is not compared, and of how many boxes."""
    return tuple(
        f"not compared between customers, for {_counted(len(boxes))}: {said}" for said, boxes in _locked(entries)
    )


def all_locked(entries: Collection[Entry]) -> tuple[str, ...]:
    """Say once for each vault password that is missing what cannot be decrypted, if that is so for every box."""
    if not all(entry.locked for entry in entries):
        return ()
    return tuple(f"no box can be judged: {said}" for said, _ in _locked(entries))


def _locked(entries: Iterable[Entry]) -> Iterator[tuple[str, set[str]]]:
    """Yield for each reason which variables cannot be decrypted and why, and of which boxes."""
    where: dict[str, dict[str, None]] = {}
    boxes: dict[str, set[str]] = {}
    for entry in entries:
        for variable, reason in entry.locked.items():
            where.setdefault(reason, {})[variable] = None
            boxes.setdefault(reason, set()).add(entry.identity.name)
    for reason, names in where.items():
        yield f"{listed(names, 'more')} {reason}", boxes[reason]


def unrecognised(outside: Iterable[Entry]) -> tuple[str, ...]:
    """Say of which boxes outside the limit the entry cannot be read in full."""
    names = [entry.identity.name for entry in outside if entry.problems or entry.disbelieved]
    if not names:
        return ()
    shown = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    return (f"outside the limit, entries cannot be read in full, so their boxes may not be recognised: {shown}",)


def _counted(boxes: int) -> str:
    return "1 box" if boxes == 1 else f"{boxes} boxes"
