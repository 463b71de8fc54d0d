"""One file per value in `/home/pi`: how 15.0, 16.0 and early 17.0 keep them, read exactly as they read them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Final

from ...model.repair import StoreKey
from ...model.statement import Statement, say
from .values import BYTE_ORDER_MARK, NO_VALUES, StoreProblem, StoreReading, check_value, has_nul, nul_bytes

FILES: Final[Mapping[StoreKey, str]] = {
    StoreKey.SERVER_URL: "odoo-remote-server.conf",
    StoreKey.TOKEN: "token",
    StoreKey.DB_UUID: "odoo-db-uuid.conf",
    StoreKey.ENTERPRISE_CODE: "odoo-enterprise-code.conf",
    StoreKey.SUBJECT: "odoo-subject.conf",
}
"""File names in the home of `pi`. These branches know no database name."""


def parse(content: bytes | None, name: str = "the value") -> str | None:
    """Return the value in one file: its first line, of which only the line break is dropped.

    Args:
        content: `None` for a file that is missing; one of nothing but NUL bytes holds no value either.
        name: how to call the file in an error.

    Raises:
        StoreProblem: a byte is not UTF-8; the vendor's program then answers HTTP 500.
    """
    if content is None:
        return None
    if nul_bytes(content):
        return None
    # The vendor's own way of reading: it decides what a line break is and how far a bad byte matters.
    with io.TextIOWrapper(io.BytesIO(content), encoding="utf-8") as file:
        try:
            return file.readline().strip("\n") or None
        except UnicodeDecodeError:
            raise StoreProblem(say("no_utf8_in", file=name)) from None


def render(value: str, name: str = "the value") -> bytes:
    """Return the file that makes the vendor's program read `value`.

    Args:
        name: how to call the value in an error.

    Raises:
        StoreProblem: it is empty, or holds a line break or another control character.
    """
    check_value(name, value)
    return value.encode() + b"\n"


def read(files: Mapping[StoreKey, bytes | None]) -> StoreReading:
    """Read all files at once, and name those that are wrong.

    Args:
        files: content per key, `None` or no entry where the file is missing.
    """
    values: dict[StoreKey, str | None] = dict(NO_VALUES)
    problems, warnings = list[Statement](), list[Statement]()
    for key, name in FILES.items():
        try:
            values[key] = parse(files.get(key), name)
        except StoreProblem as problem:
            problems.append(problem.statement)
        if lost := nul_bytes(files.get(key) or b""):
            warnings.append(say("only_nul_in", file=name, count=lost))
        else:
            warnings += _oddities(name, values[key] or "")
    if problems:
        return StoreReading(values=NO_VALUES, malformed=tuple(problems), warnings=tuple(warnings))
    return StoreReading(values=values, warnings=tuple(warnings))


def _oddities(name: str, value: str) -> Iterator[Statement]:
    if has_nul(value):
        yield say("nul_in", file=name)
    if value.startswith(BYTE_ORDER_MARK):
        yield say("byte_order_mark_in", file=name)
    if value.strip() != value:
        yield say("spaces_in", file=name)
