"""Print the reports of one simulated fleet as JSON: the same boxes, faults and time in every checkout that runs this.

It is run by `compare_reports.py` with the packages of the checkout that is to be sampled, so it uses of them only what
stays: the demo's own names for the engine, the scenario, and the three ways of reporting. `--list` prints which faults
and layouts the checkout has, and names after it are those to take: a fault that only one of two checkouts knows would
move every box behind it.
"""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, get_args

from iotbox_simulator import demo
from iotbox_simulator.faults import FAULTS
from iotbox_simulator.fleet import Fleet
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.scenario import FRESH, OFFLINE, Customer, Scenario, ScenarioBox
from reconciler.report import diagnosis_text, fleet_text, json_report

ENGINE: Any = demo
"""Wherever these names live in a checkout, the demo has them."""
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CUSTOMERS = (
    Customer("Pho 24", "https://pho.example", "aaaaaaaa-2222-3333-4444-555555555555", "M1"),
    Customer("Banh Mi Ba", "https://banh.example", "bbbbbbbb-2222-3333-4444-555555555555", "M2"),
)
RESOLVERS = ("1.1.1.1", "8.8.8.8")
AUTHORITIES: tuple[Any, ...] = ("ok", "refuse", 418)
"""How www.odoo.com answers, one fleet for each."""
VERBS = ("check", "diagnose", "reconcile", "check again")


def kinds() -> tuple[str, ...]:
    """Return the names of all faults and layouts that this checkout has."""
    return (*sorted(FAULTS), *get_args(LayoutKind))


def boxes(taken: Collection[str]) -> Iterator[ScenarioBox]:
    """Yield a box of each layout for each fault, and one without any."""
    faults = ((), (FRESH,), (OFFLINE,), *((each,) for each in sorted(FAULTS) if each in taken))
    for number, fault in enumerate(faults):
        for kind in (each for each in get_args(LayoutKind) if each in taken):
            customer = CUSTOMERS[number % len(CUSTOMERS)]
            name = f"{'-'.join(fault) or 'fine'}-{kind}".replace("_", "-")
            yield ScenarioBox(name, customer, f"Store {number % 3}", kind, fault)


def reports(authority: Any, taken: Collection[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the reports of each verb, one after the other on the same boxes."""
    fleet = Fleet.opened(Scenario(tuple(boxes(taken)), RESOLVERS, authority), NOW)
    asked: list[str] = []

    async def yes(wanting: Sequence[Any]) -> None:
        asked.append(fleet_text.render_plan(wanting, width=120))

    for verb in VERBS:
        targets = [
            ENGINE.Target(desired=fleet.desired(each), connection=ENGINE.ConnectionKind.LOCAL) for each in fleet.boxes
        ]
        world = ENGINE.World(visit=fleet.visit, may=yes, relay=None, now=lambda: NOW, monotonic=lambda: 0.0)
        run = ENGINE.Run(targets, (), ENGINE.Settings(max_changed=None, probe=False), world, ENGINE.Stop())
        report = asyncio.run(getattr(run, verb.split()[0])())
        text = io.StringIO()
        fleet_text.show(report, text, diff=True)
        if verb == "diagnose":
            diagnosis_text.show(report, text)
        yield verb, {"text": text.getvalue(), "json": json_report.render(report)}
    yield "question", {"text": "\n".join(asked), "json": "null"}


def main(arguments: Sequence[str]) -> int:
    """Print them, or what they can be made of."""
    if arguments == ["--list"]:
        json.dump(kinds(), sys.stdout)
        return 0
    taken = arguments or kinds()
    found = {
        f"{verb}, www.odoo.com: {authority}": each
        for authority in AUTHORITIES
        for verb, each in reports(authority, taken)
    }
    json.dump(found, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
