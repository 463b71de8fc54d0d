"""The exit status: a sum of bits, or 1 alone. What each means stands here once; help and documents repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

IN_SYNC: Final = 0
USAGE: Final = 1
DIFFERENCES: Final = 2
FAILED: Final = 4
STANDING: Final = 8
UNREACHED: Final = 16
REPORT_LOST: Final = 32

BITS: Final = (DIFFERENCES, FAILED, STANDING, UNREACHED, REPORT_LOST)
"""What a status other than 0 and 1 is a sum of."""

MOST_MISSED: Final = 1000
"""Runs in a row, at most, that a box may be missed before that is told."""

MEANINGS: Final[Mapping[int, str]] = MappingProxyType(
    {
        IN_SYNC: "all in sync; warnings that nobody can fix here are allowed",
        USAGE: "could not do the job (alone): usage, configuration, a lock that is held, nothing declared for any box",
        DIFFERENCES: "boxes differ, or were changed",
        FAILED: "a box or a repair failed, an inventory entry is invalid, or a box was not attempted",
        STANDING: "an error stands that no reconcile will end, or --max-changed held the run back",
        UNREACHED: "a box could not be reached",
        REPORT_LOST: "boxes were changed and the report was lost",
    }
)

SHORT: Final[Mapping[int, str]] = MappingProxyType(
    {
        IN_SYNC: "all in sync",
        USAGE: "could not do the job",
        DIFFERENCES: "differences or changes",
        FAILED: "failures",
        STANDING: "errors that reconcile does not fix, or a run held back",
        UNREACHED: "boxes that could not be reached",
        REPORT_LOST: "changes whose report was lost",
    }
)


def in_words(status: int) -> str:
    """Return what a status says, each bit of a sum in a few words."""
    if status in (IN_SYNC, USAGE):
        return SHORT[status]
    if status < 0 or status & ~sum(BITS):
        return "not an exit status of this program"
    return "; ".join(SHORT[bit] for bit in BITS if status & bit)


def sums(bits: int) -> tuple[int, ...]:
    """Return every status other than 0 that is a sum of these bits only, in order."""
    return tuple(status for status in range(1, sum(BITS) + 1) if not status & ~(bits & sum(BITS)))
