"""Hold Odoo still while its files are exchanged, but only when it is not writing them itself.

Its renewal writes four files one after the other. Stopped in the middle of that, the pairs do not belong together:
then it may run on for a moment and is stopped again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ..model.observed import Pair, PairProblem
from . import odoo
from .certificates import read_pair
from .context import Box
from .paths import CERTIFICATE, KEY
from .reason import reason
from .store_files import StoreFiles

_ATTEMPTS = 20
_PAUSE = 0.5
"""Seconds. Its renewal takes under 1 s, and 3 s more before it restarts nginx."""
_RECENT_SECONDS = 5.0
"""More than there is between two of its writes, on the slowest card."""
_LASTS_SECONDS = 20.0
"""After that it is held anew before the next repair: the timer that wakes it was set for 60 s."""


@dataclass(slots=True)
class Hold:
    """The one process that this run may have stopped; `problems` are what could not be put in order again."""

    box: Box
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
        for _ in range(_ATTEMPTS):
            if not odoo.hold(self.box.system, pid):
                return
            self.pid, self._since = pid, self.box.system.monotonic()
            if not self._is_writing():
                return
            self.release()
            self.box.system.sleep(_PAUSE)
        raise OSError(0, "Odoo kept writing its files for 10 s; nothing was changed")

    def release(self) -> None:
        """Let it run on; nothing happens where it is not held."""
        self._let_go(lambda pid: odoo.release(self.box.system, pid))

    def give_up(self) -> None:
        """Somebody else restarts it now; only the timer is taken back."""
        self._let_go(lambda _: odoo.cancel_timer(self.box.system))

    def _lasts(self) -> bool:
        """Say whether it is held, and the timer that wakes it leaves enough time for one more repair."""
        system = self.box.system
        if self.pid is None or system.monotonic() - self._since > _LASTS_SECONDS:
            return False
        return odoo.stopped(system, self.pid)

    def _let_go(self, act: Callable[[int], None]) -> None:
        pid, self.pid = self.pid, None
        if pid is None:
            return
        try:
            act(pid)
        except OSError as error:
            self.problems.append(f"the timer that wakes Odoo could not be taken back: {reason(error)}")

    def _is_writing(self) -> bool:
        """Say whether files are half written; what has been like that for a while is broken, and no write of Odoo's."""
        box = self.box
        for tree in box.trees:
            if _half(read_pair(box.system, tree)) and self._any_is_recent(
                tree.path(path) for path in (CERTIFICATE, KEY)
            ):
                return True
        files = StoreFiles(box.system, box.layout)
        store = files.observe()
        return bool(store.malformed or store.unreadable) and self._any_is_recent(files.paths)

    def _any_is_recent(self, paths: Iterable[str]) -> bool:
        now = self.box.system.now().timestamp()
        return any(0 <= now - written < _RECENT_SECONDS for written in map(self._written_at, paths))

    def _written_at(self, path: str) -> float:
        try:
            return self.box.system.status(path, follow=True).mtime
        except OSError:
            return 0.0


def _half(pair: Pair) -> bool:
    return pair.problem in (
        PairProblem.KEY_MISMATCH,
        PairProblem.CERTIFICATE_MALFORMED,
        PairProblem.KEY_MALFORMED,
    )
