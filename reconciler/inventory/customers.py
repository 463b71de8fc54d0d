"""Whose a group is, and which boxes are in groups of two customers, and so take what is another one's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .identity import ALL, Group, Identity, group_name, listed, usual

_STORE = "store"
_CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Names:
    """The names that groups of customers and stores have, from what boxes say.

    Args:
        owners: customer and store, `None` for the customer as a whole, of each name; more than one is a mistake.
        customers: customers by their part of such a name.
    """

    owners: Mapping[str, Sequence[tuple[str, str | None]]]
    customers: Mapping[str, Sequence[str]]

    def of(self, name: str) -> frozenset[str]:
        """Return whose group this is by its name, nobody's for any other name."""
        name = usual(name)
        if name in self.owners:
            return frozenset(customer for customer, _ in self.owners[name])
        if not name.startswith(f"{_STORE}_"):
            return frozenset()
        parts = name.removeprefix(f"{_STORE}_").split("__")
        starts = ("__".join(parts[:end]) for end in range(1, len(parts)))
        return frozenset(each for start in starts for each in self.customers.get(start, ()))

    def problems(self, identity: Identity) -> Iterator[str]:
        """Say which other customer or store has the same name of a group."""
        if identity.customer is None:
            return
        for store in dict.fromkeys((None, identity.store)):
            name = group_name(_STORE if store else _CUSTOMER, identity.customer, store)
            others = [each for each in self.owners[name] if each != (identity.customer, store)]
            if others:
                variable, mine = ("iot_https_store", store) if store else ("iot_https_customer", identity.customer)
                who = f"{mine} of {identity.customer}" if store else mine
                same = listed((f"{other} of {customer}" if other else customer) for customer, other in others)
                yield f"{variable} {who} and {same} come to one group in Ansible, {name}: rename one of them"


@dataclass(slots=True)
class _Claims:
    owners: dict[str, list[tuple[str, str | None]]] = field(default_factory=dict)
    customers: dict[str, list[str]] = field(default_factory=dict)


def names(identities: Iterable[Identity]) -> Names:
    """Collect the names from every box."""
    claims = _Claims()
    pairs = dict.fromkeys((each.customer, each.store) for each in identities if each.customer is not None)
    for customer, store in pairs:
        for part in dict.fromkeys((None, store)):
            owners = claims.owners.setdefault(group_name(_STORE if part else _CUSTOMER, customer, part), [])
            if (customer, part) not in owners:
                owners.append((customer, part))
    for customer in dict.fromkeys(customer for customer, _ in pairs):
        claims.customers.setdefault(group_name(_CUSTOMER, customer).removeprefix(f"{_CUSTOMER}_"), []).append(customer)
    return Names(claims.owners, claims.customers)


@dataclass(frozen=True, slots=True)
class Membership:
    """Whose each group is."""

    groups: Mapping[str, Group]
    owners: Mapping[str, frozenset[str]]

    def problems(self, identity: Identity) -> Iterator[str]:
        """Say in which groups of others a box is, and what it takes from them."""
        theirs: dict[str, list[str]] = {}
        for name in identity.groups:
            owners = self.owners.get(name, frozenset())
            if identity.customer not in owners:
                for owner in sorted(owners):
                    theirs.setdefault(owner, []).append(name)
        if identity.customer is None and len(theirs) > 1:
            groups = listed(f"{names[0]} of {owner}" for owner, names in theirs.items())
            yield f"iot_https_customer is not set, and the box is in {groups}{_WAY_OUT}"
        if identity.customer is not None:
            for owner, there in theirs.items():
                yield f"iot_https_customer is {identity.customer}, but {self._place(identity, owner, there)}{_WAY_OUT}"
            yield from self._defaults(identity)

    def _place(self, identity: Identity, owner: str, there: Sequence[str]) -> str:
        below = [
            name
            for name in identity.groups
            if name in self.groups and name not in there and not set(there).isdisjoint(self.groups[name].parents)
        ]
        way = f", by way of {listed(below)}" if below else ""
        taken = [variable for variable, group in identity.taken.items() if group in there]
        takes = f", and takes {', '.join(taken)} from there" if taken else ""
        return f"the box is in {listed(there)} of {owner}{way}{takes}"

    def _defaults(self, identity: Identity) -> Iterator[str]:
        """Yield a line where a box takes from `all` what is the customer's that is named there."""
        default = self.groups[ALL].customer if ALL in self.groups else None
        taken = [variable for variable, group in identity.taken.items() if group == ALL]
        if default is not None and default != identity.customer and taken:
            whose = f"whose iot_https_customer is {default}, and the box is {identity.customer}'s"
            yield f"{', '.join(taken)} comes from the group {ALL}, {whose}: set it for {identity.customer}"


_WAY_OUT = ": give each customer groups of its own, customer_<customer> and store_<customer>__<store>"


def membership(groups: Mapping[str, Group], known: Names) -> Membership:
    """Find out whose each group is: by its own variables, by its name, or both."""
    owners = {
        name: known.of(name) | ({group.customer} if group.customer is not None else set())
        for name, group in groups.items()
        if name != ALL
    }
    return Membership(groups, owners)
