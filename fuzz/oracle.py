"""What must hold whatever comes in: a refusal is one printable line, and it repeats no secret."""

from __future__ import annotations

from typing import Final

CANARY: Final = "CANARY7f3a-4b5c-6d7e-8f90-112233445566"
"""Stands for a secret; no text that people see may hold its beginning."""
MARK: Final = b"@@"
"""Stands in seeds where an input repeats or carries a secret."""
_BEGINNING = CANARY[:7]


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
