"""What was seen, as data: the name of a sentence and the values in it. The sentence itself stands in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | int | float | bool | None | tuple[str, ...]
"""What a place in a sentence takes. Times are ISO 8601 texts in UTC, lengths of time are seconds, sizes are bytes."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence.

    Args:
        says: its name among those of the code (or the repair) that it belongs to, or among the common ones.
        values: by the names of its places; whatever a box or a stranger said is a value, and never part of a sentence.
    """

    says: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Hash by name and places: mappings have no hash."""
        return hash((self.says, tuple(sorted(self.values))))


def say(says: str, /, **values: Value) -> Statement:
    """Return a statement; a sentence of that name, with these places, must be in the catalogue."""
    return Statement(says, values)


def told(text: str) -> Statement:
    """Return what somebody else says, in words that are not ours: an error of the kernel, a line of a log."""
    return Statement("told", {"text": text})
