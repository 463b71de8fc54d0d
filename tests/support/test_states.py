"""Boxes count as the same only where nothing that can come of them differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from iotbox_simulator.boxes.linux import SimulatedBox

from . import runs
from .states import once_for_each_state, state_of

PATH = "/home/pi/value"
CHANGES: dict[str, Callable[[SimulatedBox], object]] = {
    "a file": lambda box: box.host.write(PATH, b"other"),
    "its mode": lambda box: box.host.set_mode(PATH, 0o640),
    "its owner": lambda box: box.host.set_owner(PATH, 1000, 1000),
    "a name": lambda box: box.host.rename(PATH, f"{PATH}-2"),
    "a file in memory": lambda box: box.host.write("/run/value", b""),
    "a mount": lambda box: box.storage.make_read_only(cups=False),
    "the time": lambda box: box.sleep(1),
    "a process that is held": lambda box: box.odoo.signal(19),
    "a server that ended": lambda box: box.nginx.stop(),
    "what is to happen": lambda box: box.clock.later(60, box.nginx.stop),
    "space": lambda box: setattr(box.storage.disk, "free", 0),
}


@dataclass(frozen=True)
class Point:
    """Anything with a box."""

    box: SimulatedBox


@pytest.fixture
def box() -> SimulatedBox:
    made = runs.managed("ro_ini").box
    made.storage.make_writable()
    made.host.create(PATH, b"content", 0o600, 0, 0)
    made.storage.disk.sync_all()
    return made


def test_a_copy_is_in_the_same_state(box: SimulatedBox) -> None:
    assert state_of(box.clone()) == state_of(box.clone())


@pytest.mark.parametrize("what", CHANGES)
def test_what_differs_is_another_state(box: SimulatedBox, what: str) -> None:
    twin = box.clone()
    CHANGES[what](twin)
    assert state_of(twin) != state_of(box)


def test_what_is_on_the_disk_only_a_power_cut_asks_for(box: SimulatedBox) -> None:
    box.host.write(PATH, b"other")
    before = state_of(box)
    box.host.sync_file(PATH)
    box.host.sync_directory("/home/pi")
    assert state_of(box) == before


def test_a_state_is_examined_once_and_its_failure_is_that_of_each_point_in_it(box: SimulatedBox) -> None:
    examined: list[Point] = []

    def examine(point: Point) -> None:
        examined.append(point)
        assert point.box.clock.elapsed == box.clock.elapsed

    same, later = [Point(box.clone()) for _ in range(3)], [Point(box.clone()) for _ in range(2)]
    for each in later:
        each.box.sleep(1)
    once = once_for_each_state(examine)
    for each in same:
        once(each)
    for each in later:
        with pytest.raises(AssertionError):
            once(each)
    assert examined == [same[0], later[0]]
