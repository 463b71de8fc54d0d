"""Usage errors, and lines for a person on standard error."""

from __future__ import annotations

import sys

from ..model.errors import PermanentFailure


class UsageError(PermanentFailure):
    """The command line asks for something that cannot be done; the text says what would."""


def say(message: str) -> None:
    """Tell a person something beside the result."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def warn(problem: str, warned: list[str]) -> None:
    """Tell a person of a problem that stops nothing, and note it for the report."""
    say(f"warning: {problem}")
    warned.append(problem)
