"""Between a client and the standard input of a command: what is a module of Ansible waits here until it is whole."""

from __future__ import annotations

from dataclasses import dataclass, field

from .ansiballz import MARK, Payload, read

_MOST = 32 << 20
"""Bytes that are held back; more is no module of ours."""


@dataclass(slots=True)
class PipeGate:
    """Lets through what is typed, such as a password, at once.

    Args:
        is_open: nothing is held back.
        held: from the beginning of a module on.
        taken: the module, where it is the role's and goes no further.
    """

    is_open: bool = False
    held: bytearray = field(default_factory=bytearray)
    taken: Payload | None = None

    def through(self, piece: bytes) -> bytes:
        """Take a piece of input and return what may go on."""
        if self.is_open:
            return piece
        self.held += piece
        if len(self.held) > _MOST:
            self.is_open = True
            return self.rest()
        start = self.held.find(MARK)
        free = start if start >= 0 else len(self.held) - self._beginning()
        passed = bytes(self.held[:free])
        del self.held[:free]
        return passed

    def close(self) -> None:
        """Note that all has come."""
        self.taken = read(bytes(self.held)) if self.held else None

    def rest(self) -> bytes:
        """Give up what was held back."""
        rest = bytes(self.held)
        self.held.clear()
        return rest

    def _beginning(self) -> int:
        """Return how many bytes at the end may be the beginning of a mark."""
        lengths = range(min(len(MARK) - 1, len(self.held)), 0, -1)
        return next((length for length in lengths if self.held.endswith(MARK[:length])), 0)
