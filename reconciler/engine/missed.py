"""How many runs in a row each box of an inventory has missed: one small file beside its lock and journal.

A till that is switched off for a night is nobody's business, one that three nights did not see is. Only runs that ask
for it count. The file is a memory, no more: a run works without it, and says so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from ..results.fleet import BoxReport, BoxState, FleetReport
from .state_folder import StateUnusable, kept

FILE: Final = "missed.json"
_MISSED: Final = frozenset({BoxState.UNREACHABLE, BoxState.DEFERRED, BoxState.BUSY})
"""Also one on which another run was at work each time: nobody knows how it stands, and something may hang there."""
_ANSWERED: Final = frozenset({BoxState.IN_SYNC, BoxState.IN_SYNC_AS_SEEN, BoxState.DIFFERS, BoxState.CHANGED})
_LONGEST_WAIT: Final = 10.0
"""Seconds for another run to write its counts, which takes milliseconds."""
_MOST_BYTES: Final = 16 << 20
_MOST: Final = 1_000_000
"""Higher counts say nothing more."""

_Counts = Mapping[str, int]


class MissedRuns:
    """The counts of one inventory."""

    def __init__(self, folder: Path) -> None:
        """Name the inventory's state directory; nothing is read yet."""
        self._path = folder / FILE

    def count(self, report: FleetReport, known: Iterable[str] | None = None) -> tuple[FleetReport, str | None]:
        """Count a run, and return its report with what each box has missed, and a warning where that is worth one.

        Two runs that end at once count one after the other.

        Args:
            known: every box of the inventory, also outside the limit; the others are forgotten. `None` forgets none.

        Raises:
            StateUnusable: the counts cannot be read or written.
        """
        lock = FileLock(self._path.with_suffix(".lock"), timeout=_LONGEST_WAIT)
        with kept(self._path):
            try:
                lock.acquire()
            except Timeout:
                raise StateUnusable(f"{self._path}: another run has held its lock for {_LONGEST_WAIT:.0f} s") from None
            try:
                before, problem = _read(self._path)
                counts = updated(before, report.boxes, known)
                if problem is not None or counts != before:
                    _write(self._path, counts)
            finally:
                lock.release()
        return with_counts(report, counts), problem


def updated(before: _Counts, boxes: Iterable[BoxReport], known: Iterable[str] | None = None) -> dict[str, int]:
    """Return the counts after a run: one more for each box that it missed, none for those that answered.

    A box that the run did not come to keeps what it had.
    """
    names = None if known is None else frozenset(known)
    counts = {name: count for name, count in before.items() if names is None or name in names}
    for box in boxes:
        if box.state in _MISSED:
            counts[box.name] = min(counts.get(box.name, 0) + 1, _MOST)
        elif box.state in _ANSWERED or box.result is not None:
            counts.pop(box.name, None)
    return counts


def with_counts(report: FleetReport, counts: _Counts) -> FleetReport:
    """Return the report with the runs that each of its boxes missed."""
    boxes = (replace(box, missed_runs=counts.get(box.name, 0)) for box in report.boxes)
    return replace(report, boxes=tuple(boxes))


def _read(path: Path) -> tuple[dict[str, int], str | None]:
    """Return the counts, none where there is no file, and what is wrong with it."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return {}, None
    try:
        counts = json.loads(content)["boxes"] if len(content) <= _MOST_BYTES else None
    except (ValueError, KeyError, TypeError, RecursionError):
        counts = None
    if not isinstance(counts, dict) or not all(map(_is_count, counts.values())):
        return {}, f"{path} cannot be understood: which boxes were missed before is not known, and counted anew"
    return counts, None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST


def _write(path: Path, counts: _Counts) -> None:
    """Replace the file, durably: a power cut leaves the old one or the new one."""
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump({"version": 1, "boxes": counts}, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
