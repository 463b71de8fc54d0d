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
    """Let each raise KeyboardInterrupt with its name while this is open; a run takes them over while it lasts."""
    before = {number: signal.signal(number, _interrupt) for number in ends_a_run()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, _: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt(signal.Signals(number).name)
