"""What a kill of the tool, and a power cut after it, leave of a box: for each call by which a run changes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.choices import sampled_choices
from iotbox_simulator.machine.inode import Choose
from iotbox_simulator.machine.recorder import Call, Recorder

from . import runs
from .calls import calls_of
from .runs import Fleet

POWER_CUTS_PER_CALL = 4


@dataclass(frozen=True)
class KillPoint:
    """A box as the death of the tool left it: before one call of its run, or after the last."""

    box: SimulatedBox
    call: Call
    after: bool = False

    def __str__(self) -> str:
        return f"killed {'after' if self.after else 'before'} call {self.call}"


@dataclass(frozen=True)
class PowerCut:
    """What is lost of the changes that were not synced at a kill point."""

    point: KillPoint
    number: int
    choose: Choose

    def __str__(self) -> str:
        return f"{self.point}, power cut {self.number} of {POWER_CUTS_PER_CALL}"


def killed_anywhere(fleet: Fleet) -> list[KillPoint]:
    """Return the box as it is before each call of one run, and after the last; each time the tool is dead."""
    last = calls_of(fleet.box.clone(), runs.reconcile)[-1].number
    box = fleet.box.clone()
    points: list[KillPoint] = []

    def copy(call: Call, *, after: bool = False) -> None:
        if not after or call.number == last:
            points.append(KillPoint(box.clone(), call, after))

    box.recorder.before.append(copy)
    box.recorder.after.append(partial(copy, after=True))
    runs.reconcile(box)
    assert len(points) == last + 1
    for point in points:
        point.box.recorder = Recorder()
        point.box.kill()
    return points


def power_cuts(points: list[KillPoint]) -> Iterator[PowerCut]:
    """Yield what may be lost at each kill point: nothing, all and some of it; the last of a point uses its box up."""
    for seed, point in enumerate(points, start=1):
        for number, choose in enumerate(sampled_choices(seed, POWER_CUTS_PER_CALL), start=1):
            yield PowerCut(point, number, choose)
