"""One spelling per server: two addresses are the same database when scheme, host and port are."""

from __future__ import annotations

from typing import Final
from urllib.parse import SplitResult, urlsplit

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


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
    """Reduce a web address to `scheme://host[:port]`, lower case, default port and path left out.

    A user and password are dropped with the rest. `None` if it is not an http or https URL.
    """
    parts = split_web(url)
    if parts is None or parts.hostname is None:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname.rstrip(".")
    if not host:
        return None
    port = "" if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"
