"""One box as this door has it: its pages, its HTTPS port, and the time."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field

from ...homepage.session import Homepage
from ...model.observed import Identity
from .clock import Timing
from .presented import HttpsShown


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesOfBox:
    """A box that is reached by its homepage alone.

    Args:
        page: asks its routes.
        present: shakes hands with its HTTPS port, asking for the box by this first label of its name.
        prove: has its pages encrypted from now on, by the name that it has proved; says whether that came about.
    """

    page: Homepage
    present: Callable[[str], HttpsShown]
    prove: Callable[[str], bool]
    timing: Timing = field(default_factory=Timing)

    @property
    def address(self) -> str | None:
        """The IPv4 address by which it is reached, where it is one."""
        try:
            return str(ipaddress.IPv4Address(self.page.address))
        except ValueError:
            return None

    @property
    def host(self) -> str:
        """First label of its name, as far as it is known from the way to it."""
        return Identity(address=self.address).host
