"""What the inventory plugin `odoo` and the reader of an inventory tell each other: data, never a sentence.

Ansible loads the plugin with a copy of this package of its own, so nothing here goes by the identity of a class.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ansible.errors import AnsibleParserError

from ..model.names import printable_name
from ..model.plain import to_plain
from ..model.secret import redact
from ..model.target import Invalid

_LINES: Final = "odoo_lines"
_VARIABLE: Final = "odoo_database"
"""Of a customer's group: which database its hosts come from, and what of it is no host."""
_MOST: Final = 1000
"""Rows of one database that are told of."""


class OdooNotRead(AnsibleParserError):  # type: ignore[misc]  # Ansible has no types
    """No database of a file could be read, or the file is wrong: one line for each reason, without secrets."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.odoo_lines = lines


def told(failures: Iterable[BaseException], source: str) -> tuple[str, ...]:
    """Return the lines of the plugin about a source, if it is what failed there."""
    found = (getattr(failure, _LINES, ()) for failure in failures)
    return tuple(f"{source}: {redact(str(line))}" for lines in found if isinstance(lines, tuple) for line in lines)


def left_out(groups: Iterable[Any], customers: frozenset[str | None] | None) -> tuple[Invalid, ...]:
    """Return what customers have in Odoo and what is no host, as entries that cannot be used.

    Args:
        groups: Ansible's groups.
        customers: of the boxes that are worked on; `None` for all.
    """
    rows = (row for group in groups for row in _rows(to_plain(group.vars.get(_VARIABLE))))
    return tuple(row for row in rows if customers is None or row.customer in customers)


def _rows(said: object) -> Iterable[Invalid]:
    if not isinstance(said, Mapping) or not isinstance(said.get("left_out"), list):
        return
    customer = said.get("customer")
    for row in said["left_out"][:_MOST]:
        if isinstance(row, Mapping):
            store = row.get("store")
            yield Invalid(
                name=printable_name(str(row.get("name"))),
                problems=(redact(str(row.get("problem"))),),
                customer=customer if isinstance(customer, str) else None,
                store=store if isinstance(store, str) else None,
            )
