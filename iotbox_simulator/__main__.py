"""`python -m iotbox_simulator [SCENARIO] [--serve [FOLDER]]`: tell the story of a simulated fleet, or keep it up."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from reconciler.cli import streams
from reconciler.cli.streams import NotWritten

from . import demo, inventory_files
from .scenario import BadScenario, Scenario, load, of_the_demo

HERE = Path("inventories/demo")
USAGE = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; return the exit status."""
    if arguments is None:
        streams.secure()
    try:
        return _done(arguments)
    except NotWritten as error:
        sys.stderr.write(f"iot-https demo: {error}\n")
        return USAGE


def _done(arguments: Sequence[str] | None) -> int:
    try:
        options = _parser().parse_args(arguments)
    finally:
        sys.stdout.flush()
    try:
        scenario = load(options.scenario) if options.scenario else of_the_demo()
        if options.serve is None:
            return demo.tell(_without_ssh(scenario))
        folder = _folder(options)
        from .serve import serve

        return asyncio.run(serve(scenario, folder))
    except BadScenario as error:
        sys.stderr.write(f"{error}\n")
        return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="iot-https demo", description="A simulated fleet of IoT boxes.")
    parser.add_argument("scenario", nargs="?", type=Path, metavar="SCENARIO", help="YAML file (default: its own)")
    parser.add_argument(
        "--serve",
        nargs="?",
        const="",
        metavar="FOLDER",
        help="keep the boxes up on 127.77.0.0/16 and write their inventory into this folder "
        f"(default: {HERE}, or a number after it where another demo has that; none with SCENARIO)",
    )
    return parser


def _folder(options: argparse.Namespace) -> Path:
    """Return where the inventory goes; that of the demo's own fleet is in the repository, and stays as it is."""
    if not options.serve and options.scenario:
        raise BadScenario(f"--serve needs a FOLDER with a SCENARIO, such as inventories/mine: {HERE} is not its own")
    if options.serve:
        return Path(options.serve)
    try:
        return inventory_files.first_unused(HERE)
    except OSError as error:
        raise BadScenario(f"{error.filename or HERE}: {error.strerror}: give a FOLDER") from None


def _without_ssh(scenario: Scenario) -> Scenario:
    for box in scenario.boxes:
        if box.ssh_faults:
            raise BadScenario(f"{box.name}: {box.ssh_faults[0]} is a fault of SSH, which only `--serve` simulates")
    return scenario


if __name__ == "__main__":
    sys.exit(main())
