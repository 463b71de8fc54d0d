"""Which process a pid names: who runs it, from which program, since when.

A pid file says only a number, and some are written by those whom root does not trust. So nothing is believed of a
process but what the kernel says of it, and its start goes wherever its pid goes: pids are given out again.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Final

from .system import Files, ProcessId

_DELETED = " (deleted)"
"""What the kernel adds to the name of a program that was replaced while it runs, by an upgrade for example."""
_LIMIT = 1 << 16
_PID_FILE_LIMIT = 64
_AFTER_NAME = 3
"""In `/proc/PID/stat` the name ends with the last bracket; after it come the state, the third field, and numbers."""
_STARTED = 22
TICKS: Final = 100
"""Of the clock in a second, whatever the kernel was built with (`USER_HZ`)."""


@dataclass(frozen=True, slots=True)
class Process:
    """What the kernel says of one process.

    Args:
        id: names this process, and never another one.
        uids: real, effective, saved, and that of the file system.
        gids: the same of its groups.
        executable: the program's file; empty for a thread of the kernel and for what has ended.
        arguments: of its command line, which it may write itself.
        stopped: a signal stopped it.
        caught: a bit for each signal for which it has a handler.
    """

    id: ProcessId
    uids: tuple[int, ...]
    gids: tuple[int, ...]
    executable: str
    arguments: tuple[str, ...]
    stopped: bool
    caught: int = 0

    def catches(self, number: int) -> bool:
        """Say whether it has a handler for a signal."""
        return bool(self.caught >> number - 1 & 1)

    def runs_as(self, uid: int) -> bool:
        """Say whether it has the rights of this user and of nobody else, so that the user may signal it anyway."""
        return set(self.uids) == {uid}

    @property
    def program(self) -> str:
        """The name of the program's file."""
        return posixpath.basename(self.executable)


def look(files: Files, pid: int) -> Process | None:
    """Return what a pid names, or None when it names no process, or another one by the time it was read."""
    if pid <= 0:
        return None
    try:
        before = _stat(files, pid)
        status = files.read(f"/proc/{pid}/status", _LIMIT)
        executable = _executable(files, pid)
        arguments = files.read(f"/proc/{pid}/cmdline", _LIMIT)
        after = _stat(files, pid)
        if before[1] != after[1] or _numbers(status, b"Tgid") != (pid,):
            return None
        return Process(
            id=ProcessId(pid, after[1]),
            uids=_numbers(status, b"Uid"),
            gids=_numbers(status, b"Gid"),
            executable=executable,
            arguments=tuple(arguments.decode(errors="replace").rstrip("\0").split("\0")),
            stopped=after[0] in (b"T", b"t"),
            caught=_mask(status, b"SigCgt"),
        )
    except (OSError, ValueError, IndexError):
        return None


def pid_in(files: Files, path: str) -> int:
    """Return the number in a pid file, 0 where there is none. It is only a number: see `look` for whose it is."""
    try:
        return int(files.read(path, _PID_FILE_LIMIT).split()[0])
    except (OSError, ValueError, IndexError):
        return 0


def is_there(files: Files, process: ProcessId) -> bool:
    """Say whether a process has not ended yet."""
    try:
        return _stat(files, process.pid)[1] == process.started
    except (OSError, ValueError, IndexError):
        return False


def any_thread_stopped(files: Files, pid: int) -> bool:
    """Say whether a thread of a process is still stopped: after SIGCONT they run on one after the other.

    Raises:
        OSError, ValueError, IndexError: it cannot be seen.
    """
    threads = files.list(f"/proc/{pid}/task")
    return any(_fields(files.read(f"/proc/{pid}/task/{each}/stat", _LIMIT))[0] == b"T" for each in threads)


def started(stat: bytes) -> int:
    """Return when a process began, in clock ticks after boot, from its `/proc/PID/stat`.

    Raises:
        ValueError, IndexError: that is no such file.
    """
    return int(_fields(stat)[_STARTED - _AFTER_NAME])


def _stat(files: Files, pid: int) -> tuple[bytes, int]:
    stat = files.read(f"/proc/{pid}/stat", _LIMIT)
    return _fields(stat)[0], started(stat)


def _fields(stat: bytes) -> list[bytes]:
    return stat.rpartition(b")")[2].split()


def _executable(files: Files, pid: int) -> str:
    try:
        return files.read_link(f"/proc/{pid}/exe").removesuffix(_DELETED)
    except FileNotFoundError:
        return ""


def _numbers(status: bytes, name: bytes) -> tuple[int, ...]:
    found = re.search(rb"^%s:([\t 0-9]*)$" % name, status, re.MULTILINE)
    return tuple(int(each) for each in found[1].split()) if found else ()


def _mask(status: bytes, name: bytes) -> int:
    found = re.search(rb"^%s:\s*([0-9a-f]+)$" % name, status, re.MULTILINE)
    return int(found[1], 16) if found else 0
