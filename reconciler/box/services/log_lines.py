"""A line of the vendor's log: when, and what. Units of newer images colour it, and newer code leaves the date out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

LOG: Final = "/var/log/odoo/odoo-server.log"
_ESCAPE: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])")
"""Control sequences, titles of windows, and the shorter ones, by ECMA-48."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_PREFIX: Final = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:[,.](\d{1,6}))? \d+ \w+ \S+ [\w.]+: ?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line. `at` is the time as the program writes it, without a zone; `None` where the line has none."""

    at: datetime | None
    words: str


def plain(text: str) -> str:
    """Return the text without colours and control characters; line breaks stay."""
    return _CONTROL.sub("", _ESCAPE.sub("", text.replace("\r\n", "\n")))


def parse(line: str) -> LogLine:
    """Take a line without its line break apart, coloured or not."""
    found = _PREFIX.match(plain(line))
    if found is None:
        return LogLine(None, plain(line))
    try:
        at = datetime.strptime(found[1], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - it has no zone
    except ValueError:
        return LogLine(None, found[3])
    return LogLine(at.replace(microsecond=int((found[2] or "0").ljust(6, "0"))), found[3])
