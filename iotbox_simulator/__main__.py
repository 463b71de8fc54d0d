"""`python -m iotbox_simulator [SCENARIO] [--serve [FOLDER]]`: tell the story of a simulated fleet, or keep it up."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from . import demo
from .scenario import BadScenario, Scenario, load, of_the_demo

HERE = Path("inventories/demo")
USAGE = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        scenario = load(options.scenario) if options.scenario else of_the_demo()
        if options.serve is None:
            return demo.tell(_without_ssh(scenario))
        from .serve import serve

        return asyncio.run(serve(scenario, options.serve))
    except BadScenario as error:
        sys.stderr.write(f"{error}\n")
        return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="iot-https demo", description="A simulated fleet of IoT boxes.")
    parser.add_argument("scenario", nargs="?", type=Path, metavar="SCENARIO", help="YAML file (default: its own)")
    parser.add_argument(
        "--serve",
        nargs="?",
        const=HERE,
        type=Path,
        metavar="FOLDER",
        help=f"keep the boxes up on 127.77.0.0/16 and write their inventory into this folder (default: {HERE})",
    )
    return parser


def _without_ssh(scenario: Scenario) -> Scenario:
    for box in scenario.boxes:
        if box.ssh_faults:
            raise BadScenario(f"{box.name}: {box.ssh_faults[0]} is a fault of SSH, which only `--serve` simulates")
    return scenario


if __name__ == "__main__":
    sys.exit(main())
