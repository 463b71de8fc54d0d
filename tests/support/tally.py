"""Counts that the summary of a test run should name, such as the points at which a run was killed."""

from __future__ import annotations

import collections

TALLY: collections.Counter[str] = collections.Counter()


def count(what: str, number: int = 1) -> None:
    """Add to what is printed at the end."""
    TALLY[what] += number
