"""How sentences are made from names and values: the one place at which data becomes words.

A sentence has named places, `{left:span}`; what follows the colon says how a value is written. One that ends with a
colon or a comma leads in the next, one in brackets is a remark on the one before, and one that begins with a comma
continues it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from string import Formatter
from types import MappingProxyType
from typing import Final

from ...model.statement import Statement, Value, say
from ...printable import printable
from ..phrases.pages import PAGES
from ..phrases.reasons import REASONS
from .writers import Blank

LONGEST: Final = 600
"""Characters of all that is said of one finding."""

COMMON: Final[Mapping[str, str]] = MappingProxyType(
    {
        "told": "{text}",
        "tried": "tried {times:count time times}",
        "reconcile_of": "(the reconcile of {at})",
        "unreadable": "the box says more, in a way that this version of iot-https cannot read",
        **REASONS,
        **PAGES,
    }
)
"""Sentences that any code may use."""

MOST: Final = 16
"""Statements of one finding, and values in one list; the longest list of a check has ten."""
_DEEPEST: Final = 3
"""Reasons within reasons: a file, what is wrong with it, and what OpenSSL says of that."""


def bounded(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return statements of bounded length, of which no reader misses anything: what he would not be shown is cut."""
    left, kept = LONGEST + 1, []
    for each in islice(statements, MOST):
        if left <= 0:
            break
        kept.append(_shortened(each, left, 0))
        left -= _length(kept[-1])
    return tuple(kept)


def _shortened(statement: Statement, most: int, depth: int) -> Statement:
    values: dict[str, Value] = {}
    for name, value in statement.values.items():
        values[name] = _cut(value, most, depth)
        most -= _length(values[name])
    return Statement(statement.says, values)


def _cut(value: Value, most: int, depth: int) -> Value:
    if isinstance(value, str):
        return value[: max(most, 0)]
    if isinstance(value, Statement):
        return _shortened(value, most, depth + 1) if depth < _DEEPEST else say("unreadable")
    if not isinstance(value, tuple):
        return value
    kept: list[str] = []
    for each in value[:MOST]:
        kept.append(each[: max(most, 0)])
        most -= len(each)
    return tuple(kept)


def _length(value: Value) -> int:
    if isinstance(value, Statement):
        return sum(map(_length, value.values.values()))
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


def spoken(value: Value) -> Value:
    """Return a value as a sentence holds it: a reason of ours becomes a text.

    Raises:
        UnknownSentence: see there.
    """
    return sentence(value, {}) if isinstance(value, Statement) else value


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
        return template.format_map({place: Blank(spoken(value)) for place, value in values.items()})
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise UnknownSentence(f"{name}: {error}") from None


def _folded(text: str) -> str:
    folded = printable(text)
    return folded if len(folded) <= LONGEST else f"{folded[: LONGEST - 3]}..."


def _between(template: str, *, leads: bool) -> str:
    """Return what stands before a sentence that is not the first; only ours decide, whatever the values hold."""
    if template.startswith(","):
        return ""
    return " " if leads or template.startswith("(") else "; "
