"""How a reply is told apart from what a login shell or `sudo` prints before it.

A line with a marker and the number of bytes of JSON that follow. The box writes it, the control machine reads it.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

MARKER: Final = "IOT-HTTPS-REPLY"
_HEAD: Final = re.compile(rb"^" + MARKER.encode() + rb" (\d{1,9})\n", re.MULTILINE)


def frame(reply: dict[str, Any]) -> bytes:
    """Return what goes to standard output."""
    body = json.dumps(reply, separators=(",", ":")).encode()
    return f"\n{MARKER} {len(body)}\n".encode() + body + b"\n"


def find(output: bytes | bytearray, begin: int = 0) -> tuple[int, int] | None:
    """Return where the reply in this output begins and where it ends or will end, or None where none has begun.

    Args:
        begin: where to look, for who has looked at what is before it.
    """
    found = _HEAD.search(output, begin)
    return None if found is None else (found.end(), found.end() + int(found[1]))
