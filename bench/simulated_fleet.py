#!/usr/bin/env python3
"""A whole fleet in one process: what the engine and the report cost for each box, the boxes themselves left out.

`simulated_fleet.py [--boxes N]`. The boxes are those of the demo, over and over. A check, a reconcile and a second
check are run; the time that is spent in the simulated boxes (the box program runs in this process, too) is measured
apart.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from iotbox_simulator.fleet import Fleet
from iotbox_simulator.scenario import of_the_demo
from reconciler.engine.authority.relay import Relay
from reconciler.engine.run import Run
from reconciler.engine.settings import Settings
from reconciler.engine.stop import Stop
from reconciler.engine.world import World
from reconciler.machine.posix.trust import trusting
from reconciler.model.desired import Mode, Request
from reconciler.model.target import ConnectionKind, Target
from reconciler.net.client import NetworkClient
from reconciler.report import json_report
from reconciler.report.words import summary
from reconciler.results.result import Result


@dataclass
class TimedFleet(Fleet):
    """Counts the CPU seconds that are spent in its boxes."""

    seconds: float = 0.0

    def answer(self, request: Request) -> Result:
        """Run the box program, and count what that takes."""
        began = time.process_time()
        try:
            return super().answer(request)
        finally:
            self.seconds += time.process_time() - began


async def yes(_: object) -> None:
    """Allow everything."""


def measured(fleet: TimedFleet, targets: list[Target], mode: Mode) -> str:
    """Run once; return a line of the table."""
    world = World(visit=fleet.visit, may=yes, relay=Relay(NetworkClient(trusting())), now=lambda: fleet.now)
    one = Run(targets, (), Settings(max_changed=None, probe=False), world, Stop())
    fleet.seconds, cpu, wall = 0.0, time.process_time(), time.monotonic()
    report = asyncio.run(one.reconcile() if mode is Mode.RECONCILE else one.check())
    json_report.render(report)
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    number = len(targets)
    states = ", ".join(text for _, text in summary(report.boxes))
    own, boxes = (cpu - fleet.seconds) / number * 1000, fleet.seconds / number * 1000
    return f"| {mode.value} | {wall:.1f} | {own:.2f} | {boxes:.1f} | {states} |"


def main() -> int:
    """Make the fleet, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boxes", type=int, default=1000, help="how many (default: 1000)")
    options = parser.parse_args()
    scenario = of_the_demo()
    kinds = scenario.boxes
    boxes = tuple(replace(kinds[each % len(kinds)], name=f"till-{each}") for each in range(options.boxes))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    fleet = TimedFleet.opened(replace(scenario, boxes=boxes), datetime.now(UTC))
    opened = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    targets = [Target(desired=fleet.desired(box.name), connection=ConnectionKind.LOCAL) for box in boxes]
    print("| run | wall, s | CPU of engine and report per box, ms | CPU of simulated box, ms | states |")
    print("| --- | --- | --- | --- | --- |")
    for mode in (Mode.CHECK, Mode.RECONCILE, Mode.CHECK):
        print(measured(fleet, targets, mode))
    ended = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    number = options.boxes
    print(
        f"\nMemory per box: {(ended - opened) / number:.0f} KiB of ours, {(opened - before) / number:.0f} KiB simulated"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
