"""References in `odoo.conf`, expanded as the vendor's parser does, up to a bound.

Ten references to ten references, ten deep, fit in a few lines and expand to gigabytes. The file belongs to the box's
own user, and root reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from configparser import MAX_INTERPOLATION_DEPTH, BasicInterpolation, InterpolationError
from typing import Final

LONGEST: Final = 1 << 16
"""Characters that are read to expand one value, references included; a real value has fewer than 100."""


class ExpandsTooFar(InterpolationError):
    """A value refers to so many others that it would fill the memory."""


class BoundedInterpolation(BasicInterpolation):
    """Gives what `ConfigParser` gives, or `ExpandsTooFar` before it has begun."""

    def before_get(
        self,
        parser: MutableMapping[str, Mapping[str, str]],
        section: str,
        option: str,
        value: str,
        defaults: Mapping[str, str],
    ) -> str:
        """Expand one value; see `configparser.Interpolation`.

        Raises:
            ExpandsTooFar: more than `LONGEST` characters would be read for it.
        """
        if _cost(value, defaults, MAX_INTERPOLATION_DEPTH, {}) > LONGEST:
            raise ExpandsTooFar(option, section, "expands to too much")
        return super().before_get(parser, section, option, value, defaults)


def _cost(text: str, values: Mapping[str, str], depth: int, known: dict[tuple[str, int], int]) -> int:
    """Return how many characters are read to expand a text; what is deeper than `depth` the parser refuses itself."""
    if depth == 0:
        return 0
    total = len(text)
    for name in _references(text):
        if (name, depth) not in known:
            known[name, depth] = _cost(values.get(name, ""), values, depth - 1, known)
        total += known[name, depth]
    return total


def _references(text: str) -> Iterator[str]:
    """Return the names as the parser finds them, up to where it gives up; each character is looked at once."""
    at = text.find("%")
    while at >= 0:
        at += 2
        if text[at - 1 : at] == "(":
            end = text.find(")", at)
            if end < 0 or text[end + 1 : end + 2] != "s":
                return
            yield text[at:end].lower()
            at = end + 2
        elif text[at - 1 : at] != "%":
            return
        at = text.find("%", at)
