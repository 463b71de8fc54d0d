"""The end of the vendor's log, put into the vendor's own six codes, which branches from saas-18.3 on dropped.

Older branches log the code itself at their start; newer ones only sentences. Words may be added around them in any
version, so each is looked for anywhere in a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ...codes import CodeName
from ...machine.system import Files
from ...model.inquiry import LogEntry
from ...model.secret import Secret, redact
from .log_lines import LOG, parse

TAIL: Final = 1 << 19
"""Bytes. An unlinked box that iot-proxy.odoo.com does not answer logs 5 KiB each 10 to 15 s: 20 minutes of that."""
MOST: Final = 8
_LONGEST_LINE: Final = 1000
"""Characters of a line that are looked at; what tells is at its beginning."""
_CODE: Final = re.compile(r"\b(ERR_IOT_HTTPS_[A-Z_]+[A-Z])(?: (\d{3})\b)?")
_STATUS: Final = re.compile(r"\b[1-5]\d\d\b")
_TRYING: Final = r"error occurred while trying to reach odoo\.com\b"
_GETTING: Final = r"odoo\.com while trying to get the certificate"
_SENTENCES: Final = tuple(
    (re.compile(rf"\b{pattern}", re.IGNORECASE), code)
    for pattern, code in (
        (rf"{_TRYING}.*?\b[1-5]\d\d (?:Client|Server) Error\b", CodeName.LOAD_REQUEST_STATUS),
        (rf"{_TRYING}.*\bExpecting value\b", CodeName.LOAD_REQUEST_NO_RESULT),
        (_TRYING, CodeName.LOAD_REQUEST_EXCEPTION),
        (r"Maximum attempt to download\b.*\bcertificate\b", CodeName.LOAD_REQUEST_EXCEPTION),
        (rf"error received from {_GETTING}\b", CodeName.LOAD_REQUEST_NO_RESULT),
        (r"certificate received from odoo\.com is not valid\b", CodeName.LOAD_REQUEST_NO_RESULT),
        (r"Unable to read certificate file\b", CodeName.CHECK_CERT_READ_EXCEPTION),
        (r"Ignoring the function\b.*\bwithout a connected database\b", CodeName.CHECK_NO_SERVER),
    )
)


def read(files: Files, *secrets: Secret | None) -> tuple[LogEntry, ...]:
    """Read the end of the log; a log that is not there says nothing.

    Args:
        secrets: masked wherever a line repeats them.
    """
    try:
        tail = files.read_end(LOG, TAIL)
    except OSError:
        return ()
    return entries(tail.decode("utf-8", errors="replace"), *secrets)


def entries(text: str, *secrets: Secret | None) -> tuple[LogEntry, ...]:
    """Return the newest line for each code, newest first; lines that are none of them are passed over."""
    newest: dict[str, LogEntry] = {}
    for entry in _found(text, secrets):
        newest.pop(entry.code, None)
        newest[entry.code] = entry
    return tuple(reversed(newest.values()))[:MOST]


def code_of(line: str) -> CodeName | None:
    """Return the code that a line of the log, or the details of a status page, stand for."""
    line = line[:_LONGEST_LINE]
    if (named := _CODE.search(line)) is not None and named[1] in set(CodeName):
        return CodeName(named[1])
    return next((code for sentence, code in _SENTENCES if sentence.search(line)), None)


def _found(text: str, secrets: tuple[Secret | None, ...]) -> Iterator[LogEntry]:
    at, given_up = "", ""
    for whole in text.splitlines():
        line = parse(whole[:_LONGEST_LINE])
        at, words = (at if line.at is None else f"{line.at:%Y-%m-%d %H:%M:%S}"), line.words
        code = code_of(words)
        if code is None or (given_up and "Maximum attempt" in words):
            continue  # that it gave up says less than why each try failed, a line before
        given_up = words if "reach odoo.com" in words else ""
        yield LogEntry(code=code, at=at, text=redact(words, *secrets), status=_status(words, code))


def _status(words: str, code: CodeName) -> int | None:
    found = _STATUS.search(words) if code is CodeName.LOAD_REQUEST_STATUS else None
    return int(found[0]) if found else None
