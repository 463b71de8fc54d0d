"""Which boxes a run is about: those of an inventory, or the one it is started on."""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..model.status import FAILED, IN_SYNC
from ..model.target import ConnectionKind, Invalid, Target
from ..outcome.directory import Directory
from ..printable import printable
from ..variables_file import exposed, load
from . import login
from .usage import UsageError, say, warn

if TYPE_CHECKING:
    from ..inventory import Inventory, VaultOptions


@dataclass(frozen=True, slots=True)
class Boxes:
    """What a run is about.

    Args:
        sources: the places of the inventory, empty for the box one sits on.
        warnings: what was said of the inventory.
        names: every box of the inventory, also outside the limit.
    """

    targets: Sequence[Target]
    invalid: Sequence[Invalid] = ()
    directory: Directory = field(default_factory=Directory)
    sources: Sequence[str] = ()
    warnings: tuple[str, ...] = ()
    names: Sequence[str] = ()


def chosen(options: argparse.Namespace) -> Boxes:
    """Return the boxes that the command line names."""
    return this_machine(options) if options.connection == ConnectionKind.LOCAL else _of_inventory(options)


def this_machine(options: argparse.Namespace) -> Boxes:
    """Return the box one sits on, as its file of variables has it."""
    if options.desired is None:
        raise UsageError("--connection local needs --desired FILE, the variables of this box")
    if options.inventory or options.patterns or options.limit is not None:
        raise UsageError("--connection local is about this machine: leave out inventory, pattern and limit")
    if options.missed_runs is not None:
        raise UsageError("--missed-runs is for an inventory: this machine cannot be missed")
    desired = load(
        options.desired, options.name or socket.gethostname(), {"iot_https_connection": ConnectionKind.LOCAL.value}
    )
    warned: list[str] = []
    if exposed(options.desired):
        warn(f"others can read {options.desired}, which may hold secrets: chmod 600 {options.desired}", warned)
    return Boxes([Target(desired=desired, connection=ConnectionKind.LOCAL)], warnings=tuple(warned))


def list_hosts(boxes: Boxes) -> int:
    """Print the name of each box, and say which entries of the inventory cannot be used."""
    say_invalid(boxes.invalid)
    meant = {*(each.name for each in boxes.targets), *(each.name for each in boxes.invalid)}
    for name in [each for each in boxes.names if each in meant] or sorted(meant):
        sys.stdout.write(f"{printable(name)}\n")
    return FAILED if boxes.invalid else IN_SYNC


def say_invalid(entries: Sequence[Invalid]) -> None:
    """Tell which entries cannot be used, what they have in common once."""
    reasons: dict[str, list[str]] = {}
    for each in entries:
        reasons.setdefault(each.problems[0], []).append(printable(each.name))
    for reason, names in reasons.items():
        say(f"{', '.join(names)}: invalid: {printable(reason)}")


def inventory_of(options: argparse.Namespace) -> Inventory:
    """Read the inventory that is meant; what it warns of is said.

    Raises:
        InventoryError: nothing can be done with it.
    """
    if options.desired is not None or options.name is not None:
        raise UsageError("--desired and --name are for --connection local; an inventory has them for each box")
    from ..inventory import load as load_inventory

    inventory = load_inventory(
        options.inventory,
        limit=options.limit,
        patterns=options.patterns,
        vault=vault_options(options),
        said=login.command_line(options),
    )
    for warning in inventory.warnings:
        say(f"warning: {warning}")
    return inventory


def _of_inventory(options: argparse.Namespace) -> Boxes:
    inventory = inventory_of(options)
    whose = inventory.guards
    return Boxes(
        inventory.targets,
        inventory.invalid,
        Directory(
            serials=whose.owners_of_serial(), servers=whose.owners_of_server(), databases=whose.owners_of_database()
        ),
        inventory.sources,
        inventory.warnings,
        inventory.names,
    )


def vault_options(options: argparse.Namespace) -> VaultOptions:
    """Return where the command line says that vault passwords come from."""
    from ..inventory import VaultOptions

    return VaultOptions(
        ids=tuple(options.vault_id), password_files=tuple(options.vault_password_file), ask=options.ask_vault_password
    )
