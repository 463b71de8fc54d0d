"""The real `Network`, for a box and for the control machine. The environment's proxies and key logs are not looked at.

Built on `http.client`: importing `requests` takes about a second on a Raspberry Pi.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .dns import ask
from .http import exchange, open_tunnel
from .network import HttpsRequest
from .replies import HttpReply
from .stream import Lookup, TimedStream, TimeLimit, connect, look_up, system_lookup
from .tls import Trust, read_certificate, reading_context, shake_hands
from .url import Proxy, RequestTarget, parse_proxy, parse_target

DNS_PORT = 53


@dataclass(frozen=True, slots=True)
class NetworkClient:
    """Implements `network.Network`.

    Args:
        trust: whom requests over verified TLS may go to.
        dns_port: where DNS servers listen.
        lookup: how names are resolved.
    """

    trust: Trust
    dns_port: int = DNS_PORT
    lookup: Lookup = system_lookup

    def resolve(self, name: str, timeout: float) -> tuple[str, ...]:
        """Return the addresses of a name, IPv4 and IPv6; see `Network.resolve`."""
        return look_up(name, TimeLimit(timeout), self.lookup)

    def ask_resolver(self, server: str, name: str, timeout: float) -> tuple[str, ...]:
        """Ask one DNS server for the IPv4 addresses of a name; see `dns.ask`."""
        return ask(server, self.dns_port, name, TimeLimit(timeout))

    def served_certificate(self, address: str, port: int, name: str, timeout: float) -> bytes:
        """Return the certificate served on a port, in DER. It is not verified: the caller compares it."""
        limit = TimeLimit(timeout)
        with _reported(f"{address} port {port}", limit):
            return read_certificate(address, port, name, limit, self.lookup)

    def get(self, url: str, timeout: float, limit: int) -> HttpReply:
        """GET over plain HTTP; see `Network.get`.

        Raises:
            ValueError: `url` is not an http:// one, or the answer is not HTTP.
        """
        target = parse_target(url, "http")
        time_limit = TimeLimit(timeout)
        with _reported(target.authority, time_limit), self._connect(target.host, target.port, time_limit) as plain:
            return exchange(TimedStream(plain, time_limit), "GET", target, {}, None, limit=limit)

    def post(self, url: str, body: bytes, timeout: float, limit: int) -> HttpReply:
        """POST JSON over plain HTTP; see `Network.post`.

        Raises:
            ValueError: `url` is not an http:// one, or the answer is not HTTP.
        """
        target = parse_target(url, "http")
        time_limit, headers = TimeLimit(timeout), {"Content-Type": "application/json"}
        with _reported(target.authority, time_limit), self._connect(target.host, target.port, time_limit) as plain:
            return exchange(TimedStream(plain, time_limit), "POST", target, headers, body, limit=limit)

    def send(self, request: HttpsRequest) -> HttpReply:
        """Send a request over verified TLS; see `Network.send`."""
        target = parse_target(request.url, "https")
        via = None if request.proxy is None else parse_proxy(request.proxy)
        limit, method = TimeLimit(request.timeout), "GET" if request.body is None else "POST"
        context = self.trust(request.ca_file)
        with _reported(target.authority, limit):
            plain = self._reach(target, via, limit)
            with shake_hands(plain, context, target.host, limit) as secured:
                stream = TimedStream(secured, limit)
                return exchange(stream, method, target, request.headers, request.body, limit=request.limit)

    def presented(self, url: str, timeout: float, *, proxy: str | None = None) -> bytes | None:
        """Return the certificate of a URL's server in DER, unverified; see `Network.presented`."""
        scheme = "https" if url.lower().startswith("https:") else "http"
        target, via = parse_target(url, scheme), None if proxy is None else parse_proxy(proxy)
        limit = TimeLimit(timeout)
        with _reported(target.authority, limit):
            plain = self._reach(target, via, limit)
            if scheme == "http":
                plain.close()
                return None
            with shake_hands(plain, reading_context(), target.host, limit) as secured:
                return secured.certificate

    def _connect(self, host: str, port: int, limit: TimeLimit) -> socket.socket:
        return connect(host, port, limit, self.lookup)

    def _reach(self, target: RequestTarget, proxy: Proxy | None, limit: TimeLimit) -> socket.socket:
        """Open a connection that ends at the target, directly or through a proxy."""
        if proxy is None:
            return self._connect(target.host, target.port, limit)
        plain = self._connect(proxy.host, proxy.port, limit)
        try:
            open_tunnel(TimedStream(plain, limit), target, proxy)
        except BaseException:
            plain.close()
            raise
        return plain


@contextmanager
def _reported(peer: str, limit: TimeLimit) -> Iterator[None]:
    """Say of whom an error speaks. Those of TLS come out as they are: their type and code are what tells."""
    try:
        yield
    except TimeoutError as error:
        what = error if error.errno is not None else limit.passed()  # a socket's own says only "timed out"
        raise TimeoutError(errno.ETIMEDOUT, f"{peer}: {what.strerror}") from None
    except ssl.SSLError:
        raise
    except ValueError as error:
        raise ValueError(f"{peer}: {error}") from None
