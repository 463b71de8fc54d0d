"""The verbs `check`, `reconcile` and `diagnose`: what each of them takes."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Final

from ..engine.settings import AUTHORITY_AT_ONCE
from ..model.desired import Mode
from ..results.fleet import MOST_CHANGED
from . import fleet
from .numbers import dns_server, whole
from .options import add_access, add_authority_bound, add_bounds, add_boxes, add_output
from .verb import Verb

_CHANGES_NOTHING: Final = {
    "yes": True,
    "check": False,
    "relink": False,
    "max_changed": None,
    "authority_at_once": AUTHORITY_AT_ONCE,
    "chain": False,
    "public_dns": None,
}


def _adding(mode: Mode) -> Callable[[argparse.ArgumentParser], None]:
    def add(verb: argparse.ArgumentParser) -> None:
        verb.set_defaults(run=fleet.run, mode=mode, diff=False, **_CHANGES_NOTHING)
        add_boxes(verb)
        add_access(verb)
        bounds = add_bounds(verb)
        output = add_output(verb)
        if mode is not Mode.CHECK:
            add_authority_bound(bounds)
        if mode is Mode.RECONCILE:
            _add_changes(verb)
        if mode is Mode.DIAGNOSE:
            _add_diagnosis(verb, output)
        else:
            shown = "show each change line by line, secrets masked"
            output.add_argument("-D", "--diff", action="store_true", help=shown)

    return add


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
    changes.add_argument(
        "-C", "--check", "--dry-run", action="store_true", help="show what would be done; change nothing, ask nothing"
    )
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


RUNS: Final = (
    Verb(
        name=Mode.CHECK.value,
        summary="show what differs; change nothing",
        usage="[OPTION ...] [PATTERN ...]",
        add=_adding(Mode.CHECK),
        examples=(
            ("iot-https check", "every box of the inventory"),
            ("iot-https check store_lotus__hanoi --diff", "one store, change by change"),
            ("iot-https check --output json", "for a program"),
        ),
        has_statuses=True,
    ),
    Verb(
        name=Mode.RECONCILE.value,
        summary="show a plan, ask, repair what differs, check again",
        usage="[OPTION ...] [PATTERN ...]",
        add=_adding(Mode.RECONCILE),
        examples=(
            ("iot-https reconcile store_lotus__hanoi", "one store, after a question"),
            ("iot-https reconcile --max-changed 12 --yes", "up to 12 boxes, without a question"),
        ),
        has_statuses=True,
    ),
    Verb(
        name=Mode.DIAGNOSE.value,
        summary="explain why HTTPS does not work and what to do; change nothing",
        usage="[OPTION ...] [PATTERN ...]",
        add=_adding(Mode.DIAGNOSE),
        examples=(
            ("iot-https diagnose hanoi-till-1", "the whole chain of one box"),
            ("iot-https diagnose customer_lotus", "a work order for each store"),
        ),
        page="docs/diagnose.md",
        has_statuses=True,
    ),
)
