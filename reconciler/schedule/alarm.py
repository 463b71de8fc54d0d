"""Which parts of the exit status fail the service, and after how many missed runs a box counts.

A status of 1, that a run could not do its job, always fails it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ..model.near import instead
from ..model.status import BITS, DIFFERENCES, FAILED, MOST_MISSED, REPORT_LOST, STANDING, UNREACHED, sums
from .errors import ScheduleError

WORDS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "differences": DIFFERENCES,
        "failed": FAILED,
        "standing": STANDING,
        "unreached": UNREACHED,
        "lost": REPORT_LOST,
    }
)
_COUNTED: Final = "unreached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What rings.

    Args:
        bits: parts of the exit status that fail the service.
        runs_to_miss: runs in a row that a box must miss before it counts as not reached.
    """

    bits: int
    runs_to_miss: int = 1

    @property
    def success(self) -> tuple[int, ...]:
        """Exit statuses other than 0 with which a run ends well: all sums of what does not ring."""
        return sums(sum(bit for bit in BITS if not bit & self.bits))

    def rings(self, status: int) -> bool:
        """Tell whether a run that ends with this status fails the service."""
        return status != 0 and status not in self.success

    @property
    def counts_missed(self) -> bool:
        """Whether the runs that a box missed are to be counted."""
        return bool(self.bits & UNREACHED) and self.runs_to_miss > 1


DEFAULT_WORDS: Final = "failed,standing,unreached=3,lost"
"""A till that is switched off at night is no alarm, one that three nights did not see is; a difference is mended."""


def read(words: str) -> Alarm:
    """Return what words such as `failed,unreached=3` mean.

    Raises:
        ScheduleError: one is not known, or counts what cannot be counted.
    """
    bits, missed = 0, 1
    for each in words.split(","):
        word, counted, number = each.strip().partition("=")
        if word not in WORDS:
            way_out = instead(word, WORDS, f": give some of {', '.join(WORDS)}, with commas")
            raise ScheduleError(f"{word!r} is nothing that rings{way_out}")
        if counted:
            missed = _number(word, number)
        bits |= WORDS[word]
    return Alarm(bits=bits, runs_to_miss=missed)


def _number(word: str, number: str) -> int:
    if word != _COUNTED:
        raise ScheduleError(f"{word} rings at once: only {_COUNTED} takes a number of runs, as in {_COUNTED}=3")
    if not number.isascii() or not number.isdigit() or not 1 <= int(number) <= MOST_MISSED:
        raise ScheduleError(f"{_COUNTED} takes a number of runs from 1 to {MOST_MISSED}, as in {_COUNTED}=3")
    return int(number)


DEFAULT: Final = read(DEFAULT_WORDS)
