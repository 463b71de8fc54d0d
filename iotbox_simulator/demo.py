"""The main job on a simulated fleet: look, plan, mend, reboot, look again, and say what only a person can do.

No root, no network, nothing outside this process: every box is a machine in memory with its own disk, services and
vendor's program, and the box program runs on it as it does on a real one. The demo checks its own end: the exit status
is 0 only when each box ends as its scenario says.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from reconciler.engine.authority.relay import Relay
from reconciler.engine.run import Run
from reconciler.engine.settings import Settings
from reconciler.engine.stop import Stop
from reconciler.engine.world import World
from reconciler.machine.posix.trust import trusting
from reconciler.model.desired import Mode
from reconciler.net.client import NetworkClient
from reconciler.report import fleet_text, page, words
from reconciler.report.progress import watch
from reconciler.results.fleet import BoxReport, FleetReport

from .fleet import Fleet
from .scenario import Scenario


def tell(scenario: Scenario) -> int:
    """Tell the story of a fleet; return the exit status."""
    fleet = Fleet.opened(scenario, datetime.now(UTC))
    customers = words.counted(len({box.customer.name for box in scenario.boxes}), "customer")
    boxes = words.counted(len(scenario.boxes), "simulated IoT box", "simulated IoT boxes")
    _say(f"{boxes} of {customers}. `iot-https check` reports:\n")
    _show(run_fleet(fleet, Mode.CHECK))
    _say("\nAnd this is `iot-https reconcile`. It shows its plan and asks; here the answer is yes:\n")
    _show(run_fleet(fleet, Mode.RECONCILE, tells=True))
    fleet.reboot()
    _say("\nEvery box is switched off and on, which loses what was only in its memory, and is looked at again:\n")
    final, again = run_fleet(fleet, Mode.CHECK), run_fleet(fleet, Mode.RECONCILE)
    _show(final)
    return _end(scenario, final, again)


def run_fleet(fleet: Fleet, mode: Mode, *, tells: bool = False) -> FleetReport:
    """Run the engine over the boxes, as the command does; a question is answered with yes.

    Args:
        tells: show what is asked.
    """
    targets = [fleet.target(box.name) for box in fleet.scenario.boxes]

    with watch(sys.stderr) as tell_it:

        async def yes(wanting: Sequence[BoxReport]) -> None:
            if tells:
                with tell_it.paused():
                    sys.stdout.write(f"{fleet_text.render_plan(wanting, width=page.width_of(sys.stdout))}\n\n")

        world = World(
            visit=fleet.visit, may=yes, relay=Relay(NetworkClient(trusting())), tell=tell_it, now=lambda: fleet.now
        )
        one = Run(targets, (), Settings(max_changed=None, probe=False), world, Stop())
        return asyncio.run(one.reconcile() if mode is Mode.RECONCILE else one.check())


def _end(scenario: Scenario, final: FleetReport, again: FleetReport) -> int:
    ends = {box.name: box.ends for box in scenario.boxes}
    other = [box.name for box in final.boxes if box.state is not ends[box.name]]
    changed = [box.name for box in again.boxes if box.result is not None and box.result.changed]
    if other or changed:
        _say(f"\nThis is not how the story should end: {', '.join(dict.fromkeys((*other, *changed)))}")
        return 1
    _say(
        "\nA second reconcile changed nothing. What is left needs a person, and each finding says what to do."
        "\nNext: `iot-https demo homepage` tells of boxes without SSH; `iot-https demo --serve` keeps a fleet up, "
        "to be worked on from another terminal; `iot-https project init FOLDER` begins the inventory of your own boxes."
    )
    return 0


def _show(report: FleetReport) -> None:
    """Show a report without commands: nobody can reach these boxes with one."""
    fleet_text.show(replace(report, again=None), sys.stdout, width=page.width_of(sys.stdout))


def _say(text: str) -> None:
    width = page.width_of(sys.stdout)
    for line in text.split("\n"):
        sys.stdout.write("".join(f"{each}\n" for each in page.wrapped(line, width, ours=True) or [""]))
    sys.stdout.flush()
