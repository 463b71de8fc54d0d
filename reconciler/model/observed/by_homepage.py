"""What the pages of a box let somebody do who has no other way to it."""

from __future__ import annotations

from dataclasses import dataclass

from ..statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHomepage:
    """One box that is reached by its homepage alone.

    Args:
        restarts: one of its routes restarts Odoo.
        asks_at_start_only: its own software asks for a certificate when it starts, and no route makes it ask.
        unverified: its own software asks without verifying TLS and writes its files in place (up to 18.0).
        status_error: why the page that says which box it is, and to what it is linked, could not be read.
    """

    restarts: bool = True
    asks_at_start_only: bool = False
    unverified: bool = False
    status_error: Statement | None = None
