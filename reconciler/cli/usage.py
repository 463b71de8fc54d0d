"""Usage errors, and lines for a person on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable

from ..model.errors import PermanentFailure
from ..report import page


class UsageError(PermanentFailure):
    """The command line asks for something that cannot be done; the text says what would."""


def say(message: str, *, ours: bool = False) -> None:
    """Tell a person something beside the result; a log has it on one line, a terminal between its edges.

    Args:
        ours: what stands in backticks is a command of ours, and stays on one line.
    """
    lines = message.splitlines() or [""]
    if sys.stderr.isatty():
        width = page.width_of(sys.stderr)
        lines = [part for line in lines for part in page.wrapped(line, width, _indent(line), ours=ours) or [""]]
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    sys.stderr.flush()


def typed(read: Callable[[], str] | None = None) -> str:
    """Return what is typed behind a question; what is told of an interruption begins a line of its own.

    Args:
        read: returns it; a line of standard input where not given.
    """
    try:
        return sys.stdin.readline() if read is None else read()
    except KeyboardInterrupt:
        say("")
        raise


def _indent(line: str) -> str:
    """Return what the rest of a line begins with: further in than its beginning."""
    return " " * (len(line) - len(line.lstrip()) + 2)


def warn(problem: str, warned: list[str]) -> None:
    """Tell a person of a problem that stops nothing, and note it for the report."""
    say(f"warning: {problem}")
    warned.append(problem)
