"""What must hold whatever comes in: a refusal is one printable line, repeats no secret, and costs little."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

CANARY: Final = "CANARY7f3a-4b5c-6d7e-8f90-112233445566"
"""Stands for a secret; no text that people see may hold its beginning."""
MARK: Final = b"@@"
"""Stands in seeds where an input repeats or carries a secret."""
_BEGINNING = CANARY[:7]


SLOWEST: Final = 2.0
"""Seconds of this process for one input of 64 KiB, instrumented and on a slow machine; most take a thousandth."""
LARGEST: Final = 64 << 20
"""Bytes that one input may make this process hold more, at its worst moment."""


@contextmanager
def affordable() -> Iterator[None]:
    """Check what an input costs.

    Raises:
        AssertionError: it took too long, or too much memory where that is traced.
    """
    began = time.process_time()
    traced = tracemalloc.is_tracing()
    if traced:
        tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0] if traced else 0
    yield
    seconds = time.process_time() - began
    assert seconds < SLOWEST, f"one input takes {seconds:.1f} s"
    if traced:
        held = tracemalloc.get_traced_memory()[1] - before
        assert held < LARGEST, f"one input takes {held >> 20} MiB"


def planted(data: bytes) -> bytes:
    """Put the canary where the marks are and nowhere else, so that finding it is no accident."""
    return data.replace(_BEGINNING.encode(), b"?").replace(MARK, CANARY.encode())


def check_refusal(text: str) -> None:
    """Check a text that a person gets to see.

    Raises:
        AssertionError: it is empty, more than one line, unprintable, or holds the canary.
    """
    assert text, "a refusal without a word"
    check_shown(text)


def check_shown(*texts: str | None) -> None:
    """Check texts that may be empty or missing."""
    for text in texts:
        shown = text or ""
        assert shown.isprintable(), f"not one printable line: {shown!r}"
        check_secret(shown)


def check_secret(text: str) -> None:
    """Check only that a text, of many lines perhaps, does not hold the canary."""
    assert _BEGINNING.lower() not in text.lower(), f"a secret is shown: {text!r}"
