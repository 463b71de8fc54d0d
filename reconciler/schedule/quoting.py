"""Escape text for unit files: systemd gives %, $, quotes, backslashes and blanks a meaning of their own.

See systemd.syntax(7), systemd.unit(5) and systemd.service(5), "Command lines".
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

_PLAIN = re.compile(r"[A-Za-z0-9_@+=:,./^~-]+")


def value(text: str) -> str:
    """Return text for a setting that takes the rest of its line; `%` would begin a specifier."""
    return text.replace("%", "%%")


def path(text: str) -> str:
    """Return one path of a list of paths; blanks would end it."""
    return f'"{value(text)}"'


def command(arguments: Sequence[str]) -> str:
    """Return a command line for `ExecStart` that gives a program exactly these arguments."""
    return " ".join(map(argument, arguments))


def argument(text: str) -> str:
    """Return one argument; `$` would begin a variable, and a lone `;` would end the command."""
    if _PLAIN.fullmatch(text):
        return text
    escaped = value(text).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"'


def words_of(line: str) -> list[str]:
    """Return the arguments of a command line that `command` wrote; nothing for one that it did not write."""
    try:
        words = [_meant(word) for word in shlex.split(line)]
    except ValueError:
        return []
    return words if command(words) == line else []


def _meant(word: str) -> str:
    return word.replace("$$", "$").replace("%%", "%")
