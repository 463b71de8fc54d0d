"""Find databases and contracts that belong to two customers: by UUID, by server and name or token, by contract.

Two customers may share one if both declare it. Neither alone can: the other one's boxes are at stake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from .identity import MOST_LISTED, DeclaredIdentity, listed

_Boxes = Mapping[str, Sequence[DeclaredIdentity]]
"""Boxes by customer."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """Something that has one customer.

    Args:
        variable: what to correct.
        noun: what it is.
        key: what it is compared by.
    """

    variable: str
    noun: str
    key: Callable[[DeclaredIdentity], object]


_KINDS: Final = (
    _Kind("iot_https_db_uuid", "database", lambda each: each.database),
    _Kind("iot_https_db_name", "database", lambda each: each.named_database),
    _Kind("iot_https_token", "database", lambda each: each.link),
    _Kind("iot_https_enterprise_code", "contract", lambda each: each.contract),
)


@dataclass(slots=True)
class Claims:
    """Who claims what. Boxes without a customer claim nothing, and have nothing that a customer claims."""

    _of: dict[tuple[str, object], dict[str, list[DeclaredIdentity]]] = field(default_factory=dict)
    _on: dict[str, dict[str, list[DeclaredIdentity]]] = field(default_factory=dict)
    _disputes: dict[tuple[str, object, str], list[str]] = field(default_factory=dict)

    def add(self, identity: DeclaredIdentity) -> None:
        """Note what a box claims for its customer."""
        if identity.customer is None:
            return
        for kind in _KINDS:
            if (key := kind.key(identity)) is not None:
                self._of.setdefault((kind.variable, key), {}).setdefault(identity.customer, []).append(identity)
        if identity.server_url is not None:
            self._on.setdefault(identity.server_url, {}).setdefault(identity.customer, []).append(identity)

    def problems(self, identity: DeclaredIdentity) -> Iterator[str]:
        """Say what of a box's is another customer's, too, without both agreeing to it."""
        if identity.customer is None:
            yield from self._unclaimed(identity)
            return
        for kind in _KINDS:
            key, boxes = self._boxes_of(kind, identity)
            if others := self._disputed(kind.variable, key, boxes, identity.customer):
                yield _dispute(kind.variable, kind.noun, identity.customer, boxes, others)
        yield from self._not_told_apart(identity, identity.customer)

    def _boxes_of(self, kind: _Kind, identity: DeclaredIdentity) -> tuple[object, _Boxes]:
        """Return what a box has of a kind, and by customer the boxes that claim it."""
        key = kind.key(identity)
        return key, {} if key is None else self._of.get((kind.variable, key), {})

    def _unclaimed(self, identity: DeclaredIdentity) -> Iterator[str]:
        """Yield a line for what a customer has and a box that names none; one whose name cannot be read is told so."""
        if "iot_https_customer" in identity.unread:
            return
        for kind in _KINDS:
            _, boxes = self._boxes_of(kind, identity)
            if boxes:
                whose = f"{kind.variable} is that of {_who(boxes, list(boxes))}"
                yield f"iot_https_customer is not set, and {whose}: set it, or correct {kind.variable}"

    def is_disputed(self, database: str) -> bool:
        """Tell whether customers have the database of this digest without having agreed to it."""
        for kind in _KINDS:
            boxes = self._of.get((kind.variable, database), {})
            if any(self._disputed(kind.variable, database, boxes, customer) for customer in boxes):
                return True
        return False

    def _disputed(self, what: str, key: object, boxes: _Boxes, customer: str) -> list[str]:
        """Remember it: all boxes of a customer that have the same are in the same dispute."""
        if len(boxes) < 2:  # noqa: PLR2004 - a dispute needs two
            return []
        if (what, key, customer) not in self._disputes:
            self._disputes[what, key, customer] = _disputed(boxes, customer)
        return self._disputes[what, key, customer]

    def _not_told_apart(self, identity: DeclaredIdentity, customer: str) -> Iterator[str]:
        """Yield a line where customers share a server, and nothing says which database on it is this box's."""
        boxes = self._on.get(identity.server_url or "", {})
        known = identity.databases or "iot_https_db_uuid" in identity.unread or "iot_https_db_name" in identity.unread
        if not known and (others := self._disputed("server", identity.server_url, boxes, customer)):
            whose = f"iot_https_server_url is also that of {_who(boxes, others)}"
            way_out = f"set iot_https_db_uuid, or {_agreement(customer, boxes, others)}"
            yield f"{whose}, and nothing tells the databases on it apart: {way_out}"


def _disputed(boxes: _Boxes, customer: str) -> list[str]:
    """Return the other customers with which a customer has not agreed."""
    return [
        other
        for other in boxes
        if other != customer and not (_names(boxes, customer, other) and _names(boxes, other, customer))
    ]


def _names(boxes: _Boxes, customer: str, other: str) -> bool:
    return all(other in box.shared_with for box in boxes.get(customer, ()))


def _dispute(variable: str, noun: str, customer: str, boxes: _Boxes, others: Sequence[str]) -> str:
    way_out = f"one {noun} has one customer, correct it; or {_agreement(customer, boxes, others)}"
    return f"{variable} is also that of {_who(boxes, others)}: {way_out}"


def _who(boxes: _Boxes, others: Sequence[str]) -> str:
    few = others[: MOST_LISTED + 1]
    return listed((f"{each} ({listed(sorted(box.name for box in boxes[each]))})" for each in few), "more customers")


def _agreement(customer: str, boxes: _Boxes, others: Iterable[str]) -> str:
    """Say who has to name whom."""
    other = next(iter(others))
    missing = [
        f"{one} must name {two}" for one, two in ((customer, other), (other, customer)) if not _names(boxes, one, two)
    ]
    return f"to share it, {' and '.join(missing)} in iot_https_shared_with"
