"""One run per box: a lock that the kernel gives back however its holder ends.

The file is never deleted: between one run's unlink and another's open, two runs could each lock a file of that name.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .system import LockHeld

_LONGEST_PID = 20
_DIRECTORY_MODE = 0o755


@contextmanager
def hold_lock(path: str) -> Iterator[None]:
    """Hold an exclusive lock on a file, made (with its directory) if it is missing.

    Raises:
        LockHeld: another run, in this process or another one, holds it.
        OSError: the file cannot be made or written.
    """
    _make_directory(Path(path).parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockHeld(f"another run is at work on this box ({_holder(descriptor)})") from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _make_directory(path: Path) -> None:
    try:
        path.mkdir()
    except FileExistsError:
        return
    path.chmod(_DIRECTORY_MODE)  # whatever the umask


def _holder(descriptor: int) -> str:
    """Name the process that holds the lock, as far as it has said so yet."""
    pid = os.pread(descriptor, _LONGEST_PID, 0).decode("ascii", "replace").strip()
    return f"process {pid}" if pid.isdecimal() else "its process is not known"
