"""JSON of the other side, bounded before an object is built of it.

Legal JSON of a few MiB can hold a million objects, which cost a hundred times its bytes and seconds of time. A scan
in C counts what would be built; only what is as small as a reply really is gets parsed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKET: Final = re.compile(rb"[\[\]{}]")
_OPENING: Final = b"[{"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much one message may hold.

    Args:
        size: bytes.
        values: elements of lists and members of objects, all together.
        depth: lists and objects within each other.
    """

    size: int
    values: int
    depth: int


def loads(data: bytes, bounds: Bounds) -> object:
    """Return what the JSON says.

    Raises:
        ValueError: it is more than allowed or no JSON; the text is one line.
    """
    if len(data) > bounds.size:
        raise ValueError(f"it has {len(data)} bytes, {bounds.size} are allowed")
    shape = _STRING.sub(b"", data)
    # every value but the first of a list or object has a comma before it, and the first one a bracket
    values = sum(map(shape.count, (b",", b"[", b"{")))
    if values > bounds.values:
        raise ValueError(f"it has more than {bounds.values} values")
    depth = 0
    for bracket in _BRACKET.findall(shape):
        depth += 1 if bracket in _OPENING else -1
        if depth > bounds.depth:
            raise ValueError(f"it is nested more than {bounds.depth} deep")
    try:
        # as UTF-8, which the scan reads: `json.loads` guesses, and UTF-16 would hide brackets from the scan
        return json.loads(data.decode())
    except RecursionError:
        raise ValueError("it is nested too deep") from None
