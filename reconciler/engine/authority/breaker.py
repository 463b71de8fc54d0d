"""A circuit breaker: after three questions of a kind to which there was no verdict, nobody waits for a fourth.

They say nothing about a database, but something about a shop's network, or about the authority. So three of a kind
from one store count for that store; from as many stores of a customer, for that customer; from as many customers, for
all, as long as nobody there was answered. One box counts once. So the boxes of one customer, whatever they make up,
keep nobody else's from asking; and what they met is told to no box of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ...codes import CodeName, Trait, Variant, with_trait
from ...model.desired import Desired, Refusal
from ...model.statement import Statement, say
from .verdict import Granted, Heard

ENOUGH: Final = 3

CustomerStore = tuple[str | None, str | None]
"""Customer and store; boxes of a customer without a store count as one."""


@dataclass(frozen=True, slots=True)
class _Failure:
    box: str
    store: CustomerStore
    seen: tuple[Statement, ...]
    variant: Variant | None


@dataclass(slots=True)
class _Authority:
    answered: set[str | None] = field(default_factory=set)
    failures: dict[CodeName, dict[str, _Failure]] = field(default_factory=dict)

    def reason(self, kind: CodeName, store: CustomerStore) -> Refusal | None:
        """Return why the failures of a kind are enough for a box of this store, None where they are not."""
        failures = self.failures.get(kind, {}).values()
        customer, _ = store
        here = [each for each in failures if each.store == store]
        if len(here) >= ENOUGH:
            return _told(kind, here)
        stores = {each.store: each for each in failures if each.store[0] == customer}
        if len(stores) >= ENOUGH and customer not in self.answered:
            return _told(kind, list(stores.values()))
        customers = {each.store[0] for each in failures}
        if len(customers) < ENOUGH or self.answered:
            return None
        return Refusal(code=kind, seen=(say("not_asked_anywhere", customers=len(customers)),))


@dataclass(frozen=True, slots=True)
class CircuitBreaker:
    """What is remembered of a run, by the address of the authority."""

    _authorities: dict[str, _Authority] = field(default_factory=dict)

    def reason_for(self, box: Desired) -> Refusal | None:
        """Return why a box need not ask, None where it should."""
        known = self._of(box)
        for kind in with_trait(Trait.AUTHORITY_FAILS):
            if (why := known.reason(kind, _store(box))) is not None:
                return why
        return None

    def learn(self, box: Desired, said: Heard) -> None:
        """Note what a box reports that was let ask."""
        known = self._of(box)
        if isinstance(said.verdict, Granted):
            known.answered.add(box.customer)
        for each in said.in_vain:
            failure = _Failure(box.name, _store(box), each.seen, each.variant)
            known.failures.setdefault(CodeName(each.code), {})[box.name] = failure

    def _of(self, box: Desired) -> _Authority:
        return self._authorities.setdefault(box.authority_url, _Authority())


def _told(kind: CodeName, failures: Sequence[_Failure]) -> Refusal:
    boxes, last = tuple(each.box for each in failures[:ENOUGH]), failures[-1]
    return Refusal(code=kind, seen=(say("not_asked", boxes=boxes), *last.seen), variant=last.variant)


def _store(box: Desired) -> CustomerStore:
    return box.customer, box.store
