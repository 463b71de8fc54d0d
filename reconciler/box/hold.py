"""Hold Odoo still while its files are exchanged, but only when it is not writing them itself.

Its renewal writes four files one after the other. Stopped in the middle of that, the pairs do not belong together:
then it may run on for a moment and is stopped again.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..model.observed import Pair, PairProblem
from . import odoo
from .certificates import observe_pair
from .context import Box
from .store_files import StoreFiles

_ATTEMPTS = 20
_PAUSE = 0.5
"""Seconds. Its renewal takes under 1 s, and 3 s more before it restarts nginx."""


@dataclass(slots=True)
class Hold:
    """The one process that this run may have stopped."""

    box: Box
    pid: int | None = None

    def take(self) -> None:
        """Stop Odoo at a moment when its files are whole; nothing happens where it does not run.

        Raises:
            OSError: the timer that would wake it could not be set.
        """
        if self.pid is not None:
            return
        pid = odoo.process(self.box.system)
        if pid is None:
            return
        was_broken = self._halves()
        for _ in range(_ATTEMPTS):
            odoo.hold(self.box.system, pid)
            self.pid = pid
            # what was broken before Odoo was stopped is not a write in progress
            if not self._halves() - was_broken:
                return
            self.release()
            self.box.system.sleep(_PAUSE)
        raise OSError(0, "Odoo kept writing its files for 10 s; nothing was changed")

    def release(self) -> None:
        """Let it run on; nothing happens where it is not held."""
        if self.pid is not None:
            odoo.release(self.box.system, self.pid)
            self.pid = None

    def give_up(self) -> None:
        """Somebody else restarts it now; only the timer is taken back."""
        if self.pid is not None:
            odoo.cancel_timer(self.box.system)
            self.pid = None

    def _halves(self) -> frozenset[str]:
        box = self.box
        broken = {tree.name for tree in box.trees if _half(observe_pair(box.system, tree, b"", "box"))}
        store = StoreFiles(box.system, box.layout).observe()
        return frozenset(broken | ({"store"} if store.malformed or store.unreadable else set()))


def _half(pair: Pair) -> bool:
    return pair.problem in (
        PairProblem.KEY_MISMATCH,
        PairProblem.CERTIFICATE_MALFORMED,
        PairProblem.KEY_MALFORMED,
    )
