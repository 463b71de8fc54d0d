"""Where `--events` goes: a file, or a pipe whose reader may be late, slow or gone, which holds up nobody here.

A thread opens and writes; the run only puts events into a queue of bounded length, and drops what does not fit.
"""

from __future__ import annotations

import os
import queue
import stat
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from ..report.events import EventWriter
from ..results.events import Event

LONGEST_QUEUE: Final = 10_000
"""Events that wait for a slow reader: those of a run over some three thousand boxes."""
LAST_SECONDS: Final = 2.0
"""How long the end of a run waits for events that are still on their way."""
_KINDS: Final[tuple[tuple[Callable[[int], bool], str], ...]] = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class EventFile:
    """Call it with each event; used by one run.

    Args:
        warn: told once what is lost: a line for a person.
        longest: events that may wait.
    """

    def __init__(self, path: Path, warn: Callable[[str], None], *, longest: int = LONGEST_QUEUE) -> None:
        """Open the file; a pipe is opened when somebody reads it.

        Raises:
            OSError: it cannot be written, or is nothing that events are written to; `strerror` says why.
        """
        self._path = path
        self._warn = warn
        self._waiting: queue.Queue[Event | None] = queue.Queue(longest)
        self._error: OSError | None = None
        self._lost = 0
        self._is_open = False
        descriptor = _opened(path)
        self._thread = threading.Thread(target=self._write, args=(descriptor,), daemon=True, name="events")
        self._thread.start()

    def __call__(self, event: Event) -> None:
        """Pass one event on.

        Raises:
            OSError: an earlier one could not be written.
        """
        if self._error is not None:
            raise self._error
        try:
            self._waiting.put_nowait(event)
        except queue.Full:
            self._lost += 1
            if self._lost == 1:
                self._warn("its reader is too slow; events are dropped")

    def close(self, seconds: float = LAST_SECONDS) -> None:
        """Wait until all is written, not long for a reader that does not read.

        Raises:
            OSError: something could not be written.
        """
        ends = time.monotonic() + seconds
        if self._error is None:
            with suppress(queue.Full):
                self._waiting.put(None, timeout=seconds)
            self._thread.join(max(0.0, ends - time.monotonic()))
        if self._error is not None:
            raise self._error
        if not self._is_open:
            self._warn("nobody reads this pipe; no events were written")
        elif self._thread.is_alive():
            self._warn("its reader does not read on; the last events are not written")
        elif self._lost:
            self._warn(f"events dropped: {self._lost}")

    def _write(self, descriptor: int | None) -> None:
        try:
            if descriptor is None:
                descriptor = os.open(self._path, os.O_WRONLY | os.O_CLOEXEC)  # a pipe: returns when somebody reads it
            self._is_open = True
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                write = EventWriter(stream)
                while (event := self._waiting.get()) is not None:
                    write(event)
        except OSError as error:
            self._error = error


def _opened(path: Path) -> int | None:
    """Return the file, ready to be added to; nothing for a pipe, which can be waited for in a thread only."""
    try:
        there = path.stat()
    except FileNotFoundError:
        there = None
    if there is not None:
        _refuse_others(there)
        if stat.S_ISFIFO(there.st_mode):
            if not os.access(path, os.W_OK):
                raise PermissionError(None, "Permission denied")
            return None
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK, 0o666)


def _refuse_others(there: os.stat_result) -> None:
    for is_so, what in _KINDS:
        if is_so(there.st_mode):
            raise OSError(None, f"it is {what}: name a file or a pipe")
    try:
        output = os.fstat(1)
    except OSError:
        return
    if os.path.samestat(there, output):
        raise OSError(None, "it is standard output, which is for the result: name another file or pipe")
