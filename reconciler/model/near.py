"""Suggest the known name that a misspelled one most likely means."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

CUTOFF: Final = 0.7
"""How alike two names must be, as `difflib` counts; below it, a guess would mislead more than it helps."""


def nearest(name: str, names: Iterable[str], prefixes: tuple[str, ...] = (), cutoff: float = CUTOFF) -> str | None:
    """Return the name that is meant, `None` where no one is near enough.

    Args:
        prefixes: beginnings that many names have in common, which say nothing of what is meant: of names that have
            the same one, only the rest is compared.
    """
    prefix = next((each for each in prefixes if name.startswith(each)), "")
    rests = {each.removeprefix(prefix): each for each in names if each.startswith(prefix)}
    near = difflib.get_close_matches(name.removeprefix(prefix), rests, n=1, cutoff=cutoff)
    return rests[near[0]] if near else None
