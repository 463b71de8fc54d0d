"""The options. Names are Ansible's where Ansible has the same thing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NoReturn

from .. import __version__
from ..engine.settings import AUTHORITY_AT_ONCE
from ..model.desired import Mode
from ..model.status import MEANINGS, MOST_MISSED, USAGE
from ..results.fleet import MOST_CHANGED
from . import demo, fleet, host_keys, project, schedule
from .numbers import dns_server, seconds, whole

_STATUSES = "".join(f"  {status:<4}{meaning}\n" for status, meaning in MEANINGS.items())
EPILOG = f"exit status, a sum of:\n{_STATUSES}"


_CHANGES_NOTHING = {
    "yes": True,
    "relink": False,
    "max_changed": None,
    "authority_at_once": AUTHORITY_AT_ONCE,
    "chain": False,
    "public_dns": None,
}


class Parser(argparse.ArgumentParser):
    """argparse with our exit status for usage errors, and without guesses at what a shortened option means."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **options})

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line."""
        self.exit(USAGE, f"{self.prog}: {message}\n")


def make_parser() -> Parser:
    """Return the parser of the whole command; the chosen verb's function is in `run`."""
    parser = Parser(prog="iot-https", description="Keep the HTTPS of Odoo IoT boxes as declared.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument("--debug", action="store_true", help="show what goes on inside, on standard error")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True, parser_class=Parser)
    summaries = {
        Mode.CHECK: "say what differs",
        Mode.RECONCILE: "mend what differs",
        Mode.DIAGNOSE: "say why HTTPS does not work, and what to do",
    }
    for mode, summary in summaries.items():
        verb = verbs.add_parser(
            mode.value, help=summary, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        verb.set_defaults(run=fleet.run, mode=mode, diff=False, **_CHANGES_NOTHING)
        _add_boxes(verb)
        bounds = _add_bounds(verb)
        output = _add_output(verb)
        if mode is not Mode.CHECK:
            _add_authority_bound(bounds)
        if mode is Mode.RECONCILE:
            _add_changes(verb)
        if mode is Mode.DIAGNOSE:
            _add_diagnosis(verb, output)
        else:
            shown = "show each change line by line, secrets masked"
            output.add_argument("-D", "--diff", action="store_true", help=shown)
    host_keys.add_verb(verbs, _add_boxes)
    project.add_verb(verbs)
    demo.add_verb(verbs)
    schedule.add_verb(verbs, lambda arguments: make_parser().parse_args(arguments))
    return parser


def _add_boxes(verb: argparse.ArgumentParser) -> None:
    which = verb.add_argument_group("which boxes")
    which.add_argument("pattern", nargs="?", metavar="PATTERN", help="hosts and groups of the inventory (default: all)")
    which.add_argument(
        "-i",
        "--inventory",
        action="append",
        default=[],
        metavar="PATH",
        help="Ansible inventory: file, directory or comma-separated hosts; may be given again (default: ansible.cfg's)",
    )
    which.add_argument("-l", "--limit", metavar="PATTERN", help="limit the pattern further")
    which.add_argument(
        "--vault-password-file", action="append", default=[], metavar="FILE", help="file or program with the password"
    )
    which.add_argument("--vault-id", action="append", default=[], metavar="ID@SOURCE", help="as in Ansible")
    which.add_argument(
        "-J", "--ask-vault-password", "--ask-vault-pass", action="store_true", help="ask for the vault's password"
    )
    which.add_argument("--connection", choices=["local"], help="local: the box is this machine, not of an inventory")
    which.add_argument("--desired", type=Path, metavar="FILE", help="with --connection local: its variables, as YAML")
    which.add_argument("--name", help="with --connection local: what to call the box (default: the host name)")


def _add_bounds(verb: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    bounds = verb.add_argument_group("bounds")
    bounds.add_argument(
        "-f", "--forks", type=whole(1, 1000), default=50, metavar="N", help="boxes at the same time (default: 50)"
    )
    bounds.add_argument(
        "--deadline",
        type=seconds(10, 3600),
        default=240.0,
        metavar="SECONDS",
        help="when a box must be done (default: 240)",
    )
    bounds.add_argument(
        "--run-timeout",
        type=seconds(60, 86400),
        metavar="SECONDS",
        help="when the boxes must be done; none is begun too late for that (default: never)",
    )
    bounds.add_argument(
        "--jitter",
        type=seconds(0, 3600),
        default=0.0,
        metavar="SECONDS",
        help="begin each box after a random time of at most this (default: 0)",
    )
    bounds.add_argument(
        "--missed-runs",
        type=whole(1, MOST_MISSED),
        metavar="N",
        help="count runs that boxes miss, and let 16 mean that one missed N in a row (default: 1, not counted)",
    )
    bounds.add_argument(
        "--no-probe", dest="probe", action="store_false", help="do not look at the boxes from outside, too"
    )
    return bounds


def _add_authority_bound(bounds: argparse._ArgumentGroup) -> None:
    """Add the bound of a run that asks www.odoo.com; a check does not."""
    bounds.add_argument(
        "--authority-at-once",
        type=whole(1, 100),
        default=AUTHORITY_AT_ONCE,
        metavar="N",
        help=f"questions to www.odoo.com at the same time, of all boxes together (default: {AUTHORITY_AT_ONCE})",
    )


def _add_output(verb: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    output = verb.add_argument_group("output")
    output.add_argument("--output", choices=["text", "json"], default="text", help="format of the result")
    output.add_argument("--events", type=Path, metavar="FILE", help="append what happens as JSON lines, as it happens")
    return output


def _add_diagnosis(verb: argparse.ArgumentParser, output: argparse._ArgumentGroup) -> None:
    output.add_argument(
        "--chain", action="store_true", help="show the chain of every box, however many (default: of three at most)"
    )
    verb.add_argument_group("questions").add_argument(
        "--public-dns",
        type=dns_server,
        default="8.8.8.8",
        metavar="ADDRESS",
        help="DNS server to ask from here for the boxes' names, ADDRESS#PORT or none (default: 8.8.8.8)",
    )


def _add_changes(verb: argparse.ArgumentParser) -> None:
    changes = verb.add_argument_group("changes")
    changes.add_argument("-y", "--yes", action="store_true", default=False, help="do not ask before changing boxes")
    changes.add_argument(
        "--max-changed",
        type=whole(0, 100000),
        default=MOST_CHANGED,
        metavar="N",
        help=f"change nothing when more boxes than this want changes (default: {MOST_CHANGED})",
    )
    changes.add_argument(
        "--relink", action="store_true", help="also change boxes that are linked to a database not of their customer"
    )
