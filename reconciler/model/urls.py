"""One spelling per server, and when two addresses are the same server.

Here alone is decided which addresses mean one server, on a box and on the control machine: a box with another spelling
of its own database's address is mended, and none is taken for a stranger's for it.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import Final
from urllib.parse import SplitResult, urlsplit

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_LONGEST_LABEL: Final = 63
"""Of a name in DNS (RFC 1035)."""


class Spelling(StrEnum):
    """In which way the address of a server is spelled that programs do not take alike."""

    SPACES = "spaces"
    LETTERS = "letters"
    DOT = "dot"


def split_web(url: str) -> SplitResult | None:
    """Return the parts of an http or https URL with a host and a possible port; `None` for anything else."""
    if any(character.isspace() or not character.isprintable() for character in url):
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def origin(url: str) -> str | None:
    """Reduce a web address to `scheme://host[:port]`, the host as DNS has it, default port and path left out.

    A user and password are dropped with the rest. `None` if it is not an http or https URL.
    """
    parts = split_web(url)
    host = None if parts is None else _host(parts)
    if parts is None or host is None:
        return None
    port = "" if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def server(url: str) -> str | None:
    """Return what a server is told from others by: its host, and a port that is no default port of the web.

    The scheme is none of it: that the same host answers on 80 and on 443 does not make two databases of one. `None` if
    it is not an http or https URL.
    """
    parts = split_web(url)
    host = None if parts is None else _host(parts)
    if parts is None or host is None:
        return None
    return host if parts.port in (None, *_DEFAULT_PORTS.values()) else f"{host}:{parts.port}"


def oddly_spelled(url: str) -> Spelling | None:
    """Return in which way the host is spelled that programs do not take alike; `None` where they do.

    Capitals and a default port lead anywhere to the same place. A dot at the end fails the vendor's check of the
    server's certificate or its choice of the database, and other letters than ASCII are looked up differently by each
    library.
    """
    parts = split_web(url)
    if parts is None or parts.hostname is None:
        return None
    if not parts.hostname.isascii():
        return Spelling.LETTERS
    return Spelling.DOT if parts.hostname.endswith(".") else None


def _host(parts: SplitResult) -> str | None:
    """Return the host as it is looked up, letters of other alphabets in Punycode (RFC 3492); None for no such name."""
    name = parts.hostname or ""
    if ":" in name:
        return f"[{name}]"
    name = unicodedata.normalize("NFKC", name).lower().replace("\u3002", ".").rstrip(".")
    labels = [each if each.isascii() else f"xn--{each.encode('punycode').decode('ascii')}" for each in name.split(".")]
    too_long = any(len(each) > _LONGEST_LABEL for each in labels) and not name.isascii()
    return None if too_long or not name else ".".join(labels)
