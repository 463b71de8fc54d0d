"""Split URLs without ever repeating them in an error: they may hold a password."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

_PORTS = {"http": 80, "https": 443}
_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class RequestTarget:
    """Where a request goes. `path` includes the query; `host` is ASCII, an IPv6 address without brackets."""

    host: str
    port: int
    path: str = field(repr=False)
    default_port: bool

    @property
    def authority(self) -> str:
        """Host and port, as in CONNECT."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def host_header(self) -> str:
        """The value of `Host`."""
        return self.authority.rpartition(":")[0] if self.default_port else self.authority


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy. `authorization`: the value of `Proxy-Authorization`, a secret."""

    host: str
    port: int
    authorization: str | None = field(default=None, repr=False)


def parse_target(url: str, scheme: str) -> RequestTarget:
    """Take the URL of a request apart.

    Raises:
        ValueError: it is not an absolute URL of that scheme, or holds credentials.
    """
    if not url.lower().startswith(f"{scheme}://"):
        raise ValueError(f"the URL does not begin with {scheme}://")
    parts, host, port = _split(url, "the URL")
    if "@" in parts.netloc:
        raise ValueError("the URL holds credentials")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return RequestTarget(host, _PORTS[scheme] if port is None else port, path, port in (None, _PORTS[scheme]))


def parse_proxy(url: str) -> Proxy:
    """Take `http://[user:password@]host:port` apart.

    Raises:
        ValueError: it has another shape.
    """
    parts, host, port = _split(url, "the proxy URL")
    if parts.scheme != "http" or port is None or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("the proxy URL is not of the form http://[user:password@]host:port")
    if parts.username is None:
        return Proxy(host, port)
    credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    return Proxy(host, port, "Basic " + base64.b64encode(credentials).decode("ascii"))


def _split(url: str, what: str) -> tuple[SplitResult, str, int | None]:
    if any(character <= " " or character == "\x7f" for character in url):
        raise ValueError(f"{what} holds a space or a control character")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        raise ValueError(f"{what} cannot be parsed") from None
    if not host or port == 0:
        raise ValueError(f"{what} has no host or no usable port")
    return parts, host, port
