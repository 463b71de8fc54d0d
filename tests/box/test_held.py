"""Odoo that a run holds runs on whatever happens to the run; only SIGKILL leaves that to the timer.

At every call by which a run touches the machine it is told to end, or the call fails, before or after it took effect;
and at every step of Python in the two modules that hold Odoo it is told to end. Afterwards nothing waits: Odoo runs.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, cast

import pytest

from iotbox_simulator.machine.box import SimulatedBox
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.box import hold, odoo, restart
from reconciler.box.ending import Stopped
from reconciler.box.repair import services
from reconciler.box.run import run
from reconciler.box.system import System
from reconciler.model.desired import Mode, Request

from ..support import runs
from ..support.tally import count
from .test_crash import ARRANGEMENTS

Strike = Callable[[SimulatedBox], None]
QUIET = ("put_off_end", "is_told_to_end", "accept_end")
"""Calls that touch nothing but our own process."""
BEFORE_THE_RUN = ("now", "monotonic")
"""What is asked before anything is begun; these cannot fail on any machine."""


def fails(_: SimulatedBox) -> None:
    """Fail as a disk does."""
    raise OSError(errno.EIO, os.strerror(errno.EIO))


STRIKES: dict[str, Strike] = {"told to end": SimulatedBox.tell_to_end, "fails": fails}


def stopped_before(kind: LayoutKind) -> runs.Fleet:
    """Return a box whose Odoo an earlier run left stopped, with its timer gone."""
    fleet = runs.managed(kind)
    fleet.box.odoo.signal(19)
    return fleet


HOLDING: dict[str, tuple[runs.Arrange, LayoutKind]] = {
    "first reconcile": (ARRANGEMENTS["first reconcile"], "ro_ini"),
    "renewal": (ARRANGEMENTS["renewal"], "rw_newest"),
    "copy to the mirror": (ARRANGEMENTS["copy to the mirror"], "ro_ini"),
    "stopped by an earlier run": (stopped_before, "rw_ini"),
}


class Struck:
    """A machine one of whose calls, by number, is struck; number 0 only counts."""

    def __init__(self, box: SimulatedBox, strike: Strike, number: int = 0, *, after: bool = False) -> None:
        self.box, self.calls = box, list[str]()
        self._strike, self._number, self._after = strike, number, after

    def __getattr__(self, name: str) -> Any:
        call = getattr(self.box, name)
        if name in QUIET:
            return call

        def act(*arguments: Any, **options: Any) -> Any:
            self.calls.append(f"{name} {arguments[0] if arguments else ''}")
            is_struck = len(self.calls) == self._number
            if is_struck and not self._after:
                self._strike(self.box)
            answer = call(*arguments, **options)
            if is_struck and self._after:
                self._strike(self.box)
            return answer

        return act


def reconcile(machine: object) -> None:
    request = Request(desired=runs.DESIRED, mode=Mode.RECONCILE, deadline_seconds=240.0)
    try:
        run(cast(System, machine), request)
    except Stopped:
        return


def assert_odoo_runs(box: SimulatedBox, where: str) -> None:
    assert box.odoo.pid, where
    assert not box.odoo.stopped, where
    assert not box.odoo.sleeper.pending, where


def from_the_hold_on(calls: list[str]) -> range:
    """Return the numbers of the calls from the first one that prepares to hold Odoo to the last one of the run."""
    first = next((i for i, call in enumerate(calls, 1) if "systemd-run" in call or call.startswith("signal")), 0)
    assert first, "this run holds nothing, so it shows nothing"
    return range(first - 2, len(calls) + 1)


@pytest.mark.parametrize("arranged", HOLDING)
@pytest.mark.parametrize("how", STRIKES)
def test_odoo_runs_whatever_befalls_a_call(how: str, arranged: str) -> None:
    arrange, kind = HOLDING[arranged]
    start = arrange(kind)
    counted = Struck(start.box.clone(), STRIKES[how])
    reconcile(counted)
    for number in from_the_hold_on(counted.calls):
        for after in (False, True):
            if how == "fails" and counted.calls[number - 1].rstrip() in BEFORE_THE_RUN:
                continue
            machine = Struck(start.box.clone(), STRIKES[how], number, after=after)
            reconcile(machine)
            assert_odoo_runs(machine.box, f"{number}: {machine.calls[number - 1]}, {after=}")
            count("faults while Odoo is held")


@contextmanager
def traced(visit: Callable[[FrameType], None]) -> Iterator[None]:
    """Visit before every instruction of Python of what holds Odoo and lets it go."""
    acts = (odoo.hold, odoo.release, odoo._wake, restart._Restart.do, restart.hang_up, services.resume_odoo)
    codes = {act.__code__ for act in acts}

    def on_instruction(frame: FrameType, event: str, _: object) -> Any:
        if event == "opcode":
            visit(frame)
        return on_instruction

    def on_call(frame: FrameType, _: str, __: object) -> Any:
        if frame.f_code.co_filename != hold.__file__ and frame.f_code not in codes:
            return None
        frame.f_trace_opcodes = True
        return on_instruction

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        yield
    finally:
        sys.settrace(before)


class Countdown:
    """Tells a box's tool to end before the instruction of one number; number 0 only counts."""

    def __init__(self, box: SimulatedBox, number: int = 0) -> None:
        self.come_to = 0
        self.where = ""
        self._box, self._number = box, number

    def __call__(self, frame: FrameType) -> None:
        self.come_to += 1
        if self.come_to == self._number:
            self.where = f"{frame.f_code.co_qualname}:{frame.f_lineno}"
            self._box.tell_to_end()


@pytest.mark.parametrize("arranged", ["renewal", "stopped by an earlier run"])
def test_odoo_runs_when_told_to_end_at_any_instruction(arranged: str) -> None:
    arrange, kind = HOLDING[arranged]
    start = arrange(kind)
    counted = Countdown(start.box.clone())
    with traced(counted):
        reconcile(counted._box)
    assert counted.come_to > 60  # newer versions of Python need fewer for the same
    for number in range(1, counted.come_to + 1):
        box = start.box.clone()
        countdown = Countdown(box, number)
        with traced(countdown):
            reconcile(box)
        if box.odoo.stopped and start.box.odoo.stopped:
            assert not box.end.is_put_off, countdown.where
            continue
        assert_odoo_runs(box, countdown.where)
        count("instructions at which a run is told to end")
