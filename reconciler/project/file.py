"""A file that is to be written: where, its text, its mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TO_READ: Final = 0o644
TO_OWN: Final = 0o600


@dataclass(frozen=True, slots=True)
class File:
    """A file of a project.

    Args:
        path: from the project's folder.
        is_kept: what is there is right, whatever it says.
    """

    path: str
    text: str
    mode: int = TO_READ
    is_kept: bool = False
