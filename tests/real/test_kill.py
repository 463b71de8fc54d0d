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
FEWEST_STEPS = {"fresh": 15, "renewal": 8, "damaged": 8, "spoiled": 4}
FEWEST_CALLS = 30

RecordProperty = Callable[[str, object], None]


@pytest.fixture(scope="module", autouse=True)
def room(lab: Lab) -> None:
    """These need the whole machine: what earlier tests left idle would slow them down."""
    lab.close()


def units_of(lab: Lab, kind: str) -> list[Unit]:
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda purpose: lab.unit(kind, purpose), BOXES))


def due(unit: Unit) -> str:
    """Give a box that is in sync a pair that must be renewed; return its fingerprint."""
    old = unit.pair(days=4)
    look.plant(unit, old.certificate_pem, old.private_key_pem)
    unit.box.shell("nginx -s reload")
    return look.fingerprint(old.certificate_pem)


def damaged(unit: Unit) -> None:
    """Break all that a first reconcile and a renewal do not mend: what was in use is lost, what is on disk is good."""
    pairs = "/etc/ssl/iot-https/current/*"
    remount = "mount -o remount,rw / && mount -o remount,rw /root_bypass_ramdisks"
    unowned = f"chown root:root {pairs} /root_bypass_ramdisks{pairs}"
    unit.box.exec(["unshare", "-m", "sh", "-c", f"{remount} && {unowned}"])
    unit.box.shell(f"truncate --size 100 {pairs}; systemctl stop nginx; kill -STOP $(cat /run/odoo/odoo.pid)")


def spoiled(unit: Unit) -> None:
    """Leave a pair on disk with which nginx would not start the next time."""
    remount = "mount -o remount,rw / && mount -o remount,rw /root_bypass_ramdisks"
    lost = "truncate --size 100 /root_bypass_ramdisks/etc/ssl/iot-https/current/*"
    unit.box.exec(["unshare", "-m", "sh", "-c", f"{remount} && {lost}"])


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


@on_both
def test_kill_in_a_first_reconcile(lab: Lab, kind: str, record_property: RecordProperty) -> None:
    units = units_of(lab, kind)
    steps = killed_at(lab.anew(units[0]), "step", 0)
    assert len(steps) >= FEWEST_STEPS["fresh"], steps

    def attempt(unit: Unit, point: int) -> Problems:
        fresh = lab.anew(unit)
        temporary = look.whole(fresh)["live"]
        killed_at(fresh, "step", point)
        return restarted(fresh, point, {temporary, new_one(fresh)})

    assert everywhere(range(1, len(steps) + 1), units, attempt) == {}
    record_property("kill points", len(steps))


@on_both
def test_kill_in_a_renewal(lab: Lab, kind: str, record_property: RecordProperty) -> None:
    units = units_of(lab, kind)
    for unit in units:
        lab.converge(unit)
    due(units[0])
    steps = killed_at(units[0], "step", 0)
    assert len(steps) >= FEWEST_STEPS["renewal"], steps

    def attempt(unit: Unit, point: int) -> Problems:
        old = due(unit)
        killed_at(unit, "step", point)
        return restarted(unit, point, {old, new_one(unit)})

    assert everywhere(range(1, len(steps) + 1), units, attempt) == {}
    record_property("kill points", len(steps))


@on_both
def test_kill_in_a_repair_from_the_disk(lab: Lab, kind: str, record_property: RecordProperty) -> None:
    """A start loads what is on disk, so it is to be whole after it, however far the repair had come."""
    units = units_of(lab, kind)
    for unit in units:
        lab.converge(unit)
    damaged(units[0])
    steps = killed_at(units[0], "step", 0)
    assert len(steps) >= FEWEST_STEPS["damaged"], steps

    def attempt(unit: Unit, point: int) -> Problems:
        known = {new_one(unit)}
        damaged(unit)
        killed_at(unit, "step", point)
        return restarted(unit, point, known)

    assert everywhere(range(1, len(steps) + 1), units, attempt) == {}
    record_property("kill points", len(steps))


@on_both
def test_kill_in_a_repair_of_the_disk(lab: Lab, kind: str, record_property: RecordProperty) -> None:
    """What is in use is whole and stays so; the next run completes what this one began."""
    units = units_of(lab, kind)
    for unit in units:
        lab.converge(unit)
    spoiled(units[0])
    steps = killed_at(units[0], "step", 0)
    assert len(steps) >= FEWEST_STEPS["spoiled"], steps

    def attempt(unit: Unit, point: int) -> Problems:
        known = look.whole(unit)["live"]
        spoiled(unit)
        killed_at(unit, "step", point)
        problems = woken_by_the_timer(unit) + converges(unit)
        unit.box.reboot(power_cut=point % 2 == 0)
        return problems + alive_and_whole(unit, {known})

    assert everywhere(range(1, len(steps) + 1), units, attempt) == {}
    record_property("kill points", len(steps))


@on_read_only
def test_kill_at_every_call_of_a_renewal_without_restart(lab: Lab, kind: str, record_property: RecordProperty) -> None:
    units = units_of(lab, kind)
    for unit in units:
        lab.converge(unit)
    due(units[0])
    calls = killed_at(units[0], "call", 0)
    assert len(calls) >= FEWEST_CALLS, calls

    def attempt(unit: Unit, point: int) -> Problems:
        known = {due(unit), new_one(unit)}
        came_to = killed_at(unit, "call", point)
        unit.authority("status", status=503)
        problems = woken_by_the_timer(unit) + alive_and_whole(unit, known)
        unit.authority("ok")
        problems += converges(unit)
        return [f"{came_to[-1]}: {problem}" for problem in problems]

    assert everywhere(range(1, len(calls) + 1), units, attempt) == {}
    record_property("kill points", len(calls))


def woken_by_the_timer(unit: Unit) -> Problems:
    """Let the timer fire, if there is one; where Odoo is stopped there must be one."""
    script = f"""
grep -q '^State:.T' /proc/$(cat /run/odoo/odoo.pid)/status && echo stopped
systemctl is-active --quiet {RESUME}.timer && systemctl start {RESUME}.service && echo woken
"""
    said = unit.box.shell(script, check=False).split()
    if said == ["stopped"]:
        return ["Odoo is stopped, and no timer will wake it"]
    if "woken" in said:
        unit.box.wait_until_up()
    return []
