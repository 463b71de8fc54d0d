"""The result of reading an inventory: boxes, invalid entries, warnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model.target import Invalid, Target
from .guards import NOBODY, Guards


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """The boxes to work on, and the guards that tell them from others.

    Args:
        targets: boxes within the limit that can be worked on, in the order of the inventory.
        invalid: boxes within the limit whose entry cannot be used, in the same order.
        size: how many boxes the whole inventory has.
        names: every box of the whole inventory.
        locked: reasons of the vault password for which values of boxes within the limit could not be read.
        sources: the places that were read, with absolute paths; those of ansible.cfg where none was given.
        guards: whose server, database and serial number is whose, over the whole inventory.
        warnings: what the person should know although it stops nothing, a line each, without values.
    """

    targets: tuple[Target, ...]
    invalid: tuple[Invalid, ...] = ()
    size: int
    names: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    guards: Guards = NOBODY
    warnings: tuple[str, ...] = ()

    def servers_of(self, customer: str | None) -> tuple[str, ...]:
        """Return every server of a customer in the order of the inventory; none for a box without a customer."""
        return self.guards.servers_of(customer)

    @property
    def all_server_urls(self) -> Mapping[str, str | None]:
        """Customer of every server that the inventory names, `None` where it says no customer; the first of several."""
        return {url: owners[0] for url, owners in self.guards.owners.items()}

    @property
    def serials(self) -> Mapping[str, str]:
        """Name of the box for every serial number that the inventory names."""
        return {serial: names[0] for serial, names in self.guards.holders.items()}
