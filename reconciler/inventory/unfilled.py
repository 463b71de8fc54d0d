"""Entries that nobody has filled in yet: `project init` writes a word where only their owner knows what to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .identity import listed
from .reasons import place_of

WORD: Final = "CHANGE_ME"


def unfilled(raw: Mapping[str, Any]) -> str | None:
    """Say which variables of a host are still to be filled in, and where; `None` if none is.

    Args:
        raw: every variable of the host, as Ansible holds it.
    """
    names = sorted(name for name, value in raw.items() if isinstance(value, str) and value == WORD)
    if not names:
        return None
    return f"replace {WORD} in {listed(f'{name}{place_of(raw[name])}' for name in names)}"
