"""Digests of what was desired, so that a box can tell "the inventory was edited" from "the box changed".

A box remembers the digest of each concern when it has reached it. A difference found later is `drifted` when the
digest is still the same, and `pending` when it is not.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from enum import StrEnum
from typing import Final

from .desired import Desired
from .reveal import reveal
from .secret import Secret
from .urls import origin, server
from .wire import encode

_MAC: Final = re.compile(r"[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}")


class Concern(StrEnum):
    """Parts of the desired state that are edited and remembered as one."""

    LINK = "link"
    CREDENTIALS = "credentials"
    RESOLVERS = "resolvers"


def concern_digest(desired: Desired, concern: str) -> str:
    """Return SHA-256 (hex) over the desired values of a concern; two spellings of one address are the same.

    The token is left out: the database rotates it, so it is written when linking and never compared. The database
    UUID goes into the digest of the credentials, so that a short enterprise code cannot be guessed from it.

    Raises:
        ValueError: there is no such concern.
    """
    values: dict[Concern, tuple[object, ...]] = {
        Concern.LINK: (_address(desired.server_url), desired.db_name),
        Concern.CREDENTIALS: (desired.db_uuid, desired.enterprise_code),
        Concern.RESOLVERS: (desired.resolvers,),
    }
    wanted = Concern(concern)
    wire = encode([str(wanted), *values[wanted]], secret=reveal)
    return hashlib.sha256(json.dumps(wire, separators=(",", ":")).encode()).hexdigest()


def database_digest(db_uuid: Secret) -> str:
    """Return 16 hexadecimal digits by which one database can be told from others, and not found out."""
    return _short(f"database:{reveal(db_uuid).strip().lower()}")


def server_digest(url: str) -> str:
    """Return 16 hexadecimal digits by which one server can be told from others, however it is spelled."""
    return _short(f"server:{_server(url)}")


def serial_digest(serial: str) -> str:
    """Return 16 hexadecimal digits by which one machine can be told from others."""
    return _short(f"serial:{plain_serial(serial)}")


def plain_serial(serial: str) -> str:
    """Return a serial number as it is compared: device trees end it with a zero byte, and a MAC may have dashes."""
    plain = serial.strip().strip("\0").lower()
    return plain.replace("-", ":") if is_mac(plain) else plain


def is_mac(serial: str) -> bool:
    """Tell whether what a box is known by is the MAC address of its network: its homepage shows no other up to 18.3."""
    return _MAC.fullmatch(serial.strip()) is not None


def named_database_digest(url: str, db_name: str) -> str:
    """Return the same for a database that is known by its server and its name there."""
    return _short(f"database:{_server(url)} {db_name.strip()}")


def contract_digest(enterprise_code: Secret, salt: bytes) -> str:
    """Return what two contracts are compared by: short as they are, they could be found out from a digest without salt.

    Args:
        salt: random, of one process, kept nowhere.
    """
    return hmac.new(salt, reveal(enterprise_code).strip().lower().encode(), hashlib.sha256).hexdigest()


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _address(url: str | None) -> str | None:
    return None if url is None else origin(url) or url


def _server(url: str) -> str:
    return server(url) or url
