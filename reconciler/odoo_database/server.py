"""Ask a server over HTTP: one host, TLS verified, no redirects, and no more bytes or time than allowed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn, Protocol
from urllib.parse import urlsplit

from ..machine.posix.trust import trusting_context
from ..model.names import shown
from ..printable import printable
from .errors import OdooRefused, OdooUnreachable
from .settings import OdooSettings

MOST_BYTES: Final = 4 << 20
"""Bytes of one reply; a page of boxes has some dozens of kilobytes."""
CONNECT_SECONDS: Final = 10.0
_PIECE: Final = 1 << 16
_MOST_CAUSES: Final = 20
_REDIRECTS: Final = range(300, 400)
_SERVER_FAILS: Final = range(500, 600)
_TOO_MANY: Final = 429
_PATIENCE: Final = 2
"""How often a request is sent again that came too soon for the server."""
_PAUSE: Final = 2.0
_LONGEST_PAUSE: Final = 30.0


@dataclass(frozen=True, slots=True)
class OdooReply:
    """What came back, whatever it is. `content_type` is in lower case, without parameters."""

    status: int
    content_type: str
    body: bytes


class AskedServer(Protocol):
    """What a protocol needs of a server; see `OdooServer`."""

    @property
    def url(self) -> str:
        """Where it is, for messages."""

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> OdooReply:
        """Send a request."""


class OdooServer:
    """One server, for one reading of one database.

    Args:
        settings: where it is, and whom to trust.
        clock: seconds that only go forward.
        sleep: waits for seconds.
    """

    def __init__(
        self,
        settings: OdooSettings,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = settings.url
        self._clock, self._sleep = clock, sleep
        self._until = clock() + settings.seconds
        self._seconds = settings.seconds
        self._session = _session(settings)

    def close(self) -> None:
        """Close its connections."""
        self._session.close()

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> OdooReply:
        """Send a request, and again after a while where the server says that it came too soon.

        Raises:
            OdooUnreachable: there is no whole reply, or the server itself is out of order.
            OdooRefused: the server sends elsewhere.
        """
        for tries_left in range(_PATIENCE, -1, -1):
            reply, wait = self._once(method, path, body, headers or {})
            if reply.status != _TOO_MANY or tries_left == 0:
                break
            self._sleep(min(wait, self._left()))
        if reply.status == _TOO_MANY:
            raise OdooUnreachable(f"{self.url} answers that too much is asked (HTTP 429): try again later")
        if reply.status in _SERVER_FAILS:
            raise OdooUnreachable(f"{self.url} answers with an error (HTTP {reply.status}): look into Odoo's log")
        return reply

    def _once(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[OdooReply, float]:
        import requests

        left = self._left()
        sent = {"User-Agent": "iot-https", "Accept-Encoding": "identity", **headers}
        try:
            with self._session.request(
                method,
                f"{self.url}{path}",
                data=body,
                headers=sent,
                allow_redirects=False,
                stream=True,
                timeout=(min(CONNECT_SECONDS, left), left),
            ) as came:
                if came.status_code in _REDIRECTS:
                    raise OdooRefused(f"{self.url} redirects {_whither(came.headers.get('Location'))}: correct url")
                if came.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
                    raise OdooUnreachable(
                        f"{self.url} packs its answer although asked not to: check what is before Odoo"
                    )
                kind = str(came.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
                wait = _pause(came.headers.get("Retry-After"))
                return OdooReply(came.status_code, kind, b"".join(self._pieces(came))), wait
        except (requests.RequestException, OSError) as error:
            self._raise(error)

    def _pieces(self, came: Any) -> Iterator[bytes]:
        size = 0
        for piece in came.iter_content(_PIECE):
            size += len(piece)
            if size > MOST_BYTES:
                raise OdooUnreachable(f"{self.url} answers with more than {MOST_BYTES >> 20} MiB: correct url")
            self._left()
            yield piece

    def _left(self) -> float:
        left = self._until - self._clock()
        if left <= 0:
            raise OdooUnreachable(late(self.url, self._seconds))
        return left

    def _raise(self, error: Exception) -> NoReturn:
        """Say why there is no reply; what the library says would repeat headers of a proxy."""
        import requests

        if isinstance(error, requests.Timeout):
            raise OdooUnreachable(f"{self.url} does not answer in time: check the network, or raise seconds") from None
        if isinstance(error, requests.exceptions.SSLError):
            raise OdooUnreachable(
                f"{self.url} shows a certificate that is not trusted here: name its authority with ca_file"
            ) from None
        if isinstance(error, requests.exceptions.ProxyError):
            raise OdooUnreachable(f"{self.url} is not reached through the proxy: check proxy") from None
        if isinstance(error, requests.exceptions.ConnectionError):
            raise OdooUnreachable(f"{self.url} is not reached{_kernel(error)}: check url and the network") from None
        raise OdooUnreachable(f"{self.url} ends its answer too soon: try again") from None


def late(url: str, seconds: float) -> str:
    """Say that a database was not read within its time."""
    return f"{url} was not read within {seconds:g} seconds: raise seconds, or look at what slows Odoo down"


def _session(settings: OdooSettings) -> Any:
    """Return a session that looks at nothing of the environment: `.netrc` there would replace the key.

    Raises:
        OdooRefused: `requests` is missing, or `ca_file` cannot be read.
    """
    try:
        import requests
        from requests.adapters import HTTPAdapter
        from requests.utils import get_environ_proxies
    except ImportError:
        raise OdooRefused(
            "Odoo is asked by the Python package requests, which is missing: pip install requests"
        ) from None
    try:
        context = trusting_context(settings.ca_file)
    except (OSError, ValueError):
        raise OdooRefused(f"ca_file {shown(settings.ca_file or '')} cannot be read as PEM: correct it") from None

    class Verified(HTTPAdapter):
        """Trusts whom the system trusts, and `ca_file`; nobody else."""

        def init_poolmanager(self, *arguments: Any, **keywords: Any) -> Any:
            return super().init_poolmanager(*arguments, **{**keywords, "ssl_context": context})

        def proxy_manager_for(self, *arguments: Any, **keywords: Any) -> Any:
            return super().proxy_manager_for(*arguments, **{**keywords, "ssl_context": context})

        def cert_verify(self, conn: Any, *_: Any, **__: Any) -> None:
            conn.cert_reqs, conn.ca_certs = "CERT_REQUIRED", None

    class Unled(requests.Session):
        """Goes nowhere else."""

        def get_redirect_target(self, resp: Any) -> str | None:  # noqa: ARG002
            """Return nothing: the library reads a redirect to its end even where it does not follow it."""
            return None

    session = Unled()
    session.trust_env = False
    session.mount("https://", Verified())
    if settings.environment_proxies:
        session.proxies.update(get_environ_proxies(settings.url))
    if settings.proxy is not None:
        session.proxies.update({"http": settings.proxy, "https": settings.proxy})
    return session


def _whither(location: str | None) -> str:
    """Name the host of a redirect; the rest of its address may hold anything."""
    try:
        host = urlsplit(location or "").hostname
    except ValueError:
        host = None
    return f"to {shown(host)}" if host else "elsewhere"


def _pause(retry_after: str | None) -> float:
    """Return for how long a server wants to be left alone, in seconds, as far as we wait."""
    text = (retry_after or "").strip()
    return min(float(text), _LONGEST_PAUSE) if text.isascii() and text.isdigit() and len(text) < 6 else _PAUSE  # noqa: PLR2004


def _kernel(error: BaseException) -> str:
    """Return what the system says of it, if it does."""
    cause: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if cause is None:
            break
        reason = getattr(cause.args[0], "reason", None) if cause.args else None
        if isinstance(cause, OSError) and cause.strerror:
            return f" ({printable(cause.strerror)})"
        cause = reason if isinstance(reason, BaseException) else cause.__cause__ or cause.__context__
    return ""
