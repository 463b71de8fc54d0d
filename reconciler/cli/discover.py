"""The verb `discover`: find the boxes in networks, and say what each is without changing anything on it."""

from __future__ import annotations

import argparse
from typing import Final

from ..discovery.networks import MOST, MOST_ALLOWED
from .arguments import Parser
from .numbers import seconds, whole
from .options import add_forks, add_talk, add_vault
from .verb import Verb

_RATE: Final = 100
_MOST_RATE: Final = 2000


def _add(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(run=run, desired=None, name=None, patterns=[])
    where = verb.add_argument_group("where to search")
    where.add_argument(
        "networks",
        nargs="*",
        default=[],
        metavar="NETWORK",
        help="IPv4 network such as 192.168.1.0/24, address, or range such as 192.168.1.20-40",
    )
    if isinstance(verb, Parser):
        verb.gathers = "networks"
    where.add_argument(
        "--allow-large", action="store_true", help=f"more than {MOST} addresses, and {MOST_ALLOWED} at most"
    )
    where.add_argument("--allow-public", action="store_true", help="addresses of the Internet, where they are yours")
    for name, number, what in _PORTS:
        where.add_argument(
            f"--{name}-port", type=whole(1, 65535), default=number, metavar="PORT", help=f"{what} (default: {number})"
        )
    _add_bounds(verb)
    known = verb.add_argument_group("which boxes are known")
    known.add_argument(
        "-i",
        "--inventory",
        "--inventory-file",
        action="append",
        default=[],
        metavar="PATH",
        help="say which boxes this Ansible inventory has already; may be given again",
    )
    known.add_argument("-l", "--limit", metavar="PATTERN", help="compare with these hosts and groups of it only")
    add_vault(known)
    output = verb.add_argument_group("output")
    output.add_argument("--output", choices=["text", "json", "inventory"], default="text", help="format of the result")
    add_talk(output)


_PORTS: Final = (
    ("homepage", 8069, "where boxes have their homepage"),
    ("https", 443, "where they have HTTPS"),
    ("http", 80, "where nginx passes HTTP on to the homepage"),
    ("ssh", 22, "where they have SSH"),
)


def _add_bounds(verb: argparse.ArgumentParser) -> None:
    bounds = verb.add_argument_group("bounds")
    add_forks(bounds, what="addresses")
    bounds.add_argument(
        "--rate",
        type=whole(1, _MOST_RATE),
        default=_RATE,
        metavar="N",
        help=f"connections in a second, to all addresses together (default: {_RATE})",
    )
    bounds.add_argument(
        "--connect-timeout",
        type=seconds(0.1, 60),
        default=2.0,
        metavar="SECONDS",
        help="when a port that says nothing is given up (default: 2)",
    )
    bounds.add_argument(
        "--run-timeout",
        type=seconds(1, 86400),
        metavar="SECONDS",
        help="when the search ends, with what it has found until then (default: never)",
    )


def run(options: argparse.Namespace) -> int:
    """Search; see `discovering.run`."""
    from . import discovering

    return discovering.run(options)


VERB: Final = Verb(
    name="discover",
    summary="find the boxes in networks, and say what each is",
    usage="[OPTION ...] NETWORK [NETWORK ...]",
    add=_add,
    more="Nothing is changed on any box, and no other address is connected to. Exit status: 0 when the networks were "
    "searched, or the sum of: 2 for boxes that the inventory does not have, 4 for addresses that were not looked at, "
    "8 for boxes that are not what the inventory or another box says, 16 where nothing answers at all.",
    examples=(
        ("iot-https discover 192.168.1.0/24", "the boxes of a shop"),
        ("iot-https discover -i inventory 192.168.1.0/24", "the same, and which the inventory has"),
        ("iot-https discover 192.168.1.0/24 --output inventory", "an inventory of them, to review and save"),
    ),
    page="docs/discover.md",
)
