"""One run per inventory: two would change the same boxes, and each box would find the other's half."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ..model.errors import TemporaryFailure


class RunHeld(TemporaryFailure):
    """Another run for the same inventory is under way."""


def state_directory(sources: Sequence[str]) -> Path:
    """Return where runs over one inventory keep their lock and journal, made if it is not there.

    Args:
        sources: what was given as inventory; the same places in another order are the same inventory.
    """
    import platformdirs

    places = sorted({str(Path(source).resolve()) if Path(source).exists() else source for source in sources})
    name = hashlib.sha256("\0".join(places).encode()).hexdigest()[:16]
    folder = platformdirs.user_state_path("iot-https") / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@contextmanager
def one_run(folder: Path) -> Iterator[None]:
    """Hold the inventory's lock while this is open; it ends with the process, however that ends.

    Raises:
        RunHeld: names the process that has it.
    """
    owner = folder / "owner"
    try:
        with FileLock(folder / "lock", timeout=0):
            owner.write_text(f"{os.getpid()}\n", encoding="ascii")
            yield
    except Timeout:
        raise RunHeld(f"another run for this inventory is under way (process {_owner(owner)}); wait for it") from None


def _owner(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip() or "unknown"
    except OSError:
        return "unknown"
