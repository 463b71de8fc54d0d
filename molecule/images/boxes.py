#!/usr/bin/env python3
"""Real boxes for tests and for trying things out: `boxes.py --help`, or `import boxes` with this folder on the path."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from realbox import connection, control
from realbox.box import Box, wait_for
from realbox.build import build
from realbox.disk import lab_key
from realbox.kinds import KINDS, Kind
from realbox.lifecycle import anew, down, down_all, down_dead, find, peers, require, running, up
from realbox.machine import BoxesError, cache_dir
from realbox.network import DEAD_RESOLVER
from realbox.peers import DATABASE_CONTROL, Peers, state_dir
from realbox.podman import PREFIX

__all__ = [
    "DEAD_RESOLVER",
    "KINDS",
    "Box",
    "BoxesError",
    "Kind",
    "Peers",
    "anew",
    "build",
    "cache_dir",
    "down",
    "down_all",
    "down_dead",
    "find",
    "lab_key",
    "peers",
    "require",
    "running",
    "state_dir",
    "up",
    "wait_for",
]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(argv)
    action: Callable[[argparse.Namespace], int] = options.action
    try:
        return action(options)
    except BoxesError as error:
        print(f"boxes: {error}", file=sys.stderr)
        return 1


def _build(options: argparse.Namespace) -> int:
    kinds = [kind for kind in options.kinds if kind != control.CONTROL]
    if kinds or not options.kinds:
        for name, tag in build(kinds).items():
            print(f"{name}\t{tag}")
    if kinds == options.kinds and kinds:
        return 0
    print(f"{control.CONTROL}\t{control.build()}")
    return 0


def _up(options: argparse.Namespace) -> int:
    resolvers = options.resolver or (DEAD_RESOLVER,)
    _show(up(options.name, options.kind, serial=options.serial, resolvers=resolvers))
    return 0


def _anew(options: argparse.Namespace) -> int:
    for name in options.names:
        _show(anew(name))
    return 0


def _reboot(options: argparse.Namespace) -> int:
    find(options.name).reboot(power_cut=options.power_cut)
    return 0


def _power(options: argparse.Namespace) -> int:
    box = find(options.name)
    if options.state == "on":
        box.switch_on()
    else:
        box.switch_off()
    return 0


def _down(options: argparse.Namespace) -> int:
    if options.all:
        down_all(images=options.images)
    elif options.dead:
        for name in down_dead():
            print(f"{name}\tremoved, an interrupted run left it")
    elif options.names:
        down(options.names)
    else:
        raise BoxesError("down needs names, --dead or --all")
    return 0


def _exec(options: argparse.Namespace) -> int:
    box = find(options.name)
    terminal = ["-t"] if sys.stdin.isatty() else []
    command = ["podman", "exec", "-i", *terminal, "--user", options.user, box.container, *options.argv]
    return subprocess.run(command, check=False).returncode


def _list(_options: argparse.Namespace) -> int:
    for box in running():
        _show(box)
    return 0


def _inventory(options: argparse.Namespace) -> int:
    connection.write(options.file, [find(name) for name in options.names])
    return 0


def _peers(options: argparse.Namespace) -> int:
    found = peers()
    port = {"port": DATABASE_CONTROL} if options.database else {}
    body = json.loads(options.body) if options.body else None
    print(json.dumps(found.control(options.method, options.path, body, **port), indent=1))
    return 0


def _show(box: Box) -> None:
    print(f"{box.name}\t{box.kind}\t{box.address}\t{box.serial}\tssh -i {box.ssh_key} pi@{box.address}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="IoT boxes that are real machines, in containers.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    verb = _verb(verbs, "build", _build, "build the images of these kinds, all by default")
    verb.add_argument("kinds", nargs="*", metavar="KIND", help=f"{', '.join(KINDS)}, peers, {control.CONTROL}")

    verb = _verb(verbs, "up", _up, "start a new box")
    verb.add_argument("name")
    verb.add_argument("--kind", required=True, choices=list(KINDS))
    verb.add_argument("--serial", help="serial number in the device tree; made from the name by default")
    verb.add_argument("--resolver", action="append", metavar="ADDRESS", help="initial resolver; a dead one by default")

    verb = _verb(verbs, "anew", _anew, "put boxes as from the shop in the place of these")
    verb.add_argument("names", nargs="+", metavar="NAME")

    verb = _verb(verbs, "reboot", _reboot, "restart a box and wait until it is up")
    verb.add_argument("name")
    verb.add_argument("--power-cut", action="store_true", help="give nothing on it the time to stop")

    verb = _verb(verbs, "power", _power, "take the power of a box away, or give it back and wait until it is up")
    verb.add_argument("state", choices=["on", "off"])
    verb.add_argument("name")

    verb = _verb(verbs, "down", _down, "remove boxes")
    verb.add_argument("names", nargs="*", metavar="NAME")
    verb.add_argument("--dead", action="store_true", help="what runs that were killed left behind")
    verb.add_argument("--all", action="store_true", help="every container and network of this project")
    verb.add_argument("--images", action="store_true", help="with --all: its images, too")

    verb = _verb(verbs, "exec", _exec, "run a program on a box")
    verb.add_argument("--user", default="root")
    verb.add_argument("name")
    verb.add_argument("argv", nargs=argparse.REMAINDER, metavar="PROGRAM")

    _verb(verbs, "list", _list, "show all boxes")

    verb = _verb(verbs, "inventory", _inventory, "write an Ansible inventory of how boxes are reached, with host keys")
    verb.add_argument("file", type=Path, metavar="FILE")
    verb.add_argument("names", nargs="+", metavar="NAME")

    verb = _verb(verbs, "peers", _peers, f"ask a control port of {PREFIX}peers, started if needed")
    verb.add_argument("--database", action="store_true", help="the databases' port rather than the authority's")
    verb.add_argument("method", choices=["GET", "PUT", "POST"])
    verb.add_argument("path")
    verb.add_argument("body", nargs="?", help="JSON")
    return parser


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    action: Callable[[argparse.Namespace], int],
    text: str,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=text, description=text)
    parser.set_defaults(action=action)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
