"""What is wrong with an inventory, and where it stands: the words apart from the place, so that programs get both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Position:
    """Where a value comes from.

    Args:
        line: from 1 on, `None` where it is not known.
    """

    path: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, as a line with the way out and without a secret.

    Args:
        position: where it stands, if that is known.
        names_place: the text says where it is, too.
    """

    text: str
    position: Position | None = None
    names_place: bool = False

    def __str__(self) -> str:
        return self.text if self.names_place else f"{self.text}{at(self.position)}"


def at(position: Position | None) -> str:
    """Return ` (file:line)`, empty where nothing is known."""
    return "" if position is None else f" ({told(position)})"


def told(position: Position) -> str:
    """Return `file:line`, as editors open it."""
    return f"{short(position.path)}:{position.line}" if position.line else short(position.path)


def short(path: str | Path) -> str:
    """Return a path as it is written from here."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return str(path)
