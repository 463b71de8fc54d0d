"""A new password of a vault in a file of its owner's: there whole, or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..printable import printable
from .file import TO_OWN
from .writing import ProjectRefused


@contextmanager
def password_file(path: Path, password: str) -> Iterator[bool]:
    """Make a file with a password unless there is one; it is gone again where what follows fails.

    Args:
        password: for a new file.

    Yields:
        Whether the file is new.

    Raises:
        ProjectRefused: it cannot be made, or is no file that its owner alone can read.
    """
    try:
        is_new = _made(path, password)
        _refuse_open(path)
    except OSError as error:
        raise ProjectRefused(f"{printable(str(path))} cannot be written: {error.strerror}") from None
    try:
        yield is_new
    except BaseException:
        if is_new:
            with suppress(OSError):
                path.unlink()
        raise


def _made(path: Path, password: str) -> bool:
    if path.exists():
        return False
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, TO_OWN)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(f"{password}\n".encode())
            opened.flush()
            os.fsync(opened.fileno())
        path.hardlink_to(staged)  # a rename would replace what came there meanwhile
    finally:
        staged.unlink()
    return True


def _refuse_open(path: Path) -> None:
    told = path.stat()
    if not stat.S_ISREG(told.st_mode):
        raise ProjectRefused(f"{printable(str(path))} is no file: name one for the password of the vault")
    if told.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        shown = printable(str(path))
        raise ProjectRefused(f"others can read {shown}, which holds the password of the vault: chmod 600 {shown}")
