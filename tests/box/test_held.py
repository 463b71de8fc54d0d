"""Odoo that a run holds runs on whatever happens to the run; only SIGKILL leaves that to the timer.

At the calls by which a run touches the machine while it holds Odoo it is told to end, or the call fails, before or
after it took effect; and at the steps of Python in the two modules that hold Odoo it is told to end. Afterwards nothing
waits: Odoo runs. The long form strikes at every call to the end of the run, and at every instruction.
"""

from __future__ import annotations

import dis
import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from types import CodeType, FrameType
from typing import Any, cast

import pytest

from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.box.repair import services
from reconciler.box.run import run
from reconciler.box.services import odoo, odoo_hold, restart
from reconciler.machine.ending import Stopped
from reconciler.machine.system import System
from reconciler.model.desired import Mode, Request

from ..support import runs
from ..support.arranged import ARRANGEMENTS
from ..support.forms import Form, short_and_long
from ..support.points import at_each
from ..support.tally import count

Strike = Callable[[SimulatedBox], None]
QUIET = ("put_off_end", "is_told_to_end", "accept_end")
"""Calls that touch nothing but our own process."""
BEFORE_THE_RUN = ("now", "monotonic")
"""What is asked before anything is begun; these cannot fail on any machine."""
TIMER = (("systemctl", "stop"), ("systemd-run",))
"""How the programs begin by which the timer is set and stopped that wakes Odoo."""
AROUND = 10
"""Calls after Odoo was let go at which a run is still struck; what comes then only looks."""
LOADS = ("LOAD_FAST", "LOAD_CONST", "LOAD_GLOBAL", "LOAD_DEREF", "LOAD_ATTR", "LOAD_METHOD", "PUSH_NULL", "PRECALL")
"""Instructions that only bring together what a later one acts on: nothing has happened between two of them."""


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

STEP = {"first reconcile": 3, "renewal": 1, "copy to the mirror": 3, "stopped by an earlier run": 1}
"""Every third blow where most calls of the hold are those of a renewal too; odd, so that both sides are met."""


@dataclass(frozen=True)
class Asked:
    """One call of a machine, whatever it is."""

    number: int
    name: str
    first: object
    """Of its arguments."""

    @property
    def holds_or_lets_go(self) -> bool:
        """Whether it is one by which Odoo is held and let go: of the timer, or of its process."""
        if self.name == "run" and isinstance(self.first, tuple):
            return any(self.first[: len(program)] == program for program in TIMER)
        return self.name == "signal"

    def __str__(self) -> str:
        first = " ".join(map(str, self.first)) if isinstance(self.first, tuple) else self.first
        return f"call {self.number}: {self.name} {first}".rstrip()


class Struck:
    """A machine one of whose calls, by number, is struck; number 0 only counts."""

    def __init__(self, box: SimulatedBox, strike: Strike, number: int = 0, *, after: bool = False) -> None:
        self.box, self.calls = box, list[Asked]()
        self._strike, self._number, self._after = strike, number, after

    def __getattr__(self, name: str) -> Any:
        call = getattr(self.box, name)
        if name in QUIET:
            return call

        def act(*arguments: Any, **options: Any) -> Any:
            self.calls.append(Asked(len(self.calls) + 1, name, arguments[0] if arguments else ""))
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


def assert_odoo_runs(box: SimulatedBox) -> None:
    assert box.odoo.pid
    assert not box.odoo.stopped
    assert not box.odoo.sleeper.pending


@dataclass(frozen=True)
class Blow:
    """Which call is struck, and on which side of what it does."""

    call: Asked
    after: bool

    def __str__(self) -> str:
        return f"struck {'after' if self.after else 'before'} {self.call}"


def blows(calls: list[Asked], how: str, *, every: bool) -> Iterator[Blow]:
    """Yield where a run is struck, from the first call that prepares to hold Odoo.

    Before a call and after the one before it, being told to end is the same, as long as nobody wants each of them.
    """
    about = [call.number for call in calls if call.holds_or_lets_go]
    assert about, "this run holds nothing, so it shows nothing"
    last = len(calls) if every else min(len(calls), about[-1] + AROUND)
    for call in calls[about[0] - 3 : last]:
        if how == "fails" and call.name in BEFORE_THE_RUN:
            continue
        if every or how == "fails":
            yield Blow(call, after=False)
        yield Blow(call, after=True)


@short_and_long
@pytest.mark.parametrize("arranged", HOLDING)
@pytest.mark.parametrize("how", STRIKES)
def test_odoo_runs_whatever_befalls_a_call(how: str, arranged: str, form: Form) -> None:
    arrange, kind = HOLDING[arranged]
    start, every = arrange(kind), form == "long"
    counted = Struck(start.box.clone(), STRIKES[how])
    reconcile(counted)

    def odoo_runs_after(blow: Blow) -> None:
        machine = Struck(start.box.clone(), STRIKES[how], blow.call.number, after=blow.after)
        reconcile(machine)
        assert machine.calls[blow.call.number - 1] == blow.call
        assert_odoo_runs(machine.box)

    struck = islice(blows(counted.calls, how, every=every), 0, None, 1 if every else STEP[arranged])
    count("faults while Odoo is held", at_each(struck, odoo_runs_after))


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
        if frame.f_code.co_filename != odoo_hold.__file__ and frame.f_code not in codes:
            return None
        frame.f_trace_opcodes = True
        return on_instruction

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        yield
    finally:
        sys.settrace(before)


@dataclass(frozen=True)
class Instruction:
    """One at which a run is told to end."""

    number: int
    where: str

    def __str__(self) -> str:
        return f"told to end at instruction {self.number}, {self.where}"


class Countdown:
    """Tells a box's tool to end before the instruction of one number; number 0 only counts.

    Args:
        every: count each instruction, and not only those that may differ from the one before.
    """

    def __init__(self, box: SimulatedBox, number: int = 0, *, every: bool) -> None:
        self.met: list[Instruction] = []
        self.box, self._number, self._every = box, number, every
        self._places, self._is_load = set[tuple[CodeType, int]](), False

    def __call__(self, frame: FrameType) -> None:
        before, self._is_load = self._is_load, dis.opname[frame.f_code.co_code[frame.f_lasti]] in LOADS
        place = frame.f_code, frame.f_lasti
        if not self._every and ((before and self._is_load) or place in self._places):
            return
        self._places.add(place)
        self.met.append(Instruction(len(self.met) + 1, f"{frame.f_code.co_qualname}:{frame.f_lineno}"))
        if len(self.met) == self._number:
            self.box.tell_to_end()


@short_and_long
@pytest.mark.parametrize("arranged", ["renewal", "stopped by an earlier run"])
def test_odoo_runs_when_told_to_end_at_any_instruction(arranged: str, form: Form) -> None:
    arrange, kind = HOLDING[arranged]
    start, every = arrange(kind), form == "long"
    counted = Countdown(start.box.clone(), every=every)
    with traced(counted):
        reconcile(counted.box)
    assert len(counted.met) > 40  # newer versions of Python need fewer for the same

    def odoo_runs_when_told_at(instruction: Instruction) -> None:
        box = start.box.clone()
        with traced(Countdown(box, instruction.number, every=every)):
            reconcile(box)
        if box.odoo.stopped and start.box.odoo.stopped:
            assert not box.end.is_put_off
        else:
            assert_odoo_runs(box)

    count("instructions at which a run is told to end", at_each(counted.met, odoo_runs_when_told_at))
