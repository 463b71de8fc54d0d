"""What is asked of every call to a hostile server: it ends in time, and it ends in one line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.tally import count

SHORT = 0.4
"""Seconds that a call may take in these tests."""
TOLERANCE = 8.0
"""Seconds beyond a bound that a busy machine may need to notice it; a call without a bound takes for ever."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Fail when the block takes much longer than its own bound."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds + TOLERANCE
    count("hostile servers that were visited")
