"""Does the thread live that renews the certificate and reports to the database? The pages go on without it.

What lives is asked first: the log of older branches names no start, goes on after it, is cut, and is written by others.
So the log is a witness only of the process that runs now, and where it has nothing to say the threads are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Final

from ...machine.processes import TICKS, started
from ...machine.system import Files, ProcessId, System
from ...model.generation import Generation
from ...model.observed import Layout
from .log_lines import LOG, parse, plain
from .odoo import log_since_start, process, start_mark

TAIL: Final = 1 << 22
"""Bytes of the log. A box that waits two hours to be paired logs half of that."""
_BLOCK: Final = 1 << 16
"""Characters that belong to one traceback, at most: chained ones, with a prefix for each line, need 20 Ki."""
_NEARBY: Final = 1 << 14
"""Characters around a line without a time in which one with a time is looked for."""
_MOST_BLOCKS: Final = 512
_MOST_THREADS: Final = 256
_START: Final = re.compile(r"odoo: Odoo version |Initiating server reload")
_END_OF_THREAD: Final = re.compile(r"Exception in thread\b")
_IN_MANAGER: Final = re.compile(r'\b(?:hw|iot)_drivers/main\.py", line \d+, in run\b')
_ERROR: Final = re.compile(r"^(?:\w+\.)*\w*(?:Error|Exception|Expired|Exit|Interrupt)\b", re.MULTILINE)
_LONGEST_ERROR: Final = 80
_SETTLED: Final = 60.0
"""Seconds after the first thread beside the main one, by which the manager's thread was there if it ever was."""
_LASTING: Final = 30.0
"""Seconds after that first thread in which what stays begins; what begins later may be a request."""
_NO_REQUEST: Final = 180.0
"""Seconds. A till holds a request open for 50."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """How many threads the program of a branch has, the main one counted.

    Args:
        dead: at most so many where the manager has died.
        alive: at least so many from its start on where it lives, `None` where nobody counted.
    """

    dead: int
    alive: int | None = None


ANY_BRANCH: Final = Crew(dead=2)
"""Main thread and web server; the manager would be the third."""
CREWS: Final[dict[tuple[str, Generation], Crew]] = {("17.0", Generation.CACHED): Crew(dead=3, alive=5)}
"""As counted on running boxes without devices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threads:
    """Those of the process, beside the main one. `ages`: in seconds, the oldest first."""

    ages: tuple[float, ...] = ()

    @property
    def number(self) -> int:
        """All of them and the main one."""
        return 1 + len(self.ages)

    @property
    def settled(self) -> bool:
        """Whether the manager's thread would be among them if it lived."""
        return bool(self.ages) and self.ages[0] >= _SETTLED

    @property
    def lasting(self) -> int | None:
        """Those that were there from the start on, and the main one; `None` where requests may be among them."""
        if not self.ages or self.ages[0] < _NO_REQUEST + _LASTING:
            return None
        return 1 + sum(age >= self.ages[0] - _LASTING for age in self.ages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """The end of a manager as the log tells it.

    Args:
        error: kind of the exception, such as `KeyError`.
        certain: it was the manager of the process that runs now; else the log does not say when it was.
    """

    error: str = ""
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Manager:
    """What came of it.

    Args:
        dead: it is.
        error: kind of the exception that ended it, where the log has it.
        threads: how many the process has, where nothing else tells.
    """

    dead: bool = False
    error: str | None = None
    threads: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The end of the log.

    Args:
        written: when it was last written, in seconds since the epoch.
        whole: all of it was written since the present start.
        zone: of the box; the program writes this time or UTC.
    """

    text: str
    written: float
    whole: bool = False
    zone: tzinfo = UTC


def look(system: System, layout: Layout) -> Manager:
    """Judge the manager of the process that runs; without a process there is none to judge."""
    found = process(system, layout.service_user)
    threads = Threads() if found is None else threads_of(system, found.id)
    log = _read(system)
    death = None if log is None else told(log, start_mark(system))
    return verdict(CREWS.get((layout.branch or "", layout.generation), ANY_BRANCH), threads, death)


def verdict(crew: Crew, threads: Threads, death: Death | None) -> Manager:
    """Decide, pure. What the log says of the present process for certain stands above any number of threads."""
    if death is not None and death.certain:
        return Manager(dead=True, error=death.error or None)
    if threads.settled and (few := min(threads.number, threads.lasting or threads.number)) <= crew.dead:
        return Manager(dead=True, error=(death and death.error) or None, threads=few)
    lives = crew.alive is not None and threads.lasting is not None and threads.lasting >= crew.alive
    if death is None or lives:
        return Manager()
    return Manager(dead=True, error=death.error or None)


def told(log: Log, start: float | None) -> Death | None:
    """Return the last end of a manager that the log does not place before the present start.

    Args:
        start: time of the present start, in seconds since the epoch; `None` where it is not known.
    """
    dated = _Dated(plain(log.text), log)
    begins = [found.end() for found in _START.finditer(dated.text)]
    for place, block in _ends(dated.text, begins[-1] if begins else 0):
        since = True if log.whole else dated.is_after(place, start)
        if since is False:
            return None
        return Death(error=_kind(block), certain=since or bool(begins))
    return None


def threads_of(files: Files, found: ProcessId) -> Threads:
    """Read how old the threads of a process are; none where that cannot be read."""
    try:
        now = float(files.read("/proc/uptime", 256).split()[0])
        names = files.list(f"/proc/{found.pid}/task")[:_MOST_THREADS]
    except (OSError, ValueError, IndexError):
        return Threads()
    others = (name for name in names if name != str(found.pid))
    begun = (_started(files, f"/proc/{found.pid}/task/{name}/stat") for name in others)
    return Threads(ages=tuple(sorted((now - each for each in begun if each is not None), reverse=True)))


def _started(files: Files, path: str) -> float | None:
    try:
        return started(files.read(path, 4096)) / TICKS
    except (OSError, ValueError, IndexError):
        return None  # it has ended meanwhile


def _read(system: System) -> Log | None:
    try:
        tail = system.read_end(LOG, TAIL)
        status = system.status(LOG, follow=True)
    except OSError:
        return None
    since = log_since_start(system, status.size)
    if since is not None:
        tail = tail[max(0, len(tail) - since) :]
    text, zone = tail.decode("utf-8", errors="replace"), system.now().tzinfo or UTC
    return Log(text=text, written=status.mtime, whole=since is not None, zone=zone)


def _ends(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Give the ends of managers, the newest first: where each begins, and what is told of it."""
    places = [found.start() for found in _END_OF_THREAD.finditer(text, start)][-_MOST_BLOCKS:]
    until = len(text)
    for place in reversed(places):
        block = text[place : min(until, place + _BLOCK)]
        if _IN_MANAGER.search(block):
            yield place, block
        until = place


def _kind(block: str) -> str:
    """Return the kind of the exception: what the last line names that names one."""
    words = "\n".join(parse(line).words for line in block.splitlines())
    found = _ERROR.findall(words)
    return str(found[-1]).rpartition(".")[2][:_LONGEST_ERROR] if found else ""


class _Dated:
    """The text of a log, and when what stands in it was written."""

    def __init__(self, text: str, log: Log) -> None:
        self.text = text
        self._written = log.written
        self._zone = self._closest(UTC, log.zone)

    def is_after(self, place: int, start: float | None) -> bool | None:
        """Tell whether what stands at a place was written after the start; `None` where that cannot be told."""
        if start is None:
            return None
        if self._written < start:
            return False
        own = self._first([self.text[self.text.rfind("\n", 0, place) + 1 : place + 1]])
        before = own or self._first(reversed(self.text[max(0, place - _NEARBY) : place].splitlines()))
        after = own or self._first(self.text[place : place + _NEARBY].splitlines())
        if before is not None and before >= start:
            return True
        return False if after is not None and after < start else None

    def _first(self, lines: Iterable[str]) -> float | None:
        at = next((at for line in lines if (at := parse(line).at) is not None), None)
        return None if at is None else at.replace(tzinfo=self._zone).timestamp()

    def _closest(self, *zones: tzinfo) -> tzinfo:
        """Return in which time the log is written: the one in which its last line comes closest to its last write."""
        lines = reversed(self.text[-_NEARBY:].splitlines())
        last = next((at for line in lines if (at := parse(line).at) is not None), None)
        if last is None:
            return zones[0]
        return min(zones, key=lambda zone: abs(last.replace(tzinfo=zone).timestamp() - self._written))
