"""Change our values in `odoo.conf` and nothing else: the rest belongs to the box, byte for byte.

What comes out is read back by the vendor's parser before it is returned, because a file that it cannot read puts the
box into a crash loop.
"""

from __future__ import annotations

from collections.abc import Mapping
from configparser import InterpolationError, RawConfigParser
from dataclasses import replace
from typing import Final

from ...model.observed import StoreFormat
from ...model.repair import StoreKey
from ...model.statement import say
from .ini import NAMES, SECTION, decode, effective, load, parser_for
from .ini_lines import IniLine, LineKind, scan
from .values import StoreProblem, check_value


class _Unreadable:
    """Stands for a value on which the vendor's program fails."""


_UNREADABLE: Final = _Unreadable()


def edit(content: bytes, store_format: StoreFormat, changes: Mapping[StoreKey, str | None]) -> bytes:
    """Return the file with `changes` made and every other byte kept.

    Args:
        content: the file as it is.
        store_format: one of the two INI formats.
        changes: new values; `None` removes a key. What is written so already keeps its line as it is.

    Raises:
        StoreProblem: (a ValueError) the file is empty or malformed, a value cannot be kept in it, or the edit would
            change more than was asked for.
        ValueError: `store_format` is not an INI format.
    """
    parser_for(store_format)
    for key, value in changes.items():
        _check(NAMES[key], value)
    if not content.strip():
        raise StoreProblem(say("store_being_saved"))
    text = decode(content)
    before = load(text, store_format)
    lines = list(scan(text).lines)
    for key, value in changes.items():
        written = None if value is None else _escape(value, store_format)
        if written != (before.get(SECTION, NAMES[key], raw=True, fallback=None) or None):
            lines = _apply(lines, NAMES[key], written)
    edited = _join(lines, ends_open=not text.endswith(("\r", "\n")))
    _verify(before, edited, store_format, changes)
    return edited.encode()


def _check(name: str, value: str | None) -> None:
    if value is None:
        return
    check_value(name, value)
    if value != value.strip():
        raise StoreProblem(say("value_spaces", key=name))


def _look(parser: RawConfigParser, key: StoreKey) -> str | _Unreadable | None:
    try:
        return effective(parser, key)
    except InterpolationError:
        return _UNREADABLE


def _escape(value: str, store_format: StoreFormat) -> str:
    return value.replace("%", "%%") if store_format is StoreFormat.INI_INTERPOLATED else value


def _apply(lines: list[IniLine], name: str, value: str | None) -> list[IniLine]:
    """Replace, add or remove one option; comments and blank lines inside its old value stay."""
    old = [i for i, line in enumerate(lines) if _holds(line, name)]
    if not old:
        return lines if value is None else _add(lines, f"{name} = {value}")
    kept = [line for line in lines if not _holds(line, name)]
    if value is not None:
        # Its indent stays: without it, indented options below would become part of this one.
        first = lines[old[0]]
        kept.insert(old[0], replace(first, text=f"{first.indent}{name} = {value}"))
    return kept


def _holds(line: IniLine, name: str) -> bool:
    return line.section == SECTION and line.key == name and line.kind is not LineKind.OTHER


def _add(lines: list[IniLine], text: str) -> list[IniLine]:
    """Put one option at the end of our section, which is made at the end of the file if there is none."""
    newline = next((line.ending for line in lines if line.ending), "\n")
    inside = [i for i, line in enumerate(lines) if line.section == SECTION and line.kind is not LineKind.OTHER]
    if not inside:
        gap = [_new("", newline, LineKind.OTHER)] if lines[-1].text.strip() else []
        return [*lines, *gap, _new(f"[{SECTION}]", newline, LineKind.SECTION), _new(text, newline)]
    after = inside[-1] + 1
    added = _new(_safe_indent(lines, inside) + text, lines[after - 1].ending or newline)
    return [*lines[:after], added, *lines[after:]]


def _safe_indent(lines: list[IniLine], inside: list[int]) -> str:
    """Return an indent that neither continues the option above nor makes the section below a continuation."""
    for index in reversed(inside):
        if lines[index].kind is LineKind.OPTION:
            return lines[index].indent
    below = [line for line in lines[inside[-1] + 1 :] if line.kind is LineKind.SECTION]
    return below[0].indent if below else ""


def _new(text: str, ending: str, kind: LineKind = LineKind.OPTION) -> IniLine:
    return IniLine(0, text, ending, kind, SECTION)


def _join(lines: list[IniLine], *, ends_open: bool) -> str:
    """Put the lines together; a file that had no line break at its end gets none behind what was added."""
    newline = next((line.ending for line in lines if line.ending), "\n")
    text = "".join(line.text + (line.ending or newline) for line in lines[:-1])
    last = lines[-1]
    return text + last.text + ("" if ends_open and last.number == 0 else last.ending)


def _verify(
    before: RawConfigParser, edited: str, store_format: StoreFormat, changes: Mapping[StoreKey, str | None]
) -> None:
    """Read the result with the vendor's parser: the changes are in it, and all else is what it was."""
    after = load(edited, store_format)
    for key in StoreKey:
        if key not in changes and _look(after, key) != _look(before, key):
            raise StoreProblem(say("depends", key=NAMES[key]))
        if key in changes and _look(after, key) != changes[key]:
            raise StoreProblem(say("in_default", key=NAMES[key]))
    if _foreign(after, changes) != _foreign(before, changes):
        raise StoreProblem(say("would_change"))


def _foreign(parser: RawConfigParser, changes: Mapping[StoreKey, str | None]) -> dict[str, dict[str, str]]:
    """Return everything as it is written, without the changed keys and without an empty section of ours."""
    changed = {NAMES[key] for key in changes}
    everything = {"DEFAULT": dict(parser.defaults())}
    for section in parser.sections():
        everything[section] = dict(parser.items(section, raw=True))
    ours = everything.pop(SECTION, dict(parser.defaults()))
    everything[SECTION] = {name: value for name, value in ours.items() if name not in changed}
    return everything
