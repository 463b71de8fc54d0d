"""What a cache may hold of a database: no key, and UUID and contract only if somebody has encrypted them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final

from ..model.reveal import reveal
from ..model.secret import Secret
from .reading import LONGEST, OdooBox, OdooContent
from .settings import FIELDS, OdooSettings

Encrypt = Callable[[str], str | None]
"""Encrypts a text; `None` where there is nothing to do it with."""
Decrypt = Callable[[str], str | None]
"""Decrypts a text; `None` where that cannot be done here."""
_SECRETS: Final = ("uuid", "contract")
_TEXTS: Final = tuple(each.name for each in fields(OdooBox) if each.name != "number")
_HOUR: Final = 3600
_DAY: Final = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptContent:
    """What was read of a database at some time."""

    content: OdooContent
    moment: datetime

    def age(self, now: datetime) -> float:
        """Return how old it is in seconds; a clock that was set back makes nothing younger than now."""
        return max(0.0, (now - self.moment).total_seconds())


def place_of_database(settings: OdooSettings) -> str:
    """Return under which name a database is kept: another one for each customer, server, database and account."""
    who = [settings.customer, settings.url, settings.database, settings.login, settings.model, dict(settings.fields)]
    return hashlib.sha256(json.dumps(who, sort_keys=True).encode()).hexdigest()


def to_keep(content: OdooContent, now: datetime, encrypt: Encrypt) -> dict[str, Any]:
    """Return what a cache may hold, as plain data."""
    secrets = {name: getattr(content, name) for name in _SECRETS}
    return {
        "read": now.isoformat(),
        "boxes": [asdict(each) for each in content.boxes],
        "missing": list(content.missing),
        **{name: encrypt(reveal(value)) for name, value in secrets.items() if value is not None},
    }


def secret_variables(content: OdooContent) -> dict[str, str]:
    """Return the variables with what is secret in a database, for whoever encrypts them."""
    known = {"iot_https_db_uuid": content.uuid, "iot_https_enterprise_code": content.contract}
    return {name: reveal(value) for name, value in known.items() if value is not None}


def kept(said: object, decrypt: Decrypt) -> KeptContent | None:
    """Return what a cache holds; `None` where it is not what was put there."""
    try:
        return _kept(said, decrypt)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _kept(said: Any, decrypt: Decrypt) -> KeptContent:
    moment = datetime.fromisoformat(str.__str__(said["read"]))
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    secrets = {name: _secret(said.get(name), decrypt) for name in _SECRETS}
    missing = tuple(name for name in FIELDS if name in list(said["missing"]))
    boxes = tuple(map(_box, list(said["boxes"])))
    return KeptContent(content=OdooContent(boxes=boxes, missing=missing, **secrets), moment=moment)


def _secret(value: object, decrypt: Decrypt) -> Secret | None:
    text = decrypt(str.__str__(value)) if isinstance(value, str) else None
    return None if text is None else Secret(text)


def _box(said: Mapping[str, Any]) -> OdooBox:
    number = said["number"]
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError("a number is expected")
    return OdooBox(number=int(number), **{name: _plain(said[name]) for name in _TEXTS})


def _plain(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError("text is expected")
    return str.__str__(value)[:LONGEST]


def in_words(seconds: float) -> str:
    """Return an age as people say it."""
    for size, word in ((_DAY, "day"), (_HOUR, "hour"), (60, "minute")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {word}{'s' if number > 1 else ''}"
    return "less than a minute"
