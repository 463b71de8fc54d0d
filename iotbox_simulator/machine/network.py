"""The network around boxes: DNS servers, the authority and proxies, shared by many; and one box's way into it."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from urllib.parse import urlsplit

from reconciler.machine.guarded import ForeignFile
from reconciler.net.network import HttpsRequest
from reconciler.net.replies import DnsRefusal, HttpReply

from .authority import Authority, AuthorityRequest, connection_failure, verification_error
from .clock import Clock
from .image import TRUSTED_ROOTS
from .nginx import Nginx
from .view import FileView
from .web import HTTP_PORT, HTTPS_PORT, ProgramHeld, WebReply, WebRequest

RESOLVERS_USED = 3
"""glibc looks at the first three lines."""
RESOLVER_SECONDS = 5.0
ROUND_TRIP = 0.02
AUTHORITY_SECONDS = 0.4
TLS_TOLERANCE = 45 * 86400.0
"""Seconds by which a clock may be wrong before it takes www.odoo.com's own certificate for expired or not yet valid."""
_DASHED = re.compile(r"^(\d+-\d+-\d+-\d+)\.[0-9a-f]+\.odoo-iot\.com$")
_NOT_YET_VALID, _EXPIRED, _NO_LOCAL_ISSUER = 9, 10, 20
_LIMIT = 1 << 22
_DOWN = (502, 503)


@dataclass(slots=True)
class DnsServer:
    """One resolver.

    Args:
        rebind_protection: it hides names that lead to private addresses.
        hides_with: the error with which it does, `None` where it does not answer at all.
        lies: what it answers in place of the truth, as a filter or an old entry does.
        rcode: the error with which it answers everything.
    """

    names: dict[str, tuple[str, ...]]
    alive: bool = True
    rebind_protection: bool = False
    hides_with: str | None = "NXDOMAIN"
    lies: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rcode: str | None = None

    def answer(self, name: str) -> tuple[str, ...]:
        """Return the addresses of a name, none where it does not exist."""
        dashed = _DASHED.match(name)
        if name.lower() in self.lies:
            return self.lies[name.lower()]
        if dashed is None:
            return self.names.get(name.lower(), ())
        return () if self.rebind_protection else (dashed[1].replace("-", "."),)

    def is_silent(self, name: str) -> bool:
        """Say whether no answer comes."""
        return not self.alive or (self.hides_with is None and self._hides(name))

    def error(self, name: str) -> str | None:
        """Return the error with which it answers about a name, None where it gives an address."""
        if self.rcode is not None or self.answer(name):
            return self.rcode
        return self.hides_with if self._hides(name) else "NXDOMAIN"

    def _hides(self, name: str) -> bool:
        return self.rebind_protection and name.lower() not in self.lies and _DASHED.match(name) is not None


@dataclass(slots=True)
class SharedWorld:
    """What all boxes share.

    Args:
        dns: resolvers by address.
        authority: what answers on www.odoo.com.
        tls_root: PEM of who signed the TLS certificate of www.odoo.com.
        proxies: `host:port` of the proxies that exist.
        down: hosts that resolve and do not answer.
        site: HTTP status of the front page of www.odoo.com.
        visits: hosts whose front page was asked for.
    """

    authority: Authority
    tls_root: str
    dns: dict[str, DnsServer] = field(default_factory=dict)
    proxies: set[str] = field(default_factory=set)
    down: set[str] = field(default_factory=set)
    site: int = 200
    visits: list[str] = field(default_factory=list)

    @property
    def unreachable(self) -> OSError | None:
        """Return why nobody reaches www.odoo.com, in the modes of the authority in which that is so."""
        return connection_failure(self.authority)


@dataclass(slots=True)
class BoxNetwork:
    """The `Network` Protocol as one box lives it.

    Args:
        answers: what listens on the box's own ports; ConnectionRefusedError where nothing does.
        blocked: hosts that the shop's firewall keeps it from.
        interceptors: certificate in DER of whoever answers in place of a host in this shop; boxes do not trust it.
    """

    world: SharedWorld
    files: FileView
    clock: Clock
    nginx: Nginx
    address: str
    answers: Callable[[int, WebRequest], WebReply] | None = None
    blocked: set[str] = field(default_factory=set)
    interceptors: dict[str, bytes] = field(default_factory=dict)

    def resolve(self, name: str, timeout: float) -> tuple[str, ...]:
        """Look a name up as every program on the box would; OSError (gaierror, TimeoutError) when it fails."""
        known = _address(name) or self._hosts().get(name)
        if known:
            return (known,)
        servers = self.nameservers()[:RESOLVERS_USED] or ("127.0.0.1",)
        for server in servers:
            there = self.world.dns.get(server)
            if there is None or not there.alive or there.rcode is not None:
                timeout = self._spend(RESOLVER_SECONDS, timeout)
                continue
            self._spend(ROUND_TRIP, timeout)
            found = there.answer(name)
            if not found:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            return found
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    def ask_resolver(self, server: str, name: str, timeout: float) -> tuple[str, ...]:
        """Ask one DNS server for the IPv4 addresses of a name; OSError when there is no usable answer."""
        there = self.world.dns.get(server)
        if there is None or there.is_silent(name):
            self.clock.advance(timeout)
            raise TimeoutError(errno.ETIMEDOUT, f"{server} did not answer within {timeout:g} s")
        self._spend(ROUND_TRIP, timeout)
        if (rcode := there.error(name)) is not None:
            raise DnsRefusal(server, rcode)
        return there.answer(name)

    def served_certificate(self, address: str, port: int, name: str, timeout: float) -> bytes:  # noqa: ARG002
        """Return the DER certificate that a TLS handshake presents, unverified; OSError when it fails."""
        self._own(address)
        self._spend(ROUND_TRIP, timeout)
        if port != HTTPS_PORT or self.nginx.served is None:
            raise ConnectionRefusedError(111, f"{address} port {port}: Connection refused")
        return self.nginx.served

    def get(self, url: str, timeout: float, limit: int) -> HttpReply:
        """GET from the box itself, redirects not followed; OSError when there is no answer."""
        return self._own_page(url, "GET", b"", timeout, limit)

    def post(self, url: str, body: bytes, timeout: float, limit: int) -> HttpReply:
        """POST JSON from the box itself; OSError when there is no answer."""
        return self._own_page(url, "POST", body, timeout, limit)

    def _own_page(self, url: str, method: str, body: bytes, timeout: float, limit: int) -> HttpReply:
        parts = urlsplit(url)
        self._own(parts.hostname or "")
        self._spend(ROUND_TRIP, timeout)
        if self.answers is None:
            raise ConnectionRefusedError(111, "Connection refused")
        try:
            reply = self.answers(
                parts.port or HTTP_PORT,
                WebRequest(
                    method,
                    parts._replace(scheme="", netloc="").geturl(),
                    {"content-type": "application/json"} if method == "POST" else {},
                    body,
                ),
            )
        except ProgramHeld:
            self.clock.advance(timeout)
            raise
        return HttpReply(reply.status, reply.reason, reply.body[:limit], len(reply.body) <= limit)

    def send(self, request: HttpsRequest, *, verified: bool = True) -> HttpReply:
        """POST to the authority, the only one that boxes post to, or GET the front page of its site.

        Args:
            verified: the vendor's older code verifies nothing.
        """
        return (
            self._front_page(request) if request.body is None else self._post(request, request.body, verified=verified)
        )

    def _post(self, request: HttpsRequest, body: bytes, *, verified: bool) -> HttpReply:
        trusted, timeout = self._trusted(request.ca_file), request.timeout
        before = self.clock.elapsed
        host = urlsplit(request.url).hostname or ""
        self._reach(host, request.proxy, timeout)
        left = timeout - (self.clock.elapsed - before)
        self._spend(AUTHORITY_SECONDS, left)
        if verified:
            self._verify(host, trusted)
        try:
            wait, now = partial(self._spend, left=left - AUTHORITY_SECONDS), self.clock.true_time()
            asked = AuthorityRequest(request.url, body, dict(request.headers), now, request.limit, wait)
            return self.world.authority(asked)
        except TimeoutError:
            self.clock.advance(timeout - (self.clock.elapsed - before))
            raise

    def _front_page(self, request: HttpsRequest) -> HttpReply:
        """Answer for www.odoo.com; who cannot be asked for a certificate cannot be reached for it either."""
        trusted, host = self._trusted(request.ca_file), urlsplit(request.url).hostname or ""
        self._reach(host, request.proxy, request.timeout)
        self._spend(ROUND_TRIP, request.timeout)
        self._verify(host, trusted)
        if (error := self.world.unreachable) is not None:
            raise error
        self.world.visits.append(host)
        body = b"<html><body>This website is under maintenance</body></html>" if self.world.site in _DOWN else b"Odoo"
        phrase, limit = HTTPStatus(self.world.site).phrase, request.limit
        return HttpReply(self.world.site, phrase, body[:limit], len(body) <= limit)

    def presented(self, url: str, timeout: float, *, proxy: str | None = None) -> bytes | None:
        """Return the certificate of whoever answers at a URL; nobody looks closer at that of the right one."""
        parts = urlsplit(url)
        self._reach(parts.hostname or "", proxy, timeout)
        self._spend(ROUND_TRIP, timeout)
        return self.interceptors.get(parts.hostname or "", b"") if parts.scheme == "https" else None

    def reachable(self, url: str) -> bool:
        """Say whether the box gets an answer from a server."""
        host = urlsplit(url).hostname or ""
        try:
            self.resolve(host, 60.0)
        except OSError:
            return False
        return host not in self.world.down | self.blocked

    def nameservers(self) -> tuple[str, ...]:
        """Return what the live `/etc/resolv.conf` lists."""
        lines = self._text("/etc/resolv.conf").splitlines()
        return tuple(words[1] for words in map(str.split, lines) if words[:1] == ["nameserver"] and len(words) > 1)

    def _reach(self, host: str, proxy: str | None, timeout: float) -> None:
        if proxy is not None:
            via = urlsplit(proxy)
            self.resolve(via.hostname or "", timeout)
            if f"{via.hostname}:{via.port}" not in self.world.proxies:
                raise ConnectionRefusedError(111, f"{via.hostname}:{via.port}: Connection refused")
            return
        self.resolve(host, timeout)
        if host in self.blocked:
            self._spend(timeout + 1.0, timeout)
        if host in self.world.down:
            raise ConnectionRefusedError(111, f"{host}: Connection refused")

    def _trusted(self, ca_file: str | None) -> str:
        if ca_file and not self.files.status(ca_file, follow=True).guarded:
            raise ForeignFile.open_place(ca_file)
        extra = self.files.read(ca_file, _LIMIT).decode() if ca_file else ""
        return self._text(TRUSTED_ROOTS) + extra

    def _verify(self, host: str, trusted: str) -> None:
        if host in self.interceptors:
            raise verification_error(_NO_LOCAL_ISSUER, "unable to get local issuer certificate")
        if self.clock.skew > TLS_TOLERANCE:
            raise verification_error(_EXPIRED, "certificate has expired")
        if self.clock.skew < -TLS_TOLERANCE:
            raise verification_error(_NOT_YET_VALID, "certificate is not yet valid")
        if self.world.tls_root.strip() not in trusted:
            raise verification_error(_NO_LOCAL_ISSUER, "unable to get local issuer certificate")

    def _hosts(self) -> dict[str, str]:
        lines = [line.partition("#")[0].split() for line in self._text("/etc/hosts").splitlines()]
        return {name: words[0] for words in reversed(lines) for name in words[1:]}

    def _text(self, path: str) -> str:
        try:
            return self.files.read(path, _LIMIT).decode(errors="replace")
        except OSError:
            return ""

    def _spend(self, seconds: float, left: float) -> float:
        """Let `seconds` pass and return what is then left; TimeoutError when it is not enough."""
        self.clock.advance(min(seconds, left))
        if seconds > left:
            raise TimeoutError(110, "Connection timed out")
        return left - seconds

    def _own(self, host: str) -> None:
        if host not in ("127.0.0.1", "localhost", self.address):
            raise AssertionError(f"the simulated network has nobody else at {host}")


def _address(name: str) -> str | None:
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return None
