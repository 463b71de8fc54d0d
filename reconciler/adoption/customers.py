"""The customers that an inventory has, and by what a box can be known as one of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..model.digests import contract_digest, database_digest, plain_serial
from ..model.secret import Secret

if TYPE_CHECKING:
    from ..inventory.declarations import Declaration, Declarations

_CUSTOMER: Final = "iot_https_customer"
_UUID: Final = "iot_https_db_uuid"
_CONTRACT: Final = "iot_https_enterprise_code"
_SERIAL: Final = "iot_https_serial"
_ASKED: Final = (_CUSTOMER, _UUID, _CONTRACT, _SERIAL)


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """A customer.

    Args:
        databases: digests of UUID and contract of each pair that is declared for a box of his; `None` for what is not.
        unread: some of it cannot be decrypted here, so that it cannot be compared.
        boxes: all of his in the inventory.
    """

    name: str
    databases: frozenset[tuple[str | None, str | None]] = frozenset()
    unread: bool = False
    boxes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnedBoxes:
    """Whose the boxes of an inventory are.

    Args:
        customers: by name.
        serials: box by serial number.
    """

    customers: Mapping[str, KnownCustomer]
    serials: Mapping[str, str]


def known_boxes(declared: Declarations, salt: bytes) -> OwnedBoxes:
    """Read whose boxes are.

    Args:
        salt: of the digests of contracts, of this run.
    """
    databases: dict[str, set[tuple[str | None, str | None]]] = {}
    boxes: dict[str, list[str]] = {}
    unread: set[str] = set()
    serials: dict[str, str] = {}
    for host, values in declared.of_every_host(_ASKED).items():
        if (serial := _text(values.get(_SERIAL))) is not None:
            serials[plain_serial(serial)] = host
        customer = _text(values.get(_CUSTOMER))
        if customer is None:
            continue
        boxes.setdefault(customer, []).append(host)
        there = databases.setdefault(customer, set())
        uuid, contract = _text(values.get(_UUID)), _text(values.get(_CONTRACT))
        if any(name in values and not values[name].is_read for name in (_UUID, _CONTRACT)):
            unread.add(customer)
        elif uuid is not None or contract is not None:
            there.add(
                (
                    None if uuid is None else database_digest(Secret(uuid)),
                    None if contract is None else contract_digest(Secret(contract), salt),
                )
            )
    customers = {
        name: KnownCustomer(name, frozenset(pairs), name in unread, tuple(boxes[name]))
        for name, pairs in sorted(databases.items())
    }
    return OwnedBoxes(customers, serials)


def _text(declaration: Declaration | None) -> str | None:
    return declaration.value if declaration is not None and isinstance(declaration.value, str) else None
