"""Entries that nobody has filled in yet: `project init` writes a word where only their owner knows what to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..model.names import printable_name
from .identity import listed
from .reasons import place_of

WORD: Final = "CHANGE_ME"
_MOST_TOLD: Final = 3
"""Who has filled in none of many boxes sees from a few where to begin."""


def unfilled(raw: Mapping[str, Any]) -> str | None:
    """Say which variables of a host are still to be filled in, and where; `None` if none is.

    Args:
        raw: every variable of the host, as Ansible holds it.
    """
    names = gaps(raw)
    if not names:
        return None
    return f"replace {WORD} in {listed(f'{name}{place_of(raw[name])}' for name in names)}"


def gaps(raw: Mapping[str, Any]) -> list[str]:
    """Return the variables that are still to be filled in."""
    return sorted(name for name, value in raw.items() if isinstance(value, str) and value == WORD)


def nobody(gaps: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return a line for each of a few boxes if there is none to work on, since no entry is filled in; else nothing.

    Args:
        gaps: what is still to be filled in, by the name of the box.
    """
    lines = [f"{printable_name(name)}: {gap}" for name, gap in gaps.items() if gap is not None]
    return tuple(lines[:_MOST_TOLD]) if len(lines) == len(gaps) else ()
