"""A command run at a terminal of its own, by somebody who answers what it asks."""

from __future__ import annotations

import os
import pty
import select
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .patience import PATIENCE


@dataclass(frozen=True)
class Shown:
    """What a command showed at its terminal, and how it ended."""

    status: int
    text: str


def at_terminal(
    command: Sequence[str], answers: Sequence[tuple[str, str]], *, cwd: Path, env: Mapping[str, str]
) -> Shown:
    """Run a command and type each answer when its question is shown.

    Args:
        answers: the end of each question, and what is typed.
    """
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(cwd)
        os.execvpe(command[0], list(command), dict(env))  # noqa: S606 - no shell is wanted
    text, left, until = "", list(answers), time.monotonic() + PATIENCE
    while _is_readable(terminal, until):
        try:
            text += os.read(terminal, 65536).decode(errors="replace")
        except OSError:  # the command has ended: its end of the terminal is closed
            break
        if left and text.rstrip().endswith(left[0][0]):
            os.write(terminal, f"{left.pop(0)[1]}\n".encode())
    os.close(terminal)
    _, status = os.waitpid(child, 0)
    assert not left, f"{command} did not ask {left[0][0]!r}: {text}"
    return Shown(os.waitstatus_to_exitcode(status), text)


def _is_readable(terminal: int, until: float) -> bool:
    ready, _, _ = select.select([terminal], [], [], max(0.0, until - time.monotonic()))
    assert ready, "nothing was shown any more"
    return True
