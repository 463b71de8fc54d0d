"""`odoo.conf`: how every branch since late 17.0 keeps its values, read by the parser class which that branch uses."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from configparser import (
    ConfigParser,
    InterpolationDepthError,
    InterpolationError,
    InterpolationMissingOptionError,
    RawConfigParser,
)
from configparser import Error as ConfigParserError
from typing import Final

from ...model.observed import StoreFormat
from ...model.repair import StoreKey
from ...model.statement import Statement, say
from .ini_lines import IniLine, LineKind, scan, telling
from .interpolation import BoundedInterpolation, ExpandsTooFar
from .values import BYTE_ORDER_MARK, NO_VALUES, StoreProblem, StoreReading, has_nul, nul_bytes

SECTION: Final = "iot.box"
NAMES: Final[Mapping[StoreKey, str]] = {**{key: key.value for key in StoreKey}, StoreKey.SERVER_URL: "remote_server"}
"""How the keys are called in section `[iot.box]`."""

_LINE_BREAK = re.compile(rb"\r\n|\r|\n")
_HEADER_OR_KEY = re.compile(rf"\[.+\]|({'|'.join([*NAMES.values(), 'server_wide_modules'])})\s*[=:]", re.IGNORECASE)
_COMMENT_OR_QUOTE = re.compile(r"\s[;#]|^([\"']).*\1$", re.DOTALL)
_NUL = "\0"


def read(content: bytes, store_format: StoreFormat) -> StoreReading:
    """Read the values as the vendor's program would, and say what it would stumble over.

    Args:
        content: the file's bytes, whatever they are.
        store_format: one of the two INI formats.

    Raises:
        ValueError: `store_format` is not an INI format.
    """
    parser = parser_for(store_format)
    if not content.strip():
        return StoreReading(values=NO_VALUES, empty=True)
    if lost := nul_bytes(content):
        return StoreReading(values=NO_VALUES, malformed=(say("only_nul", count=lost),))
    try:
        lines = _fill(parser, decode(content))
    except StoreProblem as problem:
        return StoreReading(values=NO_VALUES, malformed=(problem.statement,))
    values: dict[StoreKey, str | None] = dict(NO_VALUES)
    warnings = [*_option_warnings(parser), *_continuation_warnings(lines)]
    for key in StoreKey:
        try:
            values[key] = effective(parser, key)
        except InterpolationError as error:
            warnings.append(_interpolation_warning(error, key, lines))
        if has_nul(values[key] or ""):
            warnings.append(say("nul_value", line=_line(lines, key), key=NAMES[key]))
        if _COMMENT_OR_QUOTE.search(values[key] or ""):
            warnings.append(say("comment_or_quotes", line=_line(lines, key), key=NAMES[key]))
    return StoreReading(values=values, warnings=tuple(warnings))


def parser_for(store_format: StoreFormat) -> RawConfigParser:
    """Return an empty parser of the class that the branch uses.

    Raises:
        ValueError: `store_format` is not an INI format.
    """
    if store_format is StoreFormat.INI_INTERPOLATED:
        return ConfigParser(interpolation=BoundedInterpolation())
    if store_format is StoreFormat.INI_RAW:
        return RawConfigParser()
    raise ValueError(f"{store_format} is not an INI format")


def decode(content: bytes) -> str:
    """Return the text of a file, line breaks as they are.

    Raises:
        StoreProblem: a byte is not UTF-8; names the line.
    """
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        number = 1 + len(_LINE_BREAK.findall(content[: error.start]))
    raise StoreProblem(say("no_utf8_line", line=number))


def load(text: str, store_format: StoreFormat) -> RawConfigParser:
    """Return the vendor's parser with the file in it.

    Raises:
        StoreProblem: the vendor's program would not start with this file; names the line and what to do.
    """
    parser = parser_for(store_format)
    _fill(parser, text)
    return parser


def _fill(parser: RawConfigParser, text: str) -> tuple[IniLine, ...]:
    """Let the vendor's parser read the file, and return its lines; for what it raises see `load`."""
    if text.startswith(BYTE_ORDER_MARK):
        raise StoreProblem(say("byte_order_mark"))
    scanned = scan(text)
    if scanned.problem and has_nul(text):
        number = 1 + len(_LINE_BREAK.findall(text[: text.index(_NUL)].encode()))
        raise StoreProblem(say("nul_line", line=number))
    if scanned.problem:
        raise StoreProblem(scanned.problem)
    try:
        parser.read_file(io.StringIO(text, newline=None))
    except ConfigParserError as error:
        # Never the error's own text: it quotes the line, and with it a value.
        raise StoreProblem(say("vendor_cannot", error=type(error).__name__)) from None
    return scanned.lines


def effective(parser: RawConfigParser, key: StoreKey) -> str | None:
    """Return a value as the vendor's program gets it, references expanded, empty as `None`.

    Raises:
        InterpolationError: the vendor's program fails on this key.
    """
    return parser.get(SECTION, NAMES[key], fallback=None) or None


def _option_warnings(parser: RawConfigParser) -> Iterator[Statement]:
    if not parser.has_section("options"):
        yield say("no_options")
    elif not parser.get("options", "server_wide_modules", raw=True, fallback=None):
        yield say("no_modules")


def _continuation_warnings(lines: tuple[IniLine, ...]) -> Iterator[Statement]:
    """Warn of indented lines: in our section always, elsewhere where they look like something of importance."""
    for line in lines:
        if line.kind is not LineKind.CONTINUATION:
            continue
        if line.section == SECTION or _HEADER_OR_KEY.match(line.text.strip()):
            yield say("indented", line=line.number, key=telling(line.key))


def _interpolation_warning(error: InterpolationError, key: StoreKey, lines: tuple[IniLine, ...]) -> Statement:
    name, line = NAMES[key], _line(lines, key)
    if isinstance(error, InterpolationMissingOptionError):
        return say("refers_to_nothing", line=line, key=name)
    if isinstance(error, ExpandsTooFar):
        return say("refers_to_much", line=line, key=name)
    if isinstance(error, InterpolationDepthError):
        return say("refers_to_itself", line=line, key=name)
    return say("single_percent", line=line, key=name)


def _line(lines: tuple[IniLine, ...], key: StoreKey) -> int | None:
    """Say where the vendor's program finds a key: in its section, else where defaults are."""
    found = [line for line in lines if line.kind is LineKind.OPTION and line.key == NAMES[key]]
    for section in (SECTION, "DEFAULT"):
        for line in found:
            if line.section == section:
                return line.number
    return None
