"""Put what is known of databases into an inventory: hosts in the group of their customer, and nothing in any other's.

What somebody else has declared is never replaced: neither a host of that name, nor a variable of the group.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final, Protocol

from ..model.names import group_name, shown
from .entries import HostEntry, LeftOut, OdooEntries, entries
from .gathering import Gathered
from .reading import OdooContent
from .settings import OdooSettings, customer_word

LEFT_OUT: Final = "odoo_database"
"""Variable of a customer's group: where its hosts come from, and what is in Odoo and is no host."""
_MOST_NAMED: Final = 3


class Filled(Protocol):
    """The part of Ansible's inventory that is needed."""

    hosts: Any
    groups: Any

    def add_group(self, group: str) -> str:
        """Add a group, if it is not there."""

    def add_host(self, host: str, group: str | None = None) -> str:
        """Add a host to a group."""

    def add_child(self, group: str, child: str) -> bool:
        """Put a group or host below a group."""

    def set_variable(self, entity: str, varname: str, value: Any) -> None:
        """Set a variable of a group or host."""


def fill(inventory: Filled, known: Gathered, secret: Callable[[OdooContent], Mapping[str, Any]]) -> tuple[str, ...]:
    """Add what is known of one database, and return what a person should know, a line each.

    Args:
        secret: makes variables of what is secret in a database.
    """
    settings = known.settings
    group = inventory.add_group(group_name("customer", settings.customer))
    if LEFT_OUT in inventory.groups[group].vars:
        return (_said(settings, _line(_second(inventory, group, settings))),)
    made = _entries(known)
    if (problem := _taken(inventory, made)) is not None:
        made = _nothing(settings, problem)
    _fill_group(inventory, group, settings, made, secret(known.content) if known.content and made.hosts else {})
    for host in made.hosts:
        _fill_host(inventory, group, host, settings)
    lines = (*((known.warning,) if known.warning else ()), *made.notes, *map(_line, made.left_out))
    return tuple(_said(settings, each) for each in lines)


def _second(inventory: Filled, group: str, settings: OdooSettings) -> LeftOut:
    """Note that a customer has two databases, of which the first was taken: its group can name one only."""
    before = dict(inventory.groups[group].vars[LEFT_OUT])
    problem = f"{settings.url} is left out, the customer has another database here: give each a customer of its own"
    row = LeftOut(name=f"odoo:{customer_word(settings.customer)}:second", store=None, problem=problem)
    inventory.set_variable(group, LEFT_OUT, {**before, "left_out": [*before["left_out"], asdict(row)]})
    return row


def _entries(known: Gathered) -> OdooEntries:
    if known.content is None:
        return _nothing(known.settings, known.problem or "")
    return entries(known.settings, known.content)


def _nothing(settings: OdooSettings, problem: str) -> OdooEntries:
    """Return that a database gives no host, in place of which stands one line."""
    row = LeftOut(name=f"odoo:{customer_word(settings.customer)}", store=None, problem=problem)
    return OdooEntries(hosts=(), left_out=(row,), notes=())


def _taken(inventory: Filled, made: OdooEntries) -> str | None:
    """Say which of its hosts are another's already: then nobody knows which is meant, and it gives none."""
    names = [each.name for each in made.hosts if each.name in inventory.hosts or each.name in inventory.groups]
    if not names:
        return None
    told = ", ".join(map(shown, names[:_MOST_NAMED])) + (" and more" if len(names) > _MOST_NAMED else "")
    return f"no host is taken from Odoo, since the inventory has another one called {told}: set another host_prefix"


def _fill_group(
    inventory: Filled, group: str, settings: OdooSettings, made: OdooEntries, secrets: Mapping[str, Any]
) -> None:
    variables = {"iot_https_customer": settings.customer, "iot_https_server_url": settings.server_url, **secrets}
    declared = inventory.groups[group].vars
    for name, value in variables.items():
        if made.hosts and name not in declared:
            inventory.set_variable(group, name, value)
    rows = [asdict(each) for each in made.left_out]
    inventory.set_variable(group, LEFT_OUT, {"url": settings.url, "customer": settings.customer, "left_out": rows})


def _fill_host(inventory: Filled, group: str, host: HostEntry, settings: OdooSettings) -> None:
    inventory.add_host(host.name, group=group)
    if host.store is not None:
        store = inventory.add_group(group_name("store", settings.customer, host.store))
        inventory.add_child(group, store)
        inventory.add_child(store, host.name)
    for name, value in host.variables.items():
        inventory.set_variable(host.name, name, value)


def _line(row: LeftOut) -> str:
    return f"{shown(row.name)}: {row.problem}"


def _said(settings: OdooSettings, line: str) -> str:
    return f"Odoo of {settings.customer}: {line}"
