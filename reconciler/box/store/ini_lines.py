"""Which line of an INI file is what, by `configparser`'s rules: it can judge a file, but not point into it.

An edit that keeps every foreign byte needs positions, and a technician needs a line number. The tests hold this
scanner to the real parser's verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from configparser import DEFAULTSECT, RawConfigParser
from dataclasses import dataclass
from enum import Enum, auto

from ...model.statement import Statement, say

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n)|([^\r\n]+)")
"""The line breaks that text files of Python know; `str.splitlines` knows eight more."""
_GAP = re.compile(r"\S\s{256,}\S")
"""What `configparser` takes the square of this length for: minutes, for a line as long as the file may be."""
_TELLING_NAME = re.compile(r"[a-z_-]{1,32}")


class LineKind(Enum):
    """What `configparser` takes a line for. Blank lines and comments are both `OTHER`."""

    OTHER = auto()
    SECTION = auto()
    OPTION = auto()
    CONTINUATION = auto()


@dataclass(frozen=True, slots=True)
class IniLine:
    """One line.

    Args:
        text: without its line break, which is `ending` (empty at the end of a file).
        section: the section it is in or opens, `None` above the first.
        key: lower-case name of the option it holds or continues.
    """

    number: int
    text: str
    ending: str
    kind: LineKind
    section: str | None = None
    key: str | None = None

    @property
    def indent(self) -> str:
        """Return the white space before the text."""
        return self.text[: len(self.text) - len(self.text.lstrip())]


@dataclass(frozen=True, slots=True)
class Scan:
    """All lines, and the first reason why the vendor's program cannot read them."""

    lines: tuple[IniLine, ...]
    problem: Statement | None


@dataclass(slots=True)
class _State:
    section: str | None = None
    key: str | None = None
    level: int = 0
    gap: bool = False


def scan(text: str) -> Scan:
    """Tell what every line is. After the first problem the kinds are a guess."""
    state, seen, problem = _State(), set[tuple[str, str | None]](), None
    lines = []
    for number, (content, ending) in enumerate(_split(text), start=1):
        kind = _classify(content, state)
        lines.append(IniLine(number, content, ending, kind, state.section, state.key))
        found = _problem(number, kind, state, seen)
        problem = problem or found
    return Scan(tuple(lines), problem)


def telling(key: str | None) -> str | None:
    """Return a key of the file if that cannot be a value which went astray."""
    return key if key and _TELLING_NAME.fullmatch(key) else None


def _split(text: str) -> Iterator[tuple[str, str]]:
    for match in _LINE.finditer(text):
        yield (match[1], match[2]) if match[2] else (match[3], "")


def _classify(content: str, state: _State) -> LineKind:
    stripped = content.strip()
    if not stripped or stripped.startswith(("#", ";")):
        return LineKind.OTHER
    level = len(content) - len(content.lstrip())
    if state.section is not None and state.key and level > state.level:
        return LineKind.CONTINUATION
    state.level = level
    state.gap = _GAP.search(stripped) is not None
    if state.gap:
        return LineKind.OPTION
    header = RawConfigParser.SECTCRE.match(stripped)
    if header:
        state.section, state.key = header["header"], None
        return LineKind.SECTION
    option = RawConfigParser.OPTCRE.match(stripped)
    state.key = option["option"].rstrip().lower() if option else None
    return LineKind.OPTION


def _problem(number: int, kind: LineKind, state: _State, seen: set[tuple[str, str | None]]) -> Statement | None:
    """Return what stops the vendor's program at this line; `seen` are sections and their options so far."""
    if kind not in (LineKind.SECTION, LineKind.OPTION):
        return None
    if state.gap:
        return say("blanks", line=number)
    if state.section is None:
        return say("above_sections", line=number)
    if kind is LineKind.OPTION and not state.key:
        return say("no_key", line=number)
    if kind is LineKind.SECTION and state.section == DEFAULTSECT:
        return None
    entry = (state.section, state.key)
    if entry in seen:
        if kind is LineKind.SECTION:
            return say("section_twice", line=number)
        return say("key_twice", line=number, key=telling(state.key))
    seen.add(entry)
    return None
