"""The whole command: its verbs, in the order in which help lists them."""

from __future__ import annotations

from typing import Final

from . import (
    adopt,
    completion,
    demo,
    discover,
    enroll,
    explain,
    host_keys,
    inventory,
    project,
    schedule,
    support_bundle,
)
from .arguments import Parser
from .help_page import Help, epilog
from .options import add_talk
from .runs import RUNS
from .verb import Verb, add_verbs
from .version import ShowVersion

VERBS: Final[tuple[Verb, ...]] = (
    *RUNS,
    discover.VERB,
    explain.VERB,
    host_keys.VERB,
    support_bundle.VERB,
    enroll.VERB,
    adopt.VERB,
    schedule.VERB,
    project.VERB,
    inventory.VERB,
    demo.VERB,
    completion.VERB,
)
"""A verb is added here, and nowhere else."""

_EXAMPLES: Final = (
    ("iot-https demo", "all of it on a simulated fleet"),
    ("iot-https project init shops", "begin a project for your boxes; the rest is run in its folder"),
    ("iot-https check", "what differs on the boxes of the inventory"),
    ("iot-https reconcile hanoi-till-1", "repair one box, after a question"),
    ("iot-https diagnose hanoi-till-1", "why HTTPS does not work there"),
)
_READ_ON: Final = "Options of a verb: iot-https VERB --help. `man iot-https` and docs/command.md describe them all."


def make_parser() -> Parser:
    """Return the parser of the whole command; the chosen verb's function is in `run`."""
    parser = Parser(
        prog="iot-https",
        usage="%(prog)s [-v] VERB [OPTION ...]",
        description="Keep the HTTPS of Odoo IoT boxes as declared.",
        epilog=epilog(_EXAMPLES, "", _READ_ON),
        formatter_class=Help,
    )
    parser.add_argument("--version", action=ShowVersion, help="print version, commit and what to name in a report")
    add_talk(parser)
    parser.set_defaults(debug=False, make_parser=make_parser)
    add_verbs(parser, VERBS, title="verbs", metavar="VERB")
    return parser
