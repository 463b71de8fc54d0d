"""Which customer owns each server, database and serial number of an inventory, and where entries contradict.

A box that DHCP has put at the address of another must be recognised even when its own entry is outside the limit.
Entries that contradict each other vouch for nobody: the guard would be switched off by the very mistake that it should
catch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ..model.digests import serial_digest, server_digest
from ..model.marks import Others
from ..model.validate import shared_serial
from . import lookalikes
from .group_names import names
from .identity import DeclaredIdentity, Group
from .membership import membership
from .sharing import Claims


@dataclass(frozen=True, slots=True)
class Guards:
    """Tables over the whole inventory.

    Args:
        owners: customers of each server, `(None,)` where no entry names one.
        vouched: customers of each server by entries that contradict nothing.
        holders: names of the boxes with each serial number; more than one is a mistake.
        places: name, customer and store of each box that has a serial number, in words.
        databases: customers of each database, by the digests of its UUID and of its name on its server.
        disputed: digests of databases that customers share without having agreed to it.
        addresses: servers of each database, by the digest of its UUID; more than one is a copy.
        uncompared: of each server, the customers of boxes whose UUID cannot be read here.
        contradictions: what is wrong with the entry of a box, beside what is wrong with it alone.
        warnings: what people take for one thing and is two, or two and is one; it stops nothing.
        named: those digests of databases that are of a name on a server.
    """

    owners: Mapping[str, tuple[str | None, ...]]
    holders: Mapping[str, tuple[str, ...]]
    vouched: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    databases: Mapping[str, frozenset[str]] = field(default_factory=dict)
    disputed: frozenset[str] = frozenset()
    addresses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    uncompared: Mapping[str, frozenset[str]] = field(default_factory=dict)
    contradictions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    _foreign: dict[tuple[str | None, tuple[str, ...]], frozenset[str]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def copies(self, identity: DeclaredIdentity) -> tuple[str, ...]:
        """Return the other servers to which the inventory gives a database with the UUID of a box's."""
        there = self.addresses.get(identity.database or "", ())
        return tuple(url for url in there if url != identity.server_url)

    def servers_of(self, customer: str | None) -> tuple[str, ...]:
        """Return the servers of a customer; one that several customers share is a server of each.

        Boxes that name no customer may belong to different ones, so they do not vouch for each other.
        """
        return () if customer is None else tuple(url for url, owners in self.vouched.items() if customer in owners)

    def own_servers(self, identity: DeclaredIdentity) -> tuple[str, ...]:
        """Return the further servers to which a box may be linked.

        One that is to be moved may come from such that are its customer's alone, and go to such a one only: what two
        customers have may be pasted from the other one. A box that is not to be moved may stay at any of its customer.
        """
        further = tuple(url for url in self.servers_of(identity.customer) if url != identity.server_url)
        if identity.server_url is None:
            return further
        alone = self._is_alone(identity.server_url, identity.customer)
        return tuple(url for url in further if alone and self._is_alone(url, identity.customer))

    def _is_alone(self, url: str, customer: str | None) -> bool:
        return set(self.owners.get(url, ())) <= {customer, None}

    def others(self, identity: DeclaredIdentity) -> Others:
        """Return what is not a box's own, to be judged by on the control machine."""
        databases = self._foreign_databases(identity)
        return Others(
            serials=self._foreign_serials(identity),
            servers=self._foreign_servers(identity),
            databases=databases - self.named,
            names=databases & self.named,
            uncompared=self._uncompared_for(identity.customer),
        )

    def _foreign_servers(self, identity: DeclaredIdentity) -> frozenset[str]:
        """Return the servers that are other customers', for a box of which no server of its own is known."""
        if identity.server_url is not None or self.servers_of(identity.customer):
            return frozenset()
        return frozenset(server_digest(url) for url, owners in self.owners.items() if owners != (None,))

    def _foreign_serials(self, identity: DeclaredIdentity) -> frozenset[str]:
        """Return the serial numbers of other boxes, for one of which none is known."""
        if identity.serial is not None or "iot_https_serial" in identity.unread:
            return frozenset()
        return frozenset(serial_digest(serial) for serial in self.holders)

    def _foreign_databases(self, identity: DeclaredIdentity) -> frozenset[str]:
        """Return the databases that a box must not be moved from: others', disputed, or shared with others.

        One that the box's own database shares its customers with is none of them.
        """
        key = (identity.customer, identity.databases)
        if key not in self._foreign:
            self._foreign[key] = frozenset(self._foreign_to(*key))
        return self._foreign[key]

    def _uncompared_for(self, customer: str | None) -> frozenset[str]:
        """Return the servers on which every UUID but the box's own may be one of another customer."""
        there = self.uncompared.items()
        return frozenset(server_digest(url) for url, customers in there if not customers <= {customer})

    def _foreign_to(self, customer: str | None, own: tuple[str, ...]) -> Iterable[str]:
        mine = frozenset({customer} if customer is not None else ()).union(*(self.databases.get(d, ()) for d in own))
        for digest, owners in self.databases.items():
            shared_elsewhere = bool(own) and not owners <= mine
            if digest not in own and (customer not in owners or digest in self.disputed or shared_elsewhere):
                yield digest

    def problems(self, identity: DeclaredIdentity) -> tuple[str, ...]:
        """Say what the entries of other boxes, and its groups, make impossible for this one."""
        others = [name for name in self.holders.get(identity.serial or "", ()) if name != identity.name]
        serial = (shared_serial(others),) if others else ()
        return (*serial, *self.contradictions.get(identity.name, ()))

    def owners_of_serial(self) -> dict[str, str]:
        """Return which box has each serial number, by its digest, in words."""
        return {serial_digest(serial): self.places[names[0]] for serial, names in self.holders.items()}

    def owners_of_database(self) -> dict[str, str]:
        """Return whose each database is, by its digests, in words."""
        return {digest: ", ".join(sorted(owners)) for digest, owners in self.databases.items()}

    def owners_of_server(self) -> dict[str, str]:
        """Return whose each server is, by its digest, in words."""
        unknown = "boxes without a customer"
        return {server_digest(url): ", ".join(filter(None, each)) or unknown for url, each in self.owners.items()}


NOBODY = Guards({}, {})
"""The guards of an inventory that says nothing of servers and serial numbers."""


def guards(identities: Iterable[DeclaredIdentity], groups: Mapping[str, Group] | None = None) -> Guards:
    """Judge an inventory.

    Args:
        identities: every box of it.
        groups: every group of it, by name.
    """
    boxes = tuple(identities)
    known = names(boxes)
    member = membership(boxes, groups or {}, known)
    mixed = {each.name: found for each in boxes if (found := (*each.overruled, *member.conflicts(each)))}
    claims = Claims()
    for each in boxes:
        if each.name not in mixed:
            claims.add(each)
    contradictions = {
        each.name: found
        for each in boxes
        if (
            found := (*mixed.get(each.name, ()), *known.problems(each), *_disputes(claims, each, mixed))
            # of whom more was told already is not told that it is not in its own group
            or tuple(member.misplacements(each))
        )
    }
    digests = frozenset(digest for each in boxes for digest in each.databases)
    disputed = frozenset(filter(claims.is_disputed, digests))
    tables = _tables(boxes, contradictions)
    databases, only_mixed = _databases(boxes, mixed)
    return replace(
        tables,
        databases=databases,
        disputed=disputed | only_mixed,
        uncompared=_uncompared(boxes),
        warnings=lookalikes.warnings(boxes),
        named=frozenset(filter(None, (each.named_database for each in boxes))),
    )


def _disputes(claims: Claims, identity: DeclaredIdentity, mixed: Mapping[str, object]) -> Iterable[str]:
    """A box that is in groups of two customers has what is another's for a reason that was told already."""
    return () if identity.name in mixed else claims.problems(identity)


def _databases(
    boxes: Iterable[DeclaredIdentity], mixed: Mapping[str, object]
) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """Return the customers of each database, and those that only boxes of which nobody knows whose they are have."""
    clear: dict[str, set[str]] = {}
    unclear: dict[str, set[str]] = {}
    for box in boxes:
        if box.customer is not None:
            for digest in box.databases:
                (unclear if box.name in mixed else clear).setdefault(digest, set()).add(box.customer)
    only_mixed = frozenset(unclear) - frozenset(clear)
    return {digest: frozenset(who) for digest, who in {**unclear, **clear}.items()}, only_mixed


def _uncompared(boxes: Iterable[DeclaredIdentity]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for box in boxes:
        if box.server_url is not None and box.customer is not None and "iot_https_db_uuid" in box.unread:
            found.setdefault(box.server_url, set()).add(box.customer)
    return {url: frozenset(customers) for url, customers in found.items()}


def _tables(boxes: Iterable[DeclaredIdentity], contradictions: Mapping[str, tuple[str, ...]]) -> Guards:
    owners: dict[str, dict[str | None, None]] = {}
    vouched: dict[str, dict[str, None]] = {}
    holders: dict[str, list[str]] = {}
    places: dict[str, str] = {}
    addresses: dict[str, dict[str, None]] = {}
    for box in boxes:
        if box.server_url is not None:
            owners.setdefault(box.server_url, {})[box.customer] = None
            if box.customer is not None and box.name not in contradictions:
                vouched.setdefault(box.server_url, {})[box.customer] = None
            if box.database is not None and box.name not in contradictions:
                addresses.setdefault(box.database, {})[box.server_url] = None
        if box.serial is not None:
            holders.setdefault(box.serial, []).append(box.name)
            where = ", ".join(filter(None, (box.customer, box.store)))
            places[box.name] = f"{box.name} ({where})" if where else box.name
    return Guards(
        owners={url: _named(customers) for url, customers in owners.items()},
        holders={serial: tuple(names) for serial, names in holders.items()},
        places=places,
        vouched={url: tuple(customers) for url, customers in vouched.items()},
        addresses={digest: tuple(urls) for digest, urls in addresses.items()},
        contradictions=contradictions,
    )


def _named(customers: Iterable[str | None]) -> tuple[str | None, ...]:
    """Leave out "no customer" where another entry of the same server names one."""
    return tuple(customer for customer in customers if customer is not None) or (None,)
