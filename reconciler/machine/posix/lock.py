"""One run per box: a lock that the kernel gives back however its holder ends.

The file is never deleted: between one run's unlink and another's open, two runs could each lock a file of that name.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..system import Lock, LockHeld

_LONGEST_PID = 20
_DIRECTORY_MODE = 0o755
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


@contextmanager
def hold_lock(path: str) -> Iterator[Lock]:
    """Hold an exclusive lock on a file, made (with its directory) if it is missing and there is room for it.

    Raises:
        LockHeld: another run, in this process or another one, holds it.
        OSError: the file cannot be opened.
    """
    try:
        descriptor, problem = _open(path)
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        yield Lock(is_held=False, problem=os.strerror(error.errno))
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockHeld(_holder(descriptor)) from None
        problem = problem or _sign(descriptor)
        try:
            yield Lock(problem=problem)
        finally:
            if problem is None:
                os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _open(path: str) -> tuple[int, str | None]:
    """Open the file; return why it could only be opened for reading, which is enough to lock it."""
    flags = os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        _make_directory(Path(path).parent)
        return os.open(path, os.O_RDWR | os.O_CREAT | flags, 0o600), None
    except OSError as error:
        if error.errno not in _NO_ROOM or not os.path.lexists(path):
            raise
        return os.open(path, os.O_RDONLY | flags), os.strerror(error.errno)


def _sign(descriptor: int) -> str | None:
    """Write which process holds the lock, and return why that is not possible: it is held in any case."""
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
    except OSError as error:
        return error.strerror
    return None


def _make_directory(path: Path) -> None:
    try:
        path.mkdir()
    except FileExistsError:
        return
    path.chmod(_DIRECTORY_MODE)  # whatever the umask


def _holder(descriptor: int) -> str | None:
    """Return the number of the process that holds the lock, as far as it has said so yet."""
    pid = os.pread(descriptor, _LONGEST_PID, 0).decode("ascii", "replace").strip()
    return pid if pid.isdecimal() else None
