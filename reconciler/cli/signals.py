"""The signals by which somebody ends this program: Ctrl-C, systemd's SIGTERM, and SIGHUP of a terminal that is gone."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ..engine.stop import ends_a_run


class _Ending:
    """Whether the next of the signals raises; one that has raised is not followed by another in the midst of it."""

    is_armed = False
    has_raised = False


@contextmanager
def raised() -> Iterator[None]:
    """Let the first of them raise KeyboardInterrupt with its name; a run takes them over while it lasts.

    Afterwards this process is about to end, and only says how: what comes then must not take its exit status away.
    """
    for number in ends_a_run():
        signal.signal(number, _interrupt)
    _Ending.is_armed = True
    try:
        yield
    finally:
        over()
        for number in ends_a_run():  # the interpreter puts other handlers back to the system's default as it ends
            signal.signal(number, signal.SIG_IGN)


def arm() -> None:
    """Let the next of them raise again, where the first ended something that was over anyway."""
    _Ending.is_armed = signal.SIGTERM in ends_a_run() and signal.getsignal(signal.SIGTERM) is _interrupt


def has_raised() -> bool:
    """Tell whether one of them has raised KeyboardInterrupt."""
    return _Ending.has_raised


def over() -> None:
    """Let none of them raise any more: the result has left this process."""
    _Ending.is_armed = False


def _interrupt(number: int, _: FrameType | None) -> None:
    if _Ending.is_armed:
        _Ending.is_armed, _Ending.has_raised = False, True
        raise KeyboardInterrupt(signal.Signals(number).name)
