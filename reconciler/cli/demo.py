"""The verb `demo`: run the simulator, a program of its own that is installed beside this one."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from pathlib import Path
from typing import Final

from .usage import UsageError
from .verb import Verb

SIMULATOR = "iotbox_simulator"
_HERE = "inventories/demo"
_BECOME = f"import iot_https; iot_https.become({SIMULATOR!r})"
"""As `python -m`, but with this `reconciler`, whatever lies in the folder in which somebody tries the demo."""


def run(options: argparse.Namespace) -> int:
    """Become the simulator.

    Raises:
        UsageError: it is not installed.
    """
    if importlib.util.find_spec(SIMULATOR) is None:
        raise UsageError(f"{SIMULATOR} is not installed: pip install the whole project, not parts of it")
    arguments = [str(options.scenario)] if options.scenario else []
    if options.serve is not None:
        arguments += ["--serve", *([options.serve] if options.serve else [])]
    os.execv(sys.executable, [sys.executable, "-c", _BECOME, *arguments])  # noqa: S606 - no shell is wanted


def _add(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(run=run)
    verb.add_argument(
        "scenario", nargs="?", type=Path, metavar="SCENARIO", help="the fleet, as YAML (default: its own)"
    )
    verb.add_argument(
        "--serve",
        nargs="?",
        const="",
        metavar="FOLDER",
        help=f"keep the boxes up, and write their inventory into a folder (default: {_HERE}; none with SCENARIO)",
    )


VERB: Final = Verb(
    name="demo",
    summary="show all of it on a simulated fleet",
    usage="[OPTION ...] [SCENARIO]",
    add=_add,
    examples=(
        ("iot-https demo", "check, repair and reboot twelve simulated boxes"),
        ("iot-https demo --serve", "keep them up, to try the other verbs on"),
    ),
    page="docs/simulator.md",
)
