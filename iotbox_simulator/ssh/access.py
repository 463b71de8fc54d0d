"""Who may log in to a simulated box, and become root there."""

from __future__ import annotations

from dataclasses import dataclass

import asyncssh

from reconciler.model.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One account of a box; everybody else is refused. Boxes may share one object.

    Args:
        keys: public keys of those who may log in.
        password: also lets in, where it is set.
        sudo_password: what `sudo` asks for where it asks at all, see `SshFault.SUDO_PASSWORD`.
    """

    user: str = "pi"
    keys: tuple[asyncssh.SSHKey, ...] = ()
    password: Secret | None = None
    sudo_password: Secret | None = None

    def admits_key(self, user: str, key: asyncssh.SSHKey) -> bool:
        """Tell whether somebody who holds this key may log in."""
        return user == self.user and any(key.public_data == each.public_data for each in self.keys)

    def admits_password(self, user: str, password: str) -> bool:
        """Tell whether somebody who knows this password may log in."""
        return user == self.user and self.password == Secret(password)
