"""What a store's problems read like."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.codes.phrases.store import STORE
from reconciler.codes.writing.sentences import line
from reconciler.model.statement import Statement


def words(*statements: Statement) -> str:
    """Return statements as a person reads them."""
    return line(statements, STORE)


def lines(statements: Iterable[Statement]) -> tuple[str, ...]:
    """Return each statement as a person reads it."""
    return tuple(map(words, statements))
