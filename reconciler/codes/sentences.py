"""How sentences are made from names and values: the one place at which data becomes words.

A sentence has named places, `{left:span}`; what follows the colon says how a value is written. One that ends with a
colon or a comma leads in the next, one in brackets is a remark on the one before, and one that begins with a comma
continues it. A translation changes sentences, words and these writers, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from itertools import islice
from string import Formatter
from types import MappingProxyType
from typing import Final

from ..model.statement import Statement, Value
from ..printable import printable
from .wording import mebibytes, span
from .words import TABLES

LONGEST: Final = 600
"""Characters of all that is said of one finding."""

COMMON: Final[Mapping[str, str]] = MappingProxyType(
    {
        "told": "{text}",
        "tried": "tried {times:count time times}",
        "reconcile_of": "(the reconcile of {at})",
        "unreadable": "the box says more, in a way that this version of iot-https cannot read",
    }
)
"""Sentences that any code may use."""


MOST: Final = 16
"""Statements of one finding, and values in one list; the longest list of a check has ten."""


def bounded(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return statements of bounded length, of which no reader misses anything: what he would not be shown is cut."""
    left, kept = LONGEST + 1, []
    for each in islice(statements, MOST):
        if left <= 0:
            break
        values: dict[str, Value] = {}
        for name, value in each.values.items():
            values[name] = _cut(value, left)
            left -= _length(values[name])
        kept.append(Statement(each.says, values))
    return tuple(kept)


def _cut(value: Value, most: int) -> Value:
    if isinstance(value, str):
        return value[: max(most, 0)]
    if not isinstance(value, tuple):
        return value
    kept: list[str] = []
    for each in value[:MOST]:
        kept.append(each[: max(most, 0)])
        most -= len(each)
    return tuple(kept)


def _length(value: Value) -> int:
    return sum(map(len, value)) if isinstance(value, tuple) else len(value) if isinstance(value, str) else 0


class UnknownSentence(LookupError):
    """A statement names a sentence that is not in the catalogue, or its values do not fit the places."""


def line(statements: Iterable[Statement], own: Mapping[str, str]) -> str:
    """Return statements as one printable line of at most 600 characters.

    Args:
        own: the sentences of the code or the repair, before the common ones.

    Raises:
        UnknownSentence: see there.
    """
    text, leads = "", False
    for each in statements:
        template = _template(each, own)
        words = _filled(template, each.says, each.values).strip()
        if words:
            text += f"{_between(template, leads=leads) if text else ''}{words}"
            leads = template.endswith((":", ","))
    return _folded(text)


def sentence(statement: Statement, own: Mapping[str, str]) -> str:
    """Return one statement in words, as long as its values make it.

    Raises:
        UnknownSentence: see there.
    """
    return _filled(_template(statement, own), statement.says, statement.values)


def advice(template: str, statements: Iterable[Statement]) -> str:
    """Return what to do, with the values of what was seen in its places.

    Raises:
        UnknownSentence: nothing that was seen has one of the values.
    """
    return _filled(template, template, {name: value for each in statements for name, value in each.values.items()})


def generic(template: str) -> str:
    """Return what to do for whoever has seen nothing: each place in the words of its name, as in `THE COMMAND`."""
    return "".join(
        f"{text}{name.replace('_', ' ').upper() if name else ''}" for text, name, _, _ in Formatter().parse(template)
    )


def _template(statement: Statement, own: Mapping[str, str]) -> str:
    template = own.get(statement.says) or COMMON.get(statement.says)
    if template is None:
        raise UnknownSentence(statement.says)
    return template


def _filled(template: str, name: str, values: Mapping[str, Value]) -> str:
    if "{" not in template:
        return template
    try:
        return template.format_map({place: _Place(value) for place, value in values.items()})
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise UnknownSentence(f"{name}: {error}") from None


def _folded(text: str) -> str:
    folded = printable(text)
    return folded if len(folded) <= LONGEST else f"{folded[: LONGEST - 3]}..."


def _between(template: str, *, leads: bool) -> str:
    """Return what stands before a sentence that is not the first; only ours decide, whatever the values hold."""
    if template.startswith(","):
        return ""
    return " " if leads or template.startswith("(") else "; "


class _Place:
    """A value that knows how it is written where a sentence holds it."""

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
        "size": lambda value, _: mebibytes(int(_number(value))),
    }
)
