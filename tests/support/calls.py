"""The calls by which a run changes a simulated box: which they were, and what others do at one of them."""

from __future__ import annotations

import os
from collections.abc import Callable

from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.recorder import Call, CallKind


def calls_of(box: SimulatedBox, act: Callable[[SimulatedBox], object]) -> list[Call]:
    """Return each call that was begun while `act` worked on the box."""
    met: list[Call] = []
    box.recorder.before.append(met.append)
    try:
        act(box)
    finally:
        box.recorder.before.remove(met.append)
    return met


def changes(call: Call, kind: CallKind, path: str) -> bool:
    """Tell whether a call of that kind changes that file, or one below that folder, in either tree."""
    there = call.path.removeprefix(BYPASS)
    return call.kind is kind and f"{there}/".startswith(path.rstrip("/") + "/")


def runs_program(call: Call, arguments: tuple[str, ...]) -> bool:
    """Tell whether a call runs exactly this."""
    return call.kind is CallKind.RUN and call.details == arguments


def refuse(box: SimulatedBox, kind: CallKind, path: str, error: int) -> None:
    """Fail every call of that kind on that file or below that folder.

    Args:
        error: an `errno`.
    """

    def fail(call: Call) -> None:
        if changes(call, kind, path):
            raise OSError(error, os.strerror(error), call.path)

    box.recorder.before.append(fail)


def once_done(box: SimulatedBox, is_meant: Callable[[Call], bool], act: Callable[[], object]) -> None:
    """Do something right after each call that is meant."""

    def hook(call: Call) -> None:
        if is_meant(call):
            act()

    box.recorder.after.append(hook)
