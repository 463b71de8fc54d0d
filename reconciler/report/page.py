"""How wide a text is, and where its lines end: between words, so that what is to be copied stays whole.

Every text for a person gets its width from here, once, from whoever prints it.
"""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Mapping
from typing import Final, TextIO

LEAST: Final = 40
"""Columns below which nothing is arranged any more; a narrower terminal wraps by itself."""
MOST: Final = 160
"""Columns above which lines are too long to be read."""
ELSEWHERE: Final = 100
"""Columns of files, pipes and logs, so that they do not depend on who was looking on."""
_OF_A_TERMINAL: Final = 80
"""Columns of a terminal that does not tell its size, such as a serial line."""
_DIGITS: Final = 5
NARROW: Final = 60
"""Columns below which following lines are hardly indented, since little room would be left."""
_COMMAND: Final = re.compile("`[^`]+`")
_BLANK: Final = "\ue000"
"""Of private use, which no printable text holds."""


def width_of(stream: TextIO, environment: Mapping[str, str] = os.environ) -> int:
    """Return how many columns a text for this stream has.

    `COLUMNS` decides where it is set to a number, as for `rich`; else the terminal, and 100 where there is none.
    """
    given = environment.get("COLUMNS", "")
    columns = int(given) if given.isdecimal() and len(given) <= _DIGITS else 0
    return min(max(columns or _terminal(stream), LEAST), MOST)


def wrapped(text: str, width: int, following: str = "", *, ours: bool = False) -> list[str]:
    """Return a text as lines that are no longer than the width, unless a single word is.

    Args:
        text: with its label and the blanks in front.
        following: what lines after the first begin with.
        ours: it is of the catalogue, so that what stands in backticks is a command, and stays on one line. Foreign text
            must not ask for a long line: a terminal goes on with the rest of it where our own lines begin.
    """
    kept = _COMMAND.sub(lambda found: found[0].replace(" ", _BLANK), text) if ours else text
    lines = textwrap.wrap(kept, width, subsequent_indent=following, break_long_words=False, break_on_hyphens=False)
    return [each.replace(_BLANK, " ") for each in lines]


def hanging(columns: int, width: int, narrow: int) -> str:
    """Return the blanks in front of following lines: below their first word, or further left where it is narrow."""
    return " " * (columns if width >= NARROW else narrow)


def _terminal(stream: TextIO) -> int:
    if not stream.isatty():
        return ELSEWHERE
    try:
        return os.get_terminal_size(stream.fileno()).columns or _OF_A_TERMINAL
    except (OSError, ValueError):  # a stand-in that calls itself a terminal
        return _OF_A_TERMINAL
