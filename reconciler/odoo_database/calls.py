"""What a database is asked, whatever the protocol: two calls, both only reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of the records is wanted, in the order of their ids."""

    offset: int
    limit: int


class OdooApi(Protocol):
    """The calls.

    Each raises `OdooUnreachable` where no answer of Odoo's came, and `OdooRefused` where Odoo said no; what came is of
    any type until somebody has looked.
    """

    def fields_of(self, model: str) -> object:
        """Return which fields a model has, as `fields_get` tells them."""

    def records(self, model: str, domain: Sequence[object], fields: Sequence[str], page: Page) -> object:
        """Return records, as `search_read` tells them."""
