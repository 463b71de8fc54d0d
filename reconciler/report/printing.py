"""Lines of a report on a console of `rich`, which colours them; where they end is decided by their words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_WORD: Final = re.compile(r"\s*\S+\s*")
_LEAST: Final = 20
"""Columns for a text on a terminal that is narrower than any."""


def print_line(console: Console, line: Text) -> None:
    """Print a line as it is, also where it is longer than the console is wide."""
    console.print(line, no_wrap=True, overflow="ignore", crop=False)


def wrapped(text: Text, width: int, first: int | None = None) -> list[Text]:
    """Return a text as lines that break between words; that of `rich` breaks a word that is longer than a line.

    Args:
        first: width of the first line, where it is another.
    """
    from rich.cells import cell_len

    breaks: list[int] = []
    room, used = width if first is None else first, 0
    for word in _WORD.finditer(text.plain):
        if used and used + cell_len(word[0].rstrip()) > room:
            breaks.append(word.start())
            room, used = width, 0
        used += cell_len(word[0])
    lines = list(text.divide(breaks))
    for line in lines:
        line.rstrip()
    return lines


def print_hanging(console: Console, text: Text, *, first: int = 0, following: int = 0) -> None:
    """Print a text as lines that break between words.

    Args:
        first: columns in front of the first line.
        following: columns in front of the others. Where evidence has more of them, none of it stands where a line of
            this program begins.
    """
    room, of_first = (max(console.width - indent, _LEAST) for indent in (following, first))
    for number, line in enumerate(wrapped(text, room, of_first)):
        line.pad_left(following if number else first)
        print_line(console, line)
