"""The time that is left to the program on a box: it must finish or undo before the control machine stops waiting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..model.errors import TemporaryFailure
from ..model.repair import Undertaking
from .system import Machine


class DeadlinePassed(TemporaryFailure):
    """There is not enough time left to begin something that must not be left half done.

    Args:
        what: that was not begun.
        left: seconds.
        needed: seconds that it may take.
    """

    def __init__(self, what: Undertaking, left: float, needed: float) -> None:
        super().__init__(f"{left:.0f} s left, {what} needs up to {needed:.0f} s")
        self.what, self.left, self.needed = what, left, needed


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point on the machine's monotonic clock, in seconds."""

    machine: Machine
    at: float

    @classmethod
    def after(cls, machine: Machine, seconds: float) -> Deadline:
        """Start counting now."""
        return cls(machine, machine.monotonic() + seconds)

    def remaining(self) -> float:
        """Return the seconds left, never below zero."""
        return max(0.0, self.at - self.machine.monotonic())

    def within(self, seconds: float) -> float:
        """Cut a timeout to what is left."""
        return min(seconds, self.remaining())

    def require(self, seconds: float, what: Undertaking) -> None:
        """Refuse to begin `what` with less than `seconds` left.

        Raises:
            DeadlinePassed: and nothing was begun.
        """
        if self.remaining() < seconds:
            raise DeadlinePassed(what, self.remaining(), seconds)

    def poll(self, ready: Callable[[], bool], seconds: float, every: float) -> bool:
        """Ask `ready` every `every` seconds until it is true, at most for `seconds` and what is left."""
        end = self.machine.monotonic() + self.within(seconds)
        while not ready():
            if self.machine.monotonic() + every > end:
                return False
            self.machine.sleep(every)
        return True
