"""One reconcile per inventory: two would change the same boxes, and each box would find the other's half."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ..model.errors import TemporaryFailure
from .state_folder import kept


class RunHeld(TemporaryFailure):
    """Another run for the same inventory is under way."""


@contextmanager
def one_run(folder: Path) -> Iterator[None]:
    """Hold the inventory's lock while this is open; it ends with the process, however that ends.

    Raises:
        RunHeld: names the process that has it.
        StateUnusable: the lock cannot be written.
    """
    lock, owner = FileLock(folder / "lock", timeout=0), folder / "owner"
    with kept(folder):
        try:
            lock.acquire()
        except Timeout:
            text = f"another run for this inventory is under way (process {_owner(owner)}); wait for it"
            raise RunHeld(text) from None
        owner.write_text(f"{os.getpid()}\n", encoding="ascii")
    try:
        yield
    finally:
        lock.release()


def _owner(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip() or "unknown"
    except OSError:
        return "unknown"
