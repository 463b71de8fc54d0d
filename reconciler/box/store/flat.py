"""One file per value in `/home/pi`: how 15.0, 16.0 and early 17.0 keep them, read exactly as they read them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Final

from ...model.repair import StoreKey
from .values import BYTE_ORDER_MARK, NO_VALUES, StoreProblem, StoreReading, check_value, has_nul, nul_bytes

FILES: Final[Mapping[StoreKey, str]] = {
    StoreKey.SERVER_URL: "odoo-remote-server.conf",
    StoreKey.TOKEN: "token",
    StoreKey.DB_UUID: "odoo-db-uuid.conf",
    StoreKey.ENTERPRISE_CODE: "odoo-enterprise-code.conf",
    StoreKey.SUBJECT: "odoo-subject.conf",
}
"""File names in the home of `pi`. These branches know no database name."""


def parse(content: bytes | None) -> str | None:
    """Return the value in one file: its first line, of which only the line break is dropped.

    Args:
        content: `None` for a file that is missing; one of nothing but NUL bytes holds no value either.

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
            raise StoreProblem("holds a byte that is not UTF-8; write the value again as plain text") from None


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
    problems, warnings = [], []
    for key, name in FILES.items():
        try:
            values[key] = parse(files.get(key))
        except StoreProblem as problem:
            problems.append(f"{name} {problem}")
        lost = nul_bytes(files.get(key) or b"")
        warnings += [f"{name} {oddity}" for oddity in ([lost] if lost else _oddities(values[key] or ""))]
    if problems:
        return StoreReading(values=NO_VALUES, malformed="; ".join(problems), warnings=tuple(warnings))
    return StoreReading(values=values, warnings=tuple(warnings))


def _oddities(value: str) -> list[str]:
    found = []
    if has_nul(value):
        found.append("holds NUL bytes, as after a power cut; write the value again")
    if value.startswith(BYTE_ORDER_MARK):
        found.append("begins with a byte order mark, which the box takes as part of the value; save it without one")
    if value.strip() != value:
        found.append("has spaces around its value, which the box takes as part of it; remove them")
    return found
