"""Where runs over one inventory keep their lock and journal, and what is said when nothing can be kept there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..model.errors import PermanentFailure


class StateUnusable(PermanentFailure):
    """Lock or journal cannot be read or written; the text names the file."""


@contextmanager
def kept(path: Path) -> Iterator[None]:
    """Let what is done to a file or folder of the state fail in one line.

    Raises:
        StateUnusable: it failed.
    """
    try:
        yield
    except OSError as error:
        where, why = error.filename or path, error.strerror or type(error).__name__
        text = f"{where}: {why}; lock and journal are kept there: correct it, or set XDG_STATE_HOME to another folder"
        raise StateUnusable(text) from error


def state_directory(sources: Sequence[str]) -> Path:
    """Return where runs over one inventory keep their lock and journal, made if it is not there.

    Args:
        sources: the places of the inventory; the same places in another order or spelling are the same inventory.

    Raises:
        StateUnusable: it cannot be made.
    """
    import platformdirs

    places = sorted({str(Path(source).resolve()) if Path(source).exists() else source for source in sources})
    name = hashlib.sha256("\0".join(places).encode()).hexdigest()[:16]
    folder = platformdirs.user_state_path("iot-https") / name
    with kept(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def keep_private(path: Path, text: str) -> None:
    """Replace a file of the state by one that only its owner can read; it is whole or not there.

    Raises:
        StateUnusable: it cannot be written.
    """
    fresh = path.with_suffix(".new")
    with kept(fresh):
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
