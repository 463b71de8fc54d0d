"""The text that Odoo shows to connect a box and calls a token: address of the database, link and credentials in one.

Pasted whole into a variable for one of its parts it would be stored on the box as that part. So it is recognised in all
forms that Odoo has shown (a URL with parameters, parts between bars, the same in base64) and refused with where each
part belongs. Nothing of it is ever repeated: a part of it is a secret.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

_BY_PARAMETER: Final = {
    "token": "iot_https_token",
    "db_uuid": "iot_https_db_uuid",
    "enterprise_code": "iot_https_enterprise_code",
    "db_name": "iot_https_db_name",
}
_BY_PLACE: Final = (
    ("first", "iot_https_server_url"),
    ("second", "iot_https_token"),
    ("third", "iot_https_db_uuid"),
    ("fourth", "iot_https_enterprise_code"),
)
_TELLING: Final = ("token", "db_uuid")
"""Parameters that no other address has that somebody would write here."""
_WEB: Final = ("http://", "https://")
_BAR: Final = "|"


def refusal(text: str) -> str | None:
    """Return what is wrong where a text is a whole connection token, with the way out; `None` where it is none."""
    if (places := _places(text)) is not None:
        return _told("is the whole connection token of Odoo", places)
    if (places := _places(_decoded(text))) is not None:
        return _told("is the whole connection token of Odoo in base64: decode it", places)
    return None


def _places(text: str) -> list[str] | None:
    return _by_place(text) or _by_parameter(text)


def _told(what: str, places: list[str]) -> str:
    return f"{what}; its parts belong in {', '.join(places[:-1])} and {places[-1]}"


def _by_place(text: str) -> list[str] | None:
    parts = text.split(_BAR)
    if len(parts) == 1 or not parts[0].strip().lower().startswith(_WEB):
        return None
    return [f"{name} (the {place}, between bars)" for (place, name), _ in zip(_BY_PLACE, parts, strict=False)]


def _by_parameter(text: str) -> list[str] | None:
    if not text.strip().lower().startswith(_WEB):
        return None
    try:
        given = dict.fromkeys(name.lower() for name, _ in parse_qsl(urlsplit(text).query, keep_blank_values=True))
    except ValueError:  # a broken address, or more parameters than anybody writes
        return None
    if not any(name in given for name in _TELLING):
        return None
    known = [f"{_BY_PARAMETER[name]} (behind {name}=)" for name in given if name in _BY_PARAMETER]
    return ["iot_https_server_url (before the ?)", *known]


def _decoded(text: str) -> str:
    plain = unquote(text.strip()).encode("ascii", errors="replace")
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
