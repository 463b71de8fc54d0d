"""The signals by which somebody ends this program: Ctrl-C, systemd's SIGTERM, and SIGHUP of a terminal that is gone."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from ..engine.stop import ends_a_run


@contextmanager
def raised() -> Iterator[None]:
    """Let the first of them raise KeyboardInterrupt with its name; a run takes them over while it lasts.

    Afterwards this process is about to end, and only says how: what comes then must not take its exit status away.
    """
    for number in ends_a_run():
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        _ignore()


def _interrupt(number: int, _: FrameType | None) -> NoReturn:
    _ignore()
    raise KeyboardInterrupt(signal.Signals(number).name)


def _ignore() -> None:
    for number in ends_a_run():
        signal.signal(number, signal.SIG_IGN)
