"""The signals by which somebody ends this program: Ctrl-C, systemd's SIGTERM, and SIGHUP of a terminal that is gone."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ..engine.stop import ends_a_run

_AGAIN_SECONDS = 1.0
"""Until the next of the signals raises: the first may have been swallowed where Python lets nothing through, such as
while an object is collected, and must not follow itself while it is being handled."""


class _Ending:
    """Whether the next of the signals raises, and when one did, in seconds of the monotonic clock."""

    is_armed = False
    raised_at: float | None = None


@contextmanager
def raised() -> Iterator[None]:
    """Let the first of them raise KeyboardInterrupt with its name; a run takes them over while it lasts.

    Afterwards this process is about to end, and only says how: what comes then must not take its exit status away.
    """
    for number in ends_a_run():
        signal.signal(number, _interrupt)
    _Ending.is_armed, _Ending.raised_at = True, None
    try:
        yield
    finally:
        over()
        for number in ends_a_run():  # the interpreter puts other handlers back to the system's default as it ends
            signal.signal(number, signal.SIG_IGN)


def has_raised() -> bool:
    """Tell whether one of them has raised KeyboardInterrupt."""
    return _Ending.raised_at is not None


def over() -> None:
    """Let none of them raise any more: the result has left this process, or its end is being told."""
    _Ending.is_armed = False


def _interrupt(number: int, _: FrameType | None) -> None:
    now = time.monotonic()
    if _Ending.is_armed and (_Ending.raised_at is None or now - _Ending.raised_at >= _AGAIN_SECONDS):
        _Ending.raised_at = now
        raise KeyboardInterrupt(signal.Signals(number).name)
