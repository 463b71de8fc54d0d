"""Suggest the known names that a misspelled one most likely means."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Final

CUTOFF: Final = 0.7
"""How alike two names must be, as `difflib` counts; below it, a guess would mislead more than it helps."""
_MOST: Final = 3
"""Names that are equally near, at most; of more than that, nothing is said."""
_LETTERS: Final = 3
"""Letters that a shortened name must have, beside a prefix."""


def nearest(
    name: str,
    names: Iterable[str],
    prefixes: tuple[str, ...] = (),
    cutoff: float = CUTOFF,
    *,
    takes_short: bool = False,
) -> tuple[str, ...]:
    """Return the name that is meant, all that are equally near, or none where no one is near enough.

    Args:
        prefixes: beginnings that many names have in common, which say nothing of what is meant: of names that have
            the same one, only the rest is compared.
        takes_short: a name may have been cut short.
    """
    prefix = next((each for each in prefixes if name.startswith(each)), "")
    rest = name.removeprefix(prefix)
    rests = {each.removeprefix(prefix): each for each in sorted(names) if each.startswith(prefix)}
    is_short = takes_short and len(rest) >= _LETTERS
    near = [each for each in rests if is_short and each.startswith(rest)] or _likest(rest, rests, cutoff)
    return tuple(rests[each] for each in near) if len(near) <= _MOST else ()


def instead(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """Return what ends a message that a name is none of these: which is meant, or what is said where none is near."""
    near = nearest(name, names, takes_short=True)
    return f": {question(near)}" if near else otherwise


def question(near: Sequence[str]) -> str:
    """Return what somebody is asked who may have meant these."""
    *others, last = near
    return f"did you mean {', '.join(others)} or {last}?" if others else f"did you mean {last}?"


def _likest(name: str, names: Iterable[str], cutoff: float) -> list[str]:
    near = difflib.get_close_matches(name, names, n=_MOST + 1, cutoff=cutoff)
    likeness = [difflib.SequenceMatcher(None, each, name).ratio() for each in near]
    return sorted(each for each, ratio in zip(near, likeness, strict=True) if ratio == likeness[0])
