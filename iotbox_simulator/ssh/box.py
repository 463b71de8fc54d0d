"""One box with an SSH server: where it is, which key it shows and what is wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import asyncssh

from ..live import LiveBox
from . import accounts
from .access import Access
from .faults import SshFault
from .listener import Listener

KEY_TYPE = "ssh-ed25519"
"""Made in 0.1 ms, and quick in a handshake."""


def new_key() -> asyncssh.SSHKey:
    """Make a host key."""
    return asyncssh.generate_private_key(KEY_TYPE)


@dataclass(slots=True)
class SshBox:
    """Made by `SshHost.open`.

    Args:
        host_key: the private key by which the box is known.
        slow_seconds: how long `SshFault.SLOW` holds an answer back.
        killed_at: number of the change before which `SshFault.PROGRAM_KILLED` strikes, counted from 1.
    """

    live: LiveBox
    access: Access
    listener: Listener
    host_key: asyncssh.SSHKey = field(default_factory=new_key)
    slow_seconds: float = 30.0
    killed_at: int = 10
    _faults: frozenset[SshFault] = frozenset()
    _other_key: asyncssh.SSHKey | None = None

    @property
    def name(self) -> str:
        """What the box is called."""
        return self.live.name

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens, or would."""
        return self.listener.where

    @property
    def known_hosts_line(self) -> str:
        """What a control machine that knows the box has in its `known_hosts`, also after the key has changed."""
        return f"{self.name} {self.host_key.export_public_key().decode().strip()}\n"

    @property
    def shown_key(self) -> asyncssh.SSHKey:
        """The host key that is presented now."""
        if not self.has(SshFault.HOST_KEY_CHANGED):
            return self.host_key
        if self._other_key is None:
            self._other_key = new_key()
        return self._other_key

    @property
    def faults(self) -> frozenset[SshFault]:
        """What is switched on."""
        return self._faults

    def has(self, fault: SshFault) -> bool:
        """Tell whether a fault is switched on."""
        return fault in self._faults

    async def reads_key(self, user: str, key: asyncssh.SSHKey) -> bool:
        """Tell whether sshd finds a key in the user's file on the box."""
        return await asyncio.to_thread(accounts.admits_key, self.live, user, key)

    async def takes(self, user: str, password: str) -> bool:
        """Tell whether this is the user's password on the box now."""
        return await asyncio.to_thread(accounts.admits_password, self.live, user, password)

    def switch_on(self, fault: SshFault | str) -> None:
        """Let the box have a fault from now on; connections that there are already stay.

        Raises:
            ValueError: there is no fault of that name.
        """
        self._change(self._faults.union, SshFault(fault), self.listener.refuse)

    def switch_off(self, fault: SshFault | str) -> None:
        """Take a fault away.

        Raises:
            ValueError: there is no fault of that name.
        """
        self._change(self._faults.difference, SshFault(fault), self.listener.listen)

    def _change(
        self,
        changed: Callable[[set[SshFault]], frozenset[SshFault]],
        fault: SshFault,
        move: Callable[[], None],
    ) -> None:
        faults = changed({fault})
        if fault is SshFault.NOT_LISTENING and faults != self._faults:
            move()
        self._faults = faults
