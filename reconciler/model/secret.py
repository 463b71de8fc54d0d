"""A secret is a type, so that printing one by accident is impossible rather than forbidden."""

from __future__ import annotations

import base64
import hmac
import html
import json
from typing import Final, NoReturn
from urllib.parse import quote, quote_plus

from ..printable import printable

MASK: Final = "********"
_SHOWN = 200
"""Characters of foreign text that a report shows."""
_OF_URLS: Final = str.maketrans("+/", "-_")
_TELLING = 4
"""Characters of the beginning of a secret that are too many to show."""


class Secret:
    """A value that may be compared and written where it belongs, and never shown.

    `str`, `repr`, `format` and f-strings give a mask; pickling is refused. The one way out is
    `reveal.reveal`.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def masked_in(self, text: str, *, cut: bool = True) -> str:
        """Return a text with the mask wherever the secret stands in it, as it is, as Python or as JSON quote it.

        Args:
            cut: the text may have been cut off in the middle of it.
        """
        for spelling in self._spellings():
            text = _without(text, spelling, cut=cut)
        return text

    def _spellings(self) -> tuple[str, ...]:
        """Return the value as it is, as Python and as JSON quote it."""
        value = self._value
        return tuple(each for each in dict.fromkeys((value, repr(value)[1:-1], json.dumps(value)[1:-1])) if each)

    def _spellings_anywhere(self) -> tuple[str, ...]:
        """Return those, and how addresses, pages, INI files and HTTP headers write it; the longest first."""
        written = [*self._spellings(), quote(self._value, safe=""), quote_plus(self._value), html.escape(self._value)]
        written += [self._value.replace("%", "%%"), self._value.replace("-", "")]
        written += [each(text) for text in tuple(written) for each in (str.lower, str.upper)]
        encoded = base64.b64encode(self._value.encode("utf-8", "surrogateescape")).decode()
        written += [encoded.rstrip("="), encoded.translate(_OF_URLS).rstrip("=")]
        return tuple(sorted(filter(None, dict.fromkeys(written)), key=len, reverse=True))

    def __bool__(self) -> bool:
        return bool(self._value)

    def __len__(self) -> int:
        return len(self._value)

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


def masked(text: str, *secrets: Secret | None, cut: bool = True) -> str:
    """Mask secrets in foreign text, also where they are quoted and, with `cut`, where the text ends in the middle."""
    for secret in secrets:
        if secret:
            text = secret.masked_in(text, cut=cut)
    return text


class Mask:
    """Masks the same secrets in many texts: what can be prepared is prepared once."""

    __slots__ = ("_spellings",)

    def __init__(self, *secrets: Secret) -> None:
        self._spellings = tuple(each for secret in secrets for each in secret._spellings())  # noqa: SLF001 - its own kind

    def of(self, text: str, *, cut: bool = True) -> str:
        """Return a text as `masked` does."""
        for spelling in self._spellings:
            text = _without(text, spelling, cut=cut)
        return text


class WideMask:
    """Masks secrets in long texts that anybody may have written, also as pages, addresses, files and headers have them.

    However many secrets there are, a text is gone through once. A spelling of fewer than four characters, which may be
    part of any word, is left.
    """

    __slots__ = ("_lengths", "_spellings")

    def __init__(self, *secrets: Secret) -> None:
        spellings = {each for secret in secrets for each in secret._spellings_anywhere()}  # noqa: SLF001 - its own kind
        self._spellings = frozenset(each for each in spellings if len(each) >= _TELLING)
        lengths: dict[str, set[int]] = {}
        for each in self._spellings:
            lengths.setdefault(each[:_TELLING], set()).add(len(each))
        self._lengths = {begin: sorted(each, reverse=True) for begin, each in lengths.items()}

    def of(self, text: str) -> str:
        """Return a text with the mask wherever a secret stands in it."""
        if not self._lengths:
            return text
        parts, at = [], 0
        for place in [place for place in range(len(text)) if text[place : place + _TELLING] in self._lengths]:
            if place < at:
                continue
            lengths = self._lengths[text[place : place + _TELLING]]
            found = next((length for length in lengths if text[place : place + length] in self._spellings), 0)
            if found:
                parts += [text[at:place], MASK]
                at = place + found
        return "".join((*parts, text[at:]))


def _without(text: str, spelling: str, *, cut: bool) -> str:
    """Mask one spelling. Most texts do not even hold how it begins, and that is seen at once."""
    beginning = spelling[:_TELLING]
    if beginning not in text:
        return text
    text = text.replace(spelling, MASK)
    if not cut or len(beginning) < _TELLING:
        return text
    at = text.find(beginning, max(0, len(text) - len(spelling)))
    while at >= 0:
        if spelling.startswith(text[at:]):
            return text[:at] + MASK
        at = text.find(beginning, at + 1)
    return text


def redact(text: str, *secrets: Secret | None) -> str:
    """Make foreign text fit for a report: one line, no control characters, at most 200 characters, no secrets."""
    line = printable(masked(text, *secrets))
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."
