"""The text of a list: UTF-8, UTF-16 as a spreadsheet marks it, or what somebody says it is; never a guess."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

from ..model.names import shown
from .flaw import BadList, ListFlaw

MOST_BYTES: Final = 8 << 20
"""A list of 50,000 boxes has fewer."""
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ARCHIVES: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How files of spreadsheets begin: ZIP archives, and the compound files of older ones."""
_SAVE: Final = 'save it as "CSV UTF-8"'
_TELL: Final = "or tell its encoding, such as --encoding cp1252"


def text_of(path: Path, encoding: str | None = None) -> str:
    """Return the text of a file.

    Args:
        encoding: what it is written in; `None` for UTF-8, or UTF-16 with a mark.

    Raises:
        BadList: it cannot be read as text.
    """
    name = str(path)
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _bad(name, f"{error.strerror}: correct its name, or its mode") from None
    if len(raw) > MOST_BYTES:
        raise _bad(name, f"is longer than {MOST_BYTES} bytes: is this the right file?")
    if raw.startswith(_ARCHIVES):
        raise _bad(name, f"is a file of a spreadsheet, not CSV: {_SAVE}")
    return _without_nul(name, _decoded(name, raw, encoding))


def _decoded(name: str, raw: bytes, encoding: str | None) -> str:
    marked = next((codec for mark, codec in _MARKS if raw.startswith(mark)), None)
    try:
        return raw.decode(encoding or marked or "utf-8").removeprefix("\ufeff")
    except LookupError:
        unknown = f"--encoding {shown(str(encoding))} is not known"
        raise _bad(name, f"{unknown}: use utf-8, utf-16, cp1252 or latin-1") from None
    except UnicodeError as error:
        at = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = raw.count(b"\n", 0, at) + 1
        if encoding is not None:
            raise _bad(name, f"is not {shown(encoding)}: correct --encoding", line) from None
        raise _bad(name, f"is not UTF-8: {_SAVE}, {_TELL}", line) from None


def _without_nul(name: str, text: str) -> str:
    at = text.find("\0")
    if at >= 0:
        raise _bad(name, f"holds a NUL, which no text does: {_SAVE}, {_TELL}", text.count("\n", 0, at) + 1)
    return text


def _bad(name: str, text: str, line: int | None = None) -> BadList:
    return BadList(name, [ListFlaw(line, text)])
