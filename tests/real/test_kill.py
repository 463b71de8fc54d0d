"""Kill the program at every step on real machines: no box may be left with a mixed pair, without nginx or Odoo.

The model tests do the same at every call of a simulated box; here nginx, systemd, the mounts and the vendor's start
are real. Half of the kills are followed by a power cut, half by an orderly restart, and some by nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from . import look
from .killing import RESUME, Problems, alive_and_whole, converges, everywhere, killed_at
from .lab import Lab, Unit

on_both = pytest.mark.parametrize("kind", ["ro_ini", "rw_ini"])
on_read_only = pytest.mark.parametrize("kind", ["ro_ini"])
BOXES = ("kill-1", "kill-2")
PAIR = "/etc/ssl/iot-https/current/*"

RecordProperty = Callable[[str, object], None]


@pytest.fixture(scope="module", autouse=True)
def room(lab: Lab) -> None:
    """These need the whole machine: what earlier tests left idle would slow them down."""
    lab.close()


def units_of(lab: Lab, kind: str) -> list[Unit]:
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda purpose: lab.unit(kind, purpose), BOXES))


def damaged(unit: Unit) -> None:
    """Break all that a first reconcile and a renewal do not mend: what was in use is lost, what is on disk is good."""
    look.rewrite(unit, f"chown root:root {PAIR} /root_bypass_ramdisks{PAIR}")
    unit.box.shell(f"{cut_off(PAIR)}; systemctl stop nginx; kill -STOP $(cat /run/odoo/odoo.pid)")


def spoiled(unit: Unit) -> None:
    """Leave a pair on disk with which nginx would not start the next time."""
    look.rewrite(unit, cut_off(f"/root_bypass_ramdisks{PAIR}"))


def cut_off(files: str) -> str:
    """A script that cuts files off, as if long ago."""
    return f"truncate --size 100 {files}; {look.AGE} {files}"


def new_one(unit: Unit) -> str:
    """Fingerprint of what the authority hands out to a box."""
    return look.fingerprint(unit.issued())


def restarted(unit: Unit, point: int, known: set[str]) -> Problems:
    """Restart after a kill and judge; the authority is silent meanwhile, so that the box cannot mend itself."""
    unit.authority("status", status=503)
    unit.box.reboot(power_cut=point % 2 == 0)
    problems = alive_and_whole(unit, known)
    unit.authority("ok")
    return problems + converges(unit)


def converged(lab: Lab, kind: str) -> list[Unit]:
    """Boxes of a kind that are in sync."""
    units = units_of(lab, kind)
    for unit in units:
        lab.converge(unit)
    return units


def assert_no_kill_hurts(
    way: str, units: list[Unit], start: Unit, attempt: Callable[[Unit, int], Problems], fewest: int
) -> int:
    """Count the points of a whole run on a box that was prepared for it, then try a kill at each; return how many.

    Args:
        way: `step` or `call`, see the driver.
        attempt: prepares a box, has the program killed at the point of this number, and says what is wrong then.
    """
    points = killed_at(start, way, 0)
    assert len(points) >= fewest, points
    problems = everywhere(range(1, len(points) + 1), units, attempt)
    assert {f"killed at {point}, {points[point - 1]}": each for point, each in problems.items()} == {}
    return len(points)


@on_both
def test_kill_in_a_first_reconcile(lab: Lab, kind: str, record_property: RecordProperty) -> None:
    def attempt(unit: Unit, point: int) -> Problems:
        fresh = lab.anew(unit)
        temporary = look.whole(fresh)["live"]
        killed_at(fresh, "step", point)
        return restarted(fresh, point, {temporary, new_one(fresh)})

    units = units_of(lab, kind)
    record_property("kill points", assert_no_kill_hurts("step", units, lab.anew(units[0]), attempt, 15))


@on_both
def test_kill_in_a_renewal(lab: Lab, kind: str, record_property: RecordProperty) -> None:
    def attempt(unit: Unit, point: int) -> Problems:
        old = look.due(unit)
        killed_at(unit, "step", point)
        return restarted(unit, point, {old, new_one(unit)})

    units = converged(lab, kind)
    look.due(units[0])
    record_property("kill points", assert_no_kill_hurts("step", units, units[0], attempt, 8))


@on_both
def test_kill_in_a_repair_from_the_disk(lab: Lab, kind: str, record_property: RecordProperty) -> None:
    """A start loads what is on disk, so it is to be whole after it, however far the repair had come."""

    def attempt(unit: Unit, point: int) -> Problems:
        known = {new_one(unit)}
        damaged(unit)
        killed_at(unit, "step", point)
        return restarted(unit, point, known)

    units = converged(lab, kind)
    damaged(units[0])
    record_property("kill points", assert_no_kill_hurts("step", units, units[0], attempt, 8))


@on_both
def test_kill_in_a_repair_of_the_disk(lab: Lab, kind: str, record_property: RecordProperty) -> None:
    """What is in use is whole and stays so; the next run completes what this one began."""

    def attempt(unit: Unit, point: int) -> Problems:
        known = look.whole(unit)["live"]
        spoiled(unit)
        killed_at(unit, "step", point)
        problems = woken_by_the_timer(unit) + converges(unit)
        unit.box.reboot(power_cut=point % 2 == 0)
        return problems + alive_and_whole(unit, {known})

    units = converged(lab, kind)
    spoiled(units[0])
    record_property("kill points", assert_no_kill_hurts("step", units, units[0], attempt, 4))


@on_read_only
def test_kill_at_every_call_of_a_renewal_without_restart(lab: Lab, kind: str, record_property: RecordProperty) -> None:
    def attempt(unit: Unit, point: int) -> Problems:
        known = {look.due(unit), new_one(unit)}
        came_to = killed_at(unit, "call", point)
        unit.authority("status", status=503)
        problems = woken_by_the_timer(unit) + alive_and_whole(unit, known)
        unit.authority("ok")
        problems += converges(unit)
        return [f"{came_to[-1]}: {problem}" for problem in problems]

    units = converged(lab, kind)
    look.due(units[0])
    record_property("kill points", assert_no_kill_hurts("call", units, units[0], attempt, 30))


def woken_by_the_timer(unit: Unit) -> Problems:
    """Let the timer fire, if there is one; where Odoo is stopped there must be one."""
    start = look.odoo_start(unit)
    script = f"""
grep -q '^State:.T' /proc/$(cat /run/odoo/odoo.pid)/status && echo stopped
systemctl is-active --quiet {RESUME}.timer && systemctl start {RESUME}.service && echo woken
"""
    said = unit.box.shell(script, check=False).split()
    if said == ["stopped"]:
        return ["Odoo is stopped, and no timer will wake it"]
    if "woken" in said:
        look.wait_for_start(unit, start)
    return []
