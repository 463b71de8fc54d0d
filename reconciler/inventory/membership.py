"""Check that each box is in the groups that its variables name, and in none of another customer.

A box in another customer's group takes that one's values. A box outside its own gets none of the values that its
customer or store declares, and plugins that make groups from variables leave it out silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..model.names import group_name, safe
from .group_names import Names
from .identity import ALL, DeclaredIdentity, Group, listed

_WAY_OUT = ": give each customer groups of its own, customer_<customer> and store_<customer>__<store>"


@dataclass(frozen=True, slots=True)
class Membership:
    """Whose each group is.

    Args:
        groups: every group, by name.
        owners: customers of each group but `all`, by its variables or its name.
        customers: the customer of each group of one that there is, by its name as `folded` has it.
        stores: the same for groups of stores.
    """

    groups: Mapping[str, Group]
    owners: Mapping[str, frozenset[str]]
    customers: Mapping[str, str]
    stores: Mapping[str, str]

    def conflicts(self, identity: DeclaredIdentity) -> Iterator[str]:
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

    def _place(self, identity: DeclaredIdentity, owner: str, there: Sequence[str]) -> str:
        below = [
            name
            for name in identity.groups
            if name in self.groups and name not in there and not set(there).isdisjoint(self.groups[name].parents)
        ]
        way = f", by way of {listed(below)}" if below else ""
        taken = [variable for variable, group in identity.taken.items() if group in there]
        takes = f", and takes {', '.join(taken)} from there" if taken else ""
        return f"the box is in {listed(there)} of {owner}{way}{takes}"

    def _defaults(self, identity: DeclaredIdentity) -> Iterator[str]:
        """Yield a line where a box takes from `all` what is the customer's that is named there."""
        default = self.groups[ALL].customer if ALL in self.groups else None
        taken = [variable for variable, group in identity.taken.items() if group == ALL]
        if default is not None and default != identity.customer and taken:
            whose = f"whose iot_https_customer is {default}, and the box is {identity.customer}'s"
            yield f"{', '.join(taken)} comes from the group {ALL}, {whose}: set it for {identity.customer}"

    def misplacements(self, identity: DeclaredIdentity) -> Iterator[str]:
        """Say in which groups a box is not although its variables say so, or is although they do not."""
        customer, store = identity.customer, identity.store
        own = {folded(each): each for each in identity.groups}
        if customer is None:
            if identity.lacks_customer:
                yield from self._without_customer(own)
            return
        yield from _elsewhere("customer", customer, group_name("customer", customer), own, self.customers)
        if store is not None:
            yield from _elsewhere("store", store, group_name("store", customer, store), own, self.stores)

    def _without_customer(self, own: Mapping[str, str]) -> Iterator[str]:
        for name in sorted(own.keys() & self.customers.keys()):
            where = f"the box is in group {own[name]}"
            yield f"iot_https_customer is not set, and {where}: set it to {self.customers[name]}"


def membership(boxes: Sequence[DeclaredIdentity], groups: Mapping[str, Group], known: Names) -> Membership:
    """Find out whose each group is: by its own variables, by its name, or both.

    Args:
        boxes: all of the inventory; what they name and are in are the only names taken for groups of this kind.
    """
    owners = {
        name: known.of(name) | ({group.customer} if group.customer is not None else set())
        for name, group in groups.items()
        if name != ALL
    }
    there = {folded(group) for each in boxes for group in each.groups}
    places = dict.fromkeys((each.customer, each.store) for each in boxes)
    customers = {folded(group_name("customer", each)): each for each, _ in places if each is not None}
    full = [(whose, each) for whose, each in places if whose is not None and each is not None]
    stores = {folded(group_name("store", whose, each)): each for whose, each in full}
    return Membership(groups, owners, _there(customers, there), _there(stores, there))


def _there(named: Mapping[str, str], there: Iterable[str]) -> Mapping[str, str]:
    return {name: who for name, who in named.items() if name in there}


def folded(name: str) -> str:
    """Return a name without what people write in more than one way."""
    return safe(name).casefold()


def _elsewhere(field: str, value: str, group: str, own: Mapping[str, str], known: Mapping[str, str]) -> Iterator[str]:
    """Yield that a box is not in the group of a value that has one, or is in that of another; none needs a group."""
    others = sorted(own[name] for name in (own.keys() & known.keys()) - {folded(group)})
    if folded(group) in own and others:
        also = f"and the box is in group {own[folded(group)]} and in {', '.join(others)}"
        yield f"iot_https_{field} is {value}, {also}: take it out of one of them"
    if folded(group) in own or not (others or folded(group) in known):
        return
    where = f", but in {', '.join(others)}" if others else ""
    yield f"iot_https_{field} is {value}, and the box is not in group {group}{where}: correct one of the two"
