"""Processes that a command left behind, also those that have cut every tie but their environment."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MARK = "IOT_SIMULATOR"
"""The variable by which everything that runs for a simulated box is known."""
_PATIENCE = 5.0
_PAUSE = 0.01


def end(mark: str) -> None:
    """Kill every process with this mark, and return when none is left.

    Raises:
        TimeoutError: some could not be killed within 5 s.
    """
    until = time.monotonic() + _PATIENCE
    while pids := list(marked(mark)):
        if time.monotonic() > until:
            raise TimeoutError(f"processes of simulated boxes cannot be ended: {pids}")
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_PAUSE)


def marked(mark: str) -> Iterator[int]:
    """Find the living processes with this mark; those of other users, which we may not look into, are not ours."""
    wanted = f"{MARK}={mark}".encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):  # gone meanwhile, or somebody else's
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    yield int(entry.name)
