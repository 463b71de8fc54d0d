"""Read files that may be missing."""

from __future__ import annotations

from ..model.statement import Statement, say
from .reason import without_path
from .system import Files

_LIMIT = 1 << 20


def read(files: Files, path: str, limit: int = _LIMIT) -> tuple[bytes | None, Statement | None]:
    """Return the content, or None and the reason; the reason is None too where there is no such file."""
    try:
        return files.read(path, limit), None
    except FileNotFoundError:
        return None, None
    except OSError as error:
        return None, say("at_path", path=path, why=without_path(error))


def exists(files: Files, path: str) -> bool:
    """Say whether something is there, a link counts.

    Raises:
        OSError: that cannot be seen.
    """
    try:
        files.status(path)
    except FileNotFoundError:
        return False
    return True
