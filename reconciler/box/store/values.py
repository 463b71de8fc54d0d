"""The words that both formats share, so that nothing above them has to know how a branch calls its values."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ...codes.phrases.store import STORE
from ...codes.writing.sentences import sentence
from ...model.errors import PermanentFailure
from ...model.repair import StoreKey
from ...model.statement import Statement, say


class StoreProblem(PermanentFailure, ValueError):
    """A store cannot be read or edited, or a value cannot be kept in it; one line, without the value of a secret."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(statement)
        self.statement = statement

    def __str__(self) -> str:
        """Return it in words."""
        return sentence(self.statement, STORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreReading:
    """What a store holds. `values` are secrets in clear and stay out of `repr`.

    Args:
        values: every key; `None` is absent, empty or unreadable.
        malformed: why the vendor's program cannot read the store; then all values are `None`.
        warnings: what is wrong without stopping the vendor's program from starting.
        empty: there was nothing in the file. The vendor saves without a rename, so a reader can come in between:
            read again before believing it.
    """

    values: Mapping[StoreKey, str | None] = field(repr=False)
    malformed: tuple[Statement, ...] = ()
    warnings: tuple[Statement, ...] = ()
    empty: bool = False


NO_VALUES: Final[Mapping[StoreKey, str | None]] = dict.fromkeys(StoreKey)

BYTE_ORDER_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"

_NUL = "\0"
_NUL_BYTE = b"\0"


def nul_bytes(content: bytes) -> int:
    """Count them where a file holds nothing else: a power cut left its length, and none of its content."""
    lost = content.strip() and not content.strip(b"\0 \t\r\n")
    return content.count(_NUL_BYTE) if lost else 0


def has_nul(value: str) -> bool:
    """Tell whether a part of a value was lost in the same way."""
    return _NUL in value


_UNKEEPABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, lone surrogates (no UTF-8 exists for them), line and paragraph separators."""


def check_value(name: str, value: str) -> None:
    """Refuse what no store can hand back as it was given.

    Args:
        name: how to call the value in the error.

    Raises:
        StoreProblem: it is empty, or holds a line break or another control character.
    """
    if not value:
        raise StoreProblem(say("value_empty", key=name))
    if any(unicodedata.category(character) in _UNKEEPABLE for character in value):
        raise StoreProblem(say("value_control", key=name))
