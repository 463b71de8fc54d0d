"""How a value is written where a sentence holds it: `{left:span}` names a writer, and what follows is its argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from ...model.statement import Value
from .wording import mebibytes, span
from .words import TABLES


class Blank:
    """A value that knows how it is written where a sentence holds it; a reason is a text by then."""

    __slots__ = ("_given",)

    def __init__(self, value: Value) -> None:
        self._given = value

    def __format__(self, how: str) -> str:
        writer, _, argument = how.partition(" ")
        return _WRITERS[writer](self._given, argument)


def _plain(value: Value, _: str) -> str:
    if value is None:
        raise ValueError("nothing to write")
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _or(value: Value, otherwise: str) -> str:
    """Write `{name:or no name}` where there is none."""
    return _plain(value, "") if value or value == 0 else otherwise


def _word(value: Value, table: str) -> str:
    """Write what a value is called: `{problem:word pair_problem}`."""
    return TABLES[table][value]


def _aside(value: Value, table: str) -> str:
    """Write a remark in brackets, by its word where a table is named; nothing where there is none."""
    if value is None or value == "":
        return ""
    return f" ({_word(value, table) if table else _plain(value, '')})"


def _most(value: Value, most: str) -> str:
    """Write the beginning of a text that a stranger may have made long: `{target:most 120}`."""
    text = _plain(value, "")
    return text if len(text) <= int(most) else f"{text[: int(most)]}..."


def _first(value: Value, most: str) -> str:
    """Write the first few of a list, or characters of a digest, which are enough to know it by."""
    if isinstance(value, tuple):
        return ", ".join(value[: int(most)])
    return _plain(value, "")[: int(most)]


def _either(value: Value, _: str) -> str:
    """Write `a or b`."""
    return " or ".join(_texts(value))


def _both(value: Value, _: str) -> str:
    """Write `a, b and c`."""
    parts = _texts(value)
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def _more(value: Value, _: str) -> str:
    """Write how many there are beside the one that is named: `{first}{others:more}`."""
    return f", and {_number(value):g} more" if value else ""


def _count(value: Value, nouns: str) -> str:
    """Write a number with its noun: `{boxes:count box boxes}`."""
    one, many = nouns.split(" ")
    return f"{_number(value):g} {one if value == 1 else many}"


def _away(value: Value, _: str) -> str:
    """Write how far away a time is, in seconds from now: `3 days left`, or `3 days ago` where it is past."""
    seconds = _number(value)
    return f"{span(timedelta(seconds=seconds))} {'left' if seconds > 0 else 'ago'}"


def _ahead(value: Value, _: str) -> str:
    """Write by how much a clock differs, in seconds: `3 days ahead of`, or `3 days behind` where that is below zero."""
    seconds = _number(value)
    return f"{span(timedelta(seconds=seconds))} {'ahead of' if seconds > 0 else 'behind'}"


def _line(value: Value, _: str) -> str:
    """Write the place in a file that leads in what is there: `line 3: `; nothing where it is not known."""
    return "" if value is None else f"line {_number(value):g}: "


def _key(value: Value, _: str) -> str:
    """Write which key of a file is meant, where it may be named."""
    return "this key" if value is None else f"the key {_plain(value, '')}"


def _texts(value: Value) -> tuple[str, ...]:
    if not isinstance(value, tuple):
        raise TypeError("a list is expected")
    return value


def _number(value: Value) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a number is expected")
    return value


_WRITERS: Final[Mapping[str, Callable[[Value, str], str]]] = MappingProxyType(
    {
        "": _plain,
        "or": _or,
        "word": _word,
        "aside": _aside,
        "and": _both,
        "either": _either,
        "first": _first,
        "most": _most,
        "more": _more,
        "count": _count,
        "span": lambda value, _: span(timedelta(seconds=_number(value))),
        "away": _away,
        "short": lambda value, _: f"{_number(value):g}",
        "whole": lambda value, _: f"{_number(value):.0f}",
        "ahead": _ahead,
        "minute": lambda value, _: _plain(value, "")[:16].replace("T", " "),
        "line": _line,
        "key": _key,
        "size": lambda value, _: mebibytes(int(_number(value))),
    }
)
