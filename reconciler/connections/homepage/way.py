"""One box as this door has it: its pages, its HTTPS port, and the time."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from ...homepage.session import Homepage
from ...model.observed import Identity
from .clock import TimeLeft, Timing
from .presented import HttpsShown

LONGEST_REQUEST: Final = 20.0
"""Seconds: some of a box's pages ask www.odoo.com before they answer."""
_LEAST: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesOfBox:
    """A box that is reached by its homepage alone.

    Args:
        client: asks its routes.
        present: shakes hands with its HTTPS port, asking for the box by this first label of its name.
        left: what is left of the visit, by which each request is bounded.
        prove: has its pages encrypted from now on, by the name that it has proved; says whether that came about.
    """

    client: Homepage
    present: Callable[[str], HttpsShown]
    prove: Callable[[str], bool]
    timing: Timing = field(default_factory=Timing)
    left: TimeLeft | None = None

    @property
    def page(self) -> Homepage:
        """Its routes, each request bounded by what is left."""
        if self.left is not None:
            self.client.seconds = max(_LEAST, min(LONGEST_REQUEST, self.left.seconds))
        return self.client

    @property
    def address(self) -> str | None:
        """The IPv4 address by which it is reached, where it is one."""
        try:
            return str(ipaddress.IPv4Address(self.client.address))
        except ValueError:
            return None

    @property
    def host(self) -> str:
        """First label of its name, as far as it is known from the way to it."""
        return Identity(address=self.address).host
