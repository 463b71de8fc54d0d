"""What an inventory comes to, and whose server, database and serial number is whose, also outside the limit.

A box that DHCP has put at the address of another must be recognised even when its own entry is limited away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..model.target import Invalid, Target
from ..model.validate import shared_serial


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What the inventory says of who a box is; `None` for what it does not say, or says in a way that is refused.

    Args:
        database: digest of its database's UUID; outside the limit read only where it `may_be_foreign`.
    """

    name: str
    customer: str | None = None
    store: str | None = None
    server_url: str | None = None
    serial: str | None = None
    database: str | None = None

    def may_be_foreign(self, others: Iterable[Identity]) -> bool:
        """Tell whether its database may be another customer's on the server of one of these boxes."""
        return self.customer is not None and any(
            each.server_url == self.server_url is not None and each.customer != self.customer for each in others
        )


@dataclass(frozen=True, slots=True)
class Guards:
    """Tables over the whole inventory, and where it contradicts itself.

    Args:
        owners: customers of each server, `(None,)` where no entry names one.
        holders: names of the boxes with each serial number; more than one is a mistake.
        databases: of each server, the customers of each database, by the digest of its UUID.
        addresses: servers of each database, by the digest of its UUID; more than one is a copy.
    """

    owners: Mapping[str, tuple[str | None, ...]]
    holders: Mapping[str, tuple[str, ...]]
    databases: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    addresses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def copies(self, identity: Identity) -> tuple[str, ...]:
        """Return the other servers to which the inventory gives a database with the UUID of a box's."""
        there = self.addresses.get(identity.database or "", ())
        return tuple(url for url in there if url != identity.server_url)

    def servers_of(self, customer: str | None) -> tuple[str, ...]:
        """Return the servers of a customer; one that several customers share is a server of each.

        Boxes that name no customer may belong to different ones, so they do not vouch for each other.
        """
        return () if customer is None else tuple(url for url, owners in self.owners.items() if customer in owners)

    def foreign_databases(self, identity: Identity) -> dict[str, str]:
        """Return digest -> customer of the databases on a box's own server that are somebody else's.

        A server with one database each is told apart by its address; only where customers share one is there any.
        """
        here = self.databases.get(identity.server_url or "", {})
        return {
            digest: customers[0]
            for digest, customers in here.items()
            if identity.customer not in customers and digest != identity.database
        }

    def problems(self, identity: Identity) -> tuple[str, ...]:
        """Say what the entries of other boxes make impossible for this one."""
        others = [name for name in self.holders.get(identity.serial or "", ()) if name != identity.name]
        return (shared_serial(others),) if others else ()

    def warnings(self) -> tuple[str, ...]:
        """Say which servers are given to more than one customer."""
        return tuple(
            f"{url} is given to the customers {', '.join(map(str, owners))}: a box of either is accepted on it"
            for url, owners in self.owners.items()
            if len(owners) > 1
        )


NOBODY = Guards({}, {})
"""The guards of an inventory that says nothing of servers and serial numbers."""


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
        guards: whose server and serial number is whose, over the whole inventory.
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


def guards(identities: Iterable[Identity]) -> Guards:
    """Build the tables from every box of an inventory."""
    owners: dict[str, dict[str | None, None]] = {}
    holders: dict[str, list[str]] = {}
    databases: dict[str, dict[str, list[str]]] = {}
    addresses: dict[str, dict[str, None]] = {}
    for identity in identities:
        if identity.server_url is not None:
            owners.setdefault(identity.server_url, {})[identity.customer] = None
        if identity.serial is not None:
            holders.setdefault(identity.serial, []).append(identity.name)
        if identity.server_url is not None and identity.database is not None:
            addresses.setdefault(identity.database, {})[identity.server_url] = None
        if identity.server_url is not None and identity.database is not None and identity.customer is not None:
            databases.setdefault(identity.server_url, {}).setdefault(identity.database, []).append(identity.customer)
    named = {url: _named(customers) for url, customers in owners.items()}
    return Guards(
        owners=named,
        holders={serial: tuple(names) for serial, names in holders.items()},
        databases={url: {each: tuple(whose) for each, whose in here.items()} for url, here in databases.items()},
        addresses={digest: tuple(urls) for digest, urls in addresses.items()},
    )


def _named(customers: Iterable[str | None]) -> tuple[str | None, ...]:
    """Leave out "no customer" where another entry of the same server names one."""
    return tuple(customer for customer in customers if customer is not None) or (None,)
