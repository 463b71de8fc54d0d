"""The vendor's own program writes while we do: nothing of either is lost, and no pair is ever mixed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import boxes
from reconciler.model.reveal import reveal
from reconciler.results.result import Result

from . import look
from .lab import Lab, Unit, codes

PAUSE = "/run/odoo/lab-write-pause"
CONF = "/home/pi/odoo.conf"
FLIP = "while :; do mount -o remount,ro /; mount -o remount,ro /root_bypass_ramdisks; sleep 0.01; done"
POST = """
import sys, urllib.request
url, body = sys.argv[1:]
urllib.request.urlopen(urllib.request.Request(url, body.encode(), {"Content-Type": "application/json"}), timeout=10)
"""
MOMENTS = (0.0, 0.3, 0.6, 1.0)
"""Seconds between the signal to the vendor's program and the start of ours."""


def on(*kinds: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("kind", kinds)


@pytest.fixture
def unit(lab: Lab, kind: str) -> Iterator[Unit]:
    unit = lab.converged(kind, "work")
    yield unit
    unit.box.shell(f"rm -f {PAUSE}")


@on("rw_ini", "ro_ini", "ro_flat")
@pytest.mark.parametrize("moment", MOMENTS)
def test_both_renew_at_once(unit: Unit, moment: float) -> None:
    look.due(unit)
    unit.box.shell(f"echo 0.3 > {PAUSE}")
    unit.box.signal_odoo("USR1")
    unit.box.shell(f"sleep {moment}")
    result = unit.reconcile()
    assert not result.failed, codes(result.after)
    come_to_rest(unit)


@on("rw_ini", "ro_ini", "ro_flat")
def test_two_of_us_at_once_do_not_meet(unit: Unit) -> None:
    look.due(unit)
    results: list[Result] = []
    runs = [threading.Thread(target=lambda: results.append(unit.reconcile())) for _ in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert any(result.changed for result in results)
    settled(unit)


@on("rw_ini", "ro_ini")
def test_values_that_the_vendor_saves_meanwhile_are_kept(unit: Unit) -> None:
    script = (
        f"grep -v '^enterprise_code\\|^six' {CONF} > /tmp/c; cat /tmp/c > {CONF}; kill -HUP $(cat /run/odoo/odoo.pid)"
    )
    before = look.odoo_start(unit)
    unit.box.exec(["unshare", "-m", "sh", "-c", f"mount -o remount,rw /; {script}"])
    look.wait_for_start(unit, before)
    unit.box.signal_odoo("USR2")
    result = unit.reconcile()
    assert codes(result.after) == []
    settled(unit)
    conf = unit.box.read(CONF)
    assert "six_payment_terminal" in conf
    assert "[options]" in conf
    assert unit.desired.enterprise_code is not None
    assert reveal(unit.desired.enterprise_code) in conf


@on("ro_ini")
def test_all_options_that_a_change_of_log_levels_writes_are_kept(unit: Unit) -> None:
    body = '{"params": {"name": "interface", "value": "info"}}'
    url = "http://127.0.0.1:8069/hw_posbox_homepage/log_levels_update"
    unit.box.exec(["python3", "-c", POST, url, body])
    written = unit.box.read(CONF)
    assert written.count(" = ") > 70
    settled(unit)
    options = written.partition("[iot.box]")[0]
    assert unit.box.read(CONF).startswith(options)


@on("ro_flat", "ro_ini")
def test_vendor_that_makes_the_root_read_only_again_and_again(unit: Unit) -> None:
    for _ in range(3):
        look.due(unit)
        with flipping(unit):
            assert codes(unit.reconcile().after) == []
    settled(unit)
    assert look.root_mounts(unit)["/"] == "ro"


def settled(unit: Unit) -> None:
    """Everything comes to rest in sync, and stays so after a power cut."""
    come_to_rest(unit)
    unit.box.reboot(power_cut=True)
    boxes.wait_for(lambda: codes(unit.check().before) == [], "not in sync after a power cut", 10)


def come_to_rest(unit: Unit) -> None:
    """When the vendor's program has finished what it does, there is nothing left for us to do, and one pair."""
    unit.box.shell(f"rm -f {PAUSE}")
    boxes.wait_for(lambda: nothing_to_do(unit) and nothing_to_do(unit), "the box does not come to rest", 20)
    assert len(set(look.whole(unit).values())) == 1


def nothing_to_do(unit: Unit) -> bool:
    result = unit.reconcile()
    return not result.changed and not result.after


@contextmanager
def flipping(unit: Unit) -> Iterator[None]:
    pid = unit.box.shell(f"( {FLIP} ) > /dev/null 2>&1 & echo $!").strip()
    try:
        yield
    finally:
        unit.box.shell(f"kill {pid}")
