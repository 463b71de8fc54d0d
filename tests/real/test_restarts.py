"""Restart after restart of a box whose main thread sleeps as the vendor's does: none waits for a lost signal.

`make soak` does a hundred on each kind.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable

import pytest

import boxes
from reconciler.model.repair import RepairKind, RestartWay
from reconciler.results.result import RepairStatus, Result

from . import look
from .lab import Lab, Unit, codes

RecordProperty = Callable[[str, object], None]
SECONDS = 2400
TIMES = (5, pytest.param(100, marks=[pytest.mark.soak, pytest.mark.timeout(SECONDS)]))
UNLINK = {
    "flat": "rm -f /home/pi/odoo-remote-server.conf",
    "ini": "grep -v ^remote_server /home/pi/odoo.conf > /tmp/conf; cat /tmp/conf > /home/pi/odoo.conf",
}
PID = "cat /run/odoo/odoo.pid"


def unlinked(unit: Unit) -> None:
    """Take away what makes the next run hold Odoo, write its store and restart it.

    Each start of Odoo restarts nginx, which systemd allows five times in ten seconds: that is not what is tried here.
    """
    unit.box.exec(["systemctl", "reset-failed", "nginx"])
    look.rewrite(unit, UNLINK["flat" if unit.box.facts.generation == "flat" else "ini"])


def way_of(result: Result) -> object:
    """Return how Odoo was restarted."""
    found = [each for each in result.outcomes if each.repair.kind is RepairKind.RESTART_ODOO]
    assert [each.status for each in found] == [RepairStatus.DONE], codes(result.after)
    return found[0].seen[0].values["way"]


@pytest.mark.parametrize("kind", boxes.KINDS)
@pytest.mark.parametrize("times", TIMES)
def test_no_restart_waits_for_a_lost_signal(lab: Lab, kind: str, times: int, record_property: RecordProperty) -> None:
    unit = lab.converged(kind, "work")
    pid = unit.box.shell(PID)
    seconds: list[float] = []
    for _ in range(times):
        unlinked(unit)
        result = unit.reconcile()
        assert codes(result.after) == [], f"after {len(seconds)} restarts"
        assert way_of(result) == RestartWay.AT_ONCE
        seconds.append(result.seconds)
    assert unit.box.shell(PID) == pid
    p50, worst = statistics.median(seconds), max(seconds)
    record_property(f"real restarts of {kind}", f"{times}, seconds of a run: p50 {p50:.1f}, worst {worst:.1f}")
