"""A request to a box and its answer, without any socket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

HOMEPAGE_PORT = 8069
HTTP_PORT = 80
HTTPS_PORT = 443

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WebRequest:
    """What arrives. `target` is path and query as sent; names in `headers` are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def parts(self) -> SplitResult:
        """Return the target taken apart."""
        return urlsplit(self.target)


@dataclass(frozen=True, slots=True)
class WebReply:
    """What goes back."""

    status: int
    headers: Headers
    body: bytes

    @property
    def reason(self) -> str:
        """Return the words behind the status."""
        return HTTPStatus(self.status).phrase

    def header(self, name: str) -> str | None:
        """Return the first header of a name, in whatever case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class ProgramHeld(TimeoutError):
    """The kernel takes the connection, and nobody answers: the process is stopped by a signal."""
