"""The verb `support-bundle`: what is known of one box in one archive that can be sent to Odoo's support."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from ..model.errand import LogLevel
from .numbers import whole
from .options import add_access, add_talk
from .verb import Verb

MINUTES: Final = 5
_OF_A_RUN: Final[dict[str, object]] = {
    "patterns": [],
    "limit": None,
    "desired": None,
    "name": None,
    "connection": None,
    "missed_runs": None,
}


def _level(word: str) -> str:
    """Return the level of this name; of a word that is none, the word, which is refused as none of the choices."""
    return LogLevel(word) if word in set(LogLevel) else word


def _add(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(run=_run, **_OF_A_RUN)
    which = verb.add_argument_group("which box")
    which.add_argument("box", metavar="BOX", help="the box, by its name in the inventory")
    which.add_argument(
        "-i",
        "--inventory",
        "--inventory-file",
        action="append",
        default=[],
        metavar="PATH",
        help="Ansible inventory: file, directory or comma-separated hosts; may be given again (default: ansible.cfg's)",
    )
    bundle = verb.add_argument_group("the bundle")
    bundle.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        help="where to write it; a file that is there is not replaced (default: named after box and time, in this "
        "folder)",
    )
    bundle.add_argument(
        "--log-level",
        type=_level,
        choices=list(LogLevel),
        metavar="LEVEL",
        help="raise the box's log level before the log is read, and put it back: debug, info, warning or error",
    )
    bundle.add_argument(
        "--for",
        dest="minutes",
        type=whole(1, 240),
        metavar="MINUTES",
        help=f"how long the log level stays raised before the log is read (default: {MINUTES})",
    )
    bundle.add_argument(
        "--deadline", type=whole(10, 3600), default=240, metavar="SECONDS", help="when a visit must be done"
    )
    add_access(verb)
    add_talk(verb)


def _run(options: argparse.Namespace) -> int:
    from .bundling import bundle  # which costs time to import, and is needed for this verb only

    return bundle(options, options.minutes or MINUTES)


VERB: Final = Verb(
    name="support-bundle",
    summary="collect what is known of one box in an archive for Odoo's support",
    usage="[OPTION ...] BOX",
    add=_add,
    more="Exit status: 0 where all of it was collected, 16 where the box was not reached, 4 where a part is missing, 1 "
    "where there is no bundle.",
    examples=(
        ("iot-https support-bundle hanoi-till-1", "one archive, in this folder"),
        ("iot-https support-bundle hanoi-till-1 --log-level debug --for 10", "with ten minutes of all that Odoo logs"),
    ),
    page="docs/support-bundle.md",
)
