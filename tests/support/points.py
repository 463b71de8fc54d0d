"""One assertion at many points, such as each call of a run: the failure names every point at which it did not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

P = TypeVar("P")
NAMED = 20
"""Points that a failure names one by one; the first of them tell which kind of call it is."""


def at_each(points: Iterable[P], examine: Callable[[P], object]) -> int:
    """Examine every point, also after one has failed; return how many there were.

    Args:
        points: what `str` names, in a few words on one line.

    Raises:
        AssertionError: there were none, or some failed; caused by the first failure, whose details pytest shows.
    """
    __tracebackhide__ = True  # what failed is told below, and where in the failure that it is caused by
    number, failed, first = 0, list[str](), None
    for number, point in enumerate(points, start=1):  # noqa: B007 - its last value is the number of points
        name = str(point)  # as it was before it was examined
        try:
            examine(point)
        except Exception as error:  # noqa: BLE001 - told below, with the name of the point
            first = first or error
            failed.append(f"{name}: {_reason(error)}")
    assert number, "there was no point to examine, so this showed nothing"
    if failed:
        listed = failed[:NAMED] + ["..."] * (len(failed) > NAMED)
        raise AssertionError(f"{len(failed)} of {number}: " + "\n  ".join(listed)) from first
    return number


def _reason(error: Exception) -> str:
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
