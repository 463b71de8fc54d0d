"""A secret is a type, so that printing one by accident is impossible rather than forbidden."""

from __future__ import annotations

import hmac
from typing import Final, NoReturn

MASK: Final = "********"
_SHOWN = 200
"""Characters of foreign text that a report shows."""


class Secret:
    """A value that may be compared and written where it belongs, and never shown.

    `str`, `repr`, `format` and f-strings give a mask; pickling is refused. The one way out is
    `reveal.reveal`.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def masked_in(self, text: str) -> str:
        """Return a text with the mask wherever the secret stands in it."""
        return text.replace(self._value, MASK) if self._value else text

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret cannot be pickled")


def redact(text: str, *secrets: Secret | None) -> str:
    """Make foreign text fit for a report: one line, no control characters, at most 200 characters, no secrets."""
    for secret in secrets:
        if secret:
            text = secret.masked_in(text)
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."
