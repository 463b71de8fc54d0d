"""The options that several verbs share, by groups. Names are Ansible's where Ansible has the same thing."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..engine.settings import AUTHORITY_AT_ONCE
from ..model.status import MOST_MISSED
from ..model.target import ConnectionKind
from .arguments import Parser
from .numbers import seconds, whole


def add_boxes(verb: argparse.ArgumentParser) -> None:
    """Add the options by which boxes are chosen."""
    which = verb.add_argument_group("which boxes")
    which.add_argument(
        "patterns",
        nargs="*",
        default=[],
        metavar="PATTERN",
        help="hosts and groups of the inventory; those of all patterns together (default: all)",
    )
    if isinstance(verb, Parser):
        verb.gathers = "patterns"
    add_inventory(which)
    which.add_argument("-l", "--limit", metavar="PATTERN", help="limit the pattern further")
    which.add_argument("--list-hosts", action="store_true", help="list these boxes; connect to none and change nothing")
    which.add_argument(
        "--connection", choices=[ConnectionKind.LOCAL.value], help="the box is this machine, and is in no inventory"
    )
    which.add_argument("--desired", type=Path, metavar="FILE", help="with --connection local: its variables, as YAML")
    which.add_argument("--name", help="with --connection local: what to call the box (default: the host name)")


def add_inventory(group: argparse._ActionsContainer) -> None:
    """Add which inventory is read."""
    group.add_argument(
        "-i",
        "--inventory",
        "--inventory-file",
        action="append",
        default=[],
        metavar="PATH",
        help="Ansible inventory: file, directory or comma-separated hosts; may be given again (default: ansible.cfg's)",
    )


def add_vault(group: argparse._ActionsContainer) -> None:
    """Add where passwords of vaults come from."""
    group.add_argument(
        "--vault-password-file",
        "--vault-pass-file",
        action="append",
        default=[],
        metavar="FILE",
        help="file or program with the vault's password; may be given again",
    )
    group.add_argument(
        "--vault-id",
        action="append",
        default=[],
        metavar="ID@SOURCE",
        help="the same for values of one vault ID; SOURCE is a file, a program or prompt",
    )
    group.add_argument(
        "-J", "--ask-vault-password", "--ask-vault-pass", action="store_true", help="ask for the vault's password"
    )


def add_access(verb: argparse.ArgumentParser) -> None:
    """Add where secrets come from and how to log in, for what the inventory leaves open."""
    access = verb.add_argument_group("secrets and login")
    add_vault(access)
    access.add_argument(
        "-e",
        "--extra-vars",
        action="append",
        default=[],
        metavar="VARS",
        help="variables that beat those of the inventory: name=value, JSON, or @FILE; may be given again",
    )
    access.add_argument("-u", "--user", metavar="USER", help="log in as this user, where no variable names one")
    access.add_argument(
        "--private-key", "--key-file", metavar="FILE", help="log in with this key, where no variable names one"
    )
    access.add_argument(
        "-k", "--ask-pass", "--ask-password", action="store_true", help="ask for the password to log in with"
    )
    access.add_argument("-b", "--become", action="store_true", help="become root by sudo, which is the default")
    access.add_argument(
        "-K", "--ask-become-pass", action="store_true", help="ask for the password with which to become root"
    )


def add_forks(group: argparse._ActionsContainer, *, what: str = "boxes", default: int = 50) -> None:
    """Add how many at a time; `what`: what there are several of."""
    told = f"{what} at the same time (default: {default})"
    group.add_argument("-f", "--forks", type=whole(1, 1000), default=default, metavar="N", help=told)


def add_bounds(verb: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add how many boxes at a time, and for how long."""
    bounds = verb.add_argument_group("bounds")
    add_forks(bounds)
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


def add_authority_bound(bounds: argparse._ArgumentGroup) -> None:
    """Add the bound of a run that asks www.odoo.com; a check does not."""
    bounds.add_argument(
        "--authority-at-once",
        type=whole(1, 100),
        default=AUTHORITY_AT_ONCE,
        metavar="N",
        help=f"questions to www.odoo.com at the same time, of all boxes together (default: {AUTHORITY_AT_ONCE})",
    )


def add_output(verb: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add what is printed, and where."""
    output = verb.add_argument_group("output")
    output.add_argument(
        "-q", "--quiet", action="store_true", help="leave out boxes that are in sync; print nothing if all are"
    )
    output.add_argument("--output", choices=["text", "json"], default="text", help="format of the result")
    output.add_argument("--events", type=Path, metavar="FILE", help="append what happens as JSON lines, as it happens")
    add_talk(output)
    return output


def add_talk(group: argparse._ActionsContainer) -> None:
    """Add that more is told; it may stand before the verb, too."""
    group.add_argument(
        "-v",
        "--verbose",
        "--debug",
        dest="debug",
        action="store_true",
        default=argparse.SUPPRESS,
        help="show what goes on inside, on standard error",
    )
