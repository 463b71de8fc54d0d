"""What the routes need of the machine below them, Linux box or Windows one."""

from __future__ import annotations

from typing import Protocol

from ..machine.odoo import Odoo
from ..machine.vendor import Vendor


class HostSpec(Protocol):
    """What tells one box from another."""

    @property
    def address(self) -> str:
        """Its IPv4 address."""

    @property
    def serial(self) -> str:
        """Its serial number; on Windows the UUID of the computer."""

    @property
    def mac(self) -> str:
        """Its hardware address."""


class Host(Protocol):
    """A machine with the vendor's program on it."""

    @property
    def spec(self) -> HostSpec:
        """Which one it is."""

    @property
    def odoo(self) -> Odoo:
        """The process."""

    @property
    def vendor(self) -> Vendor:
        """What the process writes."""

    @property
    def booted_at(self) -> float:
        """Seconds on its monotonic clock at its last boot."""

    def reboot(self) -> None:
        """Shut down in good order and start again."""
