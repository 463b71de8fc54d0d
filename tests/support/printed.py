"""Commands in what a program printed, as somebody copies them."""

from __future__ import annotations

import re
import shlex

_BEGINS = re.compile(r"^ *(?:\$ )?iot-https ")


def commands(shown: str) -> list[list[str]]:
    """Return each command that stands on lines of its own, as a shell reads it."""
    joined = re.sub(r"\\\n", "", shown)
    return [shlex.split(line) for line in joined.splitlines() if _BEGINS.match(line)]
