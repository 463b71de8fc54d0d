"""What was seen, as data: the name of a sentence and the values in it. The sentence itself stands in the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace


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


Value = str | int | float | bool | None | tuple[str, ...] | Statement
"""What a place in a sentence takes. Times are ISO 8601 texts in UTC, lengths of time are seconds, sizes are bytes.

A statement is a reason of ours, one of the sentences that any code may use; somebody else's words are a text.
"""


def say(says: str, /, **values: Value) -> Statement:
    """Return a statement; a sentence of that name, with these places, must be in the catalogue."""
    return Statement(says, values)


def told(text: str) -> Statement:
    """Return what somebody else says, in words that are not ours: an error of the kernel, a line of a log."""
    return Statement("told", {"text": text})


def with_texts(statement: Statement, change: Callable[[str], str]) -> Statement:
    """Return a statement with every text in it changed, those in its reasons too."""

    def changed(value: Value) -> Value:
        if isinstance(value, Statement):
            return with_texts(value, change)
        if isinstance(value, tuple):
            return tuple(map(change, value))
        return change(value) if isinstance(value, str) else value

    return replace(statement, values={name: changed(value) for name, value in statement.values.items()})
