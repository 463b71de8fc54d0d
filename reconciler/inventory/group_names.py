"""What the groups of customers and stores are called, and whose a group is by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..model.names import group_name, safe
from .identity import DeclaredIdentity, listed

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
        name = safe(name)
        if name in self.owners:
            return frozenset(customer for customer, _ in self.owners[name])
        if not name.startswith(f"{_STORE}_"):
            return frozenset()
        parts = name.removeprefix(f"{_STORE}_").split("__")
        starts = ("__".join(parts[:end]) for end in range(1, len(parts)))
        return frozenset(each for start in starts for each in self.customers.get(start, ()))

    def problems(self, identity: DeclaredIdentity) -> Iterator[str]:
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


def names(identities: Iterable[DeclaredIdentity]) -> Names:
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
