"""Find why an unattended run could not begin: everything that it reads is read, and no box is connected to."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..model.target import ConnectionKind, Target
from . import boxes

if TYPE_CHECKING:
    from ..inventory import Inventory


def problems(meant: argparse.Namespace, *, local: bool) -> tuple[str, ...]:
    """Return why the run could not begin, a line each.

    Args:
        meant: the options of the verb.
        local: the service may become root on this machine.

    Raises:
        IotHttpsError: nothing can be done with the inventory or the file of variables at all; says why.
    """
    if meant.connection == ConnectionKind.LOCAL:
        boxes.this_machine(meant)
        return tuple(_of_events(meant))
    inventory = boxes.inventory_of(meant)
    found = (*_of_inventory(inventory), *_of_events(meant), *_without_root(inventory.targets, local=local))
    return (*found, *_without_a_key(inventory.targets))


def _of_inventory(inventory: Inventory) -> Iterator[str]:
    yield from (f"a value {reason}" for reason in inventory.locked)
    if not inventory.targets and inventory.invalid and not inventory.locked:
        first = inventory.invalid[0]
        yield f"no box can be used, the first of them: {first.name}: {first.problems[0]}"


def _of_events(meant: argparse.Namespace) -> Iterator[str]:
    if meant.events is not None and not os.access(meant.events.absolute().parent, os.W_OK):
        yield f"--events {meant.events}: this user cannot write to its folder: make it, or correct its owner"


def _without_root(targets: Iterable[Target], *, local: bool) -> Iterator[str]:
    here = [each.name for each in targets if each.connection.is_here]
    if here and not local:
        yield f"{_some(here)}: the connection is local, for which a hardened service cannot become root: add --local"


def _without_a_key(targets: Iterable[Target]) -> Iterator[str]:
    """A service has no agent unless `ssh_config` names one, so a key has to be one that it can read alone."""
    from ..codes.phrases.way import WAY
    from ..codes.writing.sentences import line
    from ..connections import ssh_hops

    reasons: dict[str, list[str]] = {}
    for target in targets:
        if target.ssh is None or target.ssh.password is not None:
            continue
        try:
            hop = ssh_hops.box(target.ssh)
        except ValueError as error:
            reasons.setdefault(str(error), []).append(target.name)
            continue
        if len(hop.keys.offer) == 0 and not hop.has_agent:
            why = line(hop.keys.problems, WAY) or "there is no SSH key"
            reasons.setdefault(f"{why}: a service has no agent, so give it a key without a passphrase", []).append(
                target.name
            )
    yield from (f"{_some(names)}: {why}" for why, names in reasons.items())


def _some(names: list[str]) -> str:
    more = len(names) - 1
    return names[0] if not more else f"{names[0]} and {more} more"
