"""What a new customer may be called: proposed from the address of its database, which a box has told."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Final

from ..model.names import group_name, label_problem

_COMMON: Final = frozenset({"www", "odoo", "erp", "pos", "shop", "app", "db", "iot", "test", "staging", "prod"})
"""First labels that say what a host does, and not whose it is."""
_LONGEST: Final = 40
_WITHOUT: Final = "customer"


def proposal(host: str, taken: Iterable[str] = ()) -> str:
    """Return a name of letters, digits and dashes that no customer has yet.

    Args:
        host: of the database's address.
        taken: customers that are there.
    """
    groups = {customer_group(each).casefold() for each in taken}
    base = _base(host)
    names = [base, *(f"{base}-{number}" for number in range(2, len(groups) + 3))]
    return next(name for name in names if customer_group(name).casefold() not in groups)


def customer_group(customer: str) -> str:
    """Return the group of a customer."""
    return group_name("customer", customer)


def name_problem(name: str) -> str | None:
    """Return why no customer can be called so, or `None`."""
    if not name or not name.isprintable() or name != name.strip():
        return "is empty, or has spaces around it or control characters"
    if not customer_group(name).isascii():
        return "has letters of which Ansible makes no group: use those of ASCII"
    return label_problem(name)


def _base(host: str) -> str:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        labels = [
            each for each in (re.sub(r"[^a-z0-9-]+", "", part.lower()).strip("-") for part in host.split(".")) if each
        ]
        telling = [each for each in labels[:-1] if each not in _COMMON] or labels[:1]
        return telling[0][:_LONGEST].strip("-") if telling else _WITHOUT
    return f"{_WITHOUT}-{re.sub(r'[^0-9a-f]+', '-', host).strip('-')}"
