"""Whether each box is in the groups that its variables say.

A box that is not gets none of the values that its customer or store declares, and plugins that make groups from
variables leave it out in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .identity import Identity, group_name, safe


@dataclass(frozen=True, slots=True)
class Convention:
    """The groups of customers and stores that an inventory has, by their names as `folded` has them.

    Args:
        customers: the customer of each group of one.
        stores: the store of each group of one.
    """

    customers: dict[str, str]
    stores: dict[str, str]

    def problems(self, identity: Identity) -> Iterator[str]:
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

    def _without_customer(self, own: dict[str, str]) -> Iterator[str]:
        for name in sorted(own.keys() & self.customers.keys()):
            where = f"the box is in group {own[name]}"
            yield f"iot_https_customer is not set, and {where}: set it to {self.customers[name]}"


def convention(identities: Iterable[Identity]) -> Convention:
    """Return which groups of customers and stores there are: only these names are taken for such a group."""
    boxes = list(identities)
    there = {folded(group) for each in boxes for group in each.groups}
    places = dict.fromkeys((each.customer, each.store) for each in boxes)
    customers = {folded(group_name("customer", each)): each for each, _ in places if each is not None}
    full = [(whose, each) for whose, each in places if whose is not None and each is not None]
    stores = {folded(group_name("store", whose, each)): each for whose, each in full}
    return Convention(
        {name: customer for name, customer in customers.items() if name in there},
        {name: store for name, store in stores.items() if name in there},
    )


def folded(name: str) -> str:
    """Return a name without what people write in more than one way."""
    return safe(name).casefold()


def _elsewhere(field: str, value: str, group: str, own: dict[str, str], known: dict[str, str]) -> Iterator[str]:
    """Yield that a box is not in the group of a value that has one, or is in that of another; none needs a group."""
    others = sorted(own[name] for name in (own.keys() & known.keys()) - {folded(group)})
    if folded(group) in own and others:
        also = f"and the box is in group {own[folded(group)]} and in {', '.join(others)}"
        yield f"iot_https_{field} is {value}, {also}: take it out of one of them"
    if folded(group) in own or not (others or folded(group) in known):
        return
    where = f", but in {', '.join(others)}" if others else ""
    yield f"iot_https_{field} is {value}, and the box is not in group {group}{where}: correct one of the two"
