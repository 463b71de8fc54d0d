"""Hold Odoo still while its files are exchanged, but only when it is not writing them itself.

Its renewal writes four files one after the other. Stopped in the middle of that, the pairs do not belong together:
then it may run on for a moment and is stopped again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..model.observed import Observed, Pair, PairProblem, Store
from . import odoo
from .certificates import observe_pair
from .context import Box
from .reason import reason
from .store_files import StoreFiles

_ATTEMPTS = 20
_PAUSE = 0.5
"""Seconds. Its renewal takes under 1 s, and 3 s more before it restarts nginx."""
_LASTS_SECONDS = 20.0
"""After that it is held anew before the next repair: the timer that wakes it was set for 60 s."""


@dataclass(slots=True)
class Hold:
    """The one process that this run may have stopped.

    Args:
        observed: the first look. What was broken then is no write in progress.
        problems: what could not be put in order again.
    """

    box: Box
    observed: Observed
    pid: int | None = None
    problems: list[str] = field(default_factory=list)
    _since: float = 0.0

    def take(self) -> None:
        """Stop Odoo at a moment when its files are whole; nothing happens where it does not run.

        Raises:
            OSError: the timer that would wake it could not be set.
        """
        if self._lasts():
            return
        self.release()
        pid = odoo.process(self.box.system)
        if pid is None:
            return
        was_broken = self._broken_at_first()
        for _ in range(_ATTEMPTS):
            if not odoo.hold(self.box.system, pid):
                return
            self.pid, self._since = pid, self.box.system.monotonic()
            if not self._halves() - was_broken:
                return
            self.release()
            self.box.system.sleep(_PAUSE)
        raise OSError(0, "Odoo kept writing its files for 10 s; nothing was changed")

    def release(self) -> None:
        """Let it run on; nothing happens where it is not held."""
        if self.pid is not None:
            self._put_in_order(lambda pid: odoo.release(self.box.system, pid))

    def give_up(self) -> None:
        """Somebody else restarts it now; only the timer is taken back."""
        if self.pid is not None:
            self._put_in_order(lambda _: odoo.cancel_timer(self.box.system))

    def _lasts(self) -> bool:
        """Say whether it is held, and the timer that wakes it leaves enough time for one more repair."""
        system = self.box.system
        if self.pid is None or system.monotonic() - self._since > _LASTS_SECONDS:
            return False
        return odoo.stopped(system, self.pid)

    def _put_in_order(self, act: Callable[[int], None]) -> None:
        pid, self.pid = self.pid, None
        try:
            if pid is not None:
                act(pid)
        except OSError as error:
            self.problems.append(f"the timer that wakes Odoo could not be taken back: {reason(error)}")

    def _halves(self) -> frozenset[str]:
        box = self.box
        pairs = {tree.name: observe_pair(box.system, tree, b"", "box") for tree in box.trees}
        return _broken(pairs, StoreFiles(box.system, box.layout).observe())

    def _broken_at_first(self) -> frozenset[str]:
        seen = self.observed.certificates
        pairs = zip((tree.name for tree in self.box.trees), (seen.live, seen.mirror), strict=False)
        return _broken({name: pair for name, pair in pairs if pair is not None}, self.observed.store)


def _broken(pairs: Mapping[str, Pair], store: Store) -> frozenset[str]:
    broken = {name for name, pair in pairs.items() if _half(pair)}
    return frozenset(broken | ({"store"} if store.malformed or store.unreadable else set()))


def _half(pair: Pair) -> bool:
    return pair.problem in (
        PairProblem.KEY_MISMATCH,
        PairProblem.CERTIFICATE_MALFORMED,
        PairProblem.KEY_MALFORMED,
    )
