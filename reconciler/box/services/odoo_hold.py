"""Hold Odoo still while its files are exchanged, but only when it is not writing them itself.

Its renewal writes four files one after the other. Stopped in the middle of that, the pairs do not belong together:
then it may run on for a moment and is stopped again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...machine.processes import Process
from ...machine.reason import Unable
from ...machine.system import ProcessId
from ...model.observed import Pair, PairProblem
from ...model.statement import Statement, say
from ..context import Box
from ..pair.reading import read_pair
from ..paths import CERTIFICATE, KEY
from ..store.files import StoreFiles
from . import odoo

_ATTEMPTS = 20
_PAUSE = 0.5
"""Seconds. Its renewal takes under 1 s, and 3 s more before it restarts nginx."""
_RECENT_SECONDS = 5.0
"""More than there is between two of its writes, on the slowest card."""
_LASTS_SECONDS = 20.0
"""After that it is held anew before the next repair: the timer that wakes it was set for 60 s."""


@dataclass(slots=True)
class Hold:
    """The one process that this run may have stopped; `problems` are what could not be put in order again.

    It is noted before it is stopped, and forgotten after it runs again; in between, being told to end waits. So there
    is no moment at which an error or a signal would leave Odoo stopped.
    """

    box: Box
    process: ProcessId | None = None
    problems: list[Statement] = field(default_factory=list)
    _since: float = 0.0

    def take(self) -> None:
        """Stop Odoo at a moment when its files are whole; nothing happens where it does not run.

        Raises:
            OSError: the timer that would wake it could not be set.
        """
        if self._lasts():
            return
        self.release()
        found = self._find()
        if found is None:
            return
        for _ in range(_ATTEMPTS):
            if not self._stop(found) or not self._is_writing():
                return
            self.release()
            self.box.system.sleep(_PAUSE)
        raise Unable(say("odoo_keeps_writing", seconds=_ATTEMPTS * _PAUSE))

    def adopt(self) -> ProcessId | None:
        """Take over a process that an earlier run left stopped; return which."""
        found = self._find()
        if found is None:
            return None
        self._note(found)
        return found.id

    def release(self) -> None:
        """Let it run on; nothing happens where it is not held.

        Raises:
            Stopped: somebody told us to end meanwhile.
        """
        if self.process is not None:
            self.problems += odoo.release(self.box.system, self.process)
            self.process = None
        self.box.system.accept_end()

    def _find(self) -> Process | None:
        return odoo.process(self.box.system, self.box.layout.service_user)

    def _note(self, found: Process) -> None:
        self.box.system.put_off_end()
        self.process = found.id

    def _stop(self, found: Process) -> bool:
        """Stop it; whatever goes wrong, it is let go at once."""
        self._note(found)
        is_held = False
        try:
            self._since = self.box.system.monotonic()
            is_held = odoo.hold(self.box.system, found)
        finally:
            if not is_held:
                self.release()
        return is_held

    def _lasts(self) -> bool:
        """Say whether it is held, and the timer that wakes it leaves enough time for one more repair."""
        if self.process is None or self.box.system.monotonic() - self._since > _LASTS_SECONDS:
            return False
        found = self._find()
        return found is not None and found.id == self.process and found.stopped

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
