"""What a machine can reach, as one Protocol; `client` is the real one, and tests and the simulator bring others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from .replies import HttpReply


@dataclass(frozen=True, slots=True)
class HttpsRequest:
    """One request over verified TLS: a POST where it has a body, else a GET.

    Args:
        timeout: seconds for everything, name resolution and proxy included.
        limit: bytes of the answer's body to keep.
        ca_file: PEM authorities to trust besides the machine's own.
        proxy: `http://[user:password@]host:port`.
    """

    url: str
    timeout: float
    limit: int
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    ca_file: str | None = None
    proxy: str | None = field(default=None, repr=False)


class Network(Protocol):
    """What can be reached. All times are seconds and bound the whole call."""

    def resolve(self, name: str, timeout: float) -> tuple[str, ...]:
        """Look a name up as every program on the box would; OSError (gaierror, TimeoutError) when it fails."""

    def ask_resolver(self, server: str, name: str, timeout: float) -> tuple[str, ...]:
        """Ask one DNS server for the IPv4 addresses of a name.

        Raises:
            DnsRefusal: it answered that there is no such name, or that it will not or cannot say.
            OSError: there is no usable answer.
        """

    def served_certificate(self, address: str, port: int, name: str, timeout: float) -> bytes:
        """Return the DER certificate that a TLS handshake presents, unverified; OSError when it fails."""

    def get(self, url: str, timeout: float, limit: int) -> HttpReply:
        """GET from the box itself, redirects not followed; OSError when there is no answer."""

    def post(self, url: str, body: bytes, timeout: float, limit: int) -> HttpReply:
        """POST JSON from the box to itself, redirects not followed; OSError when there is no answer."""

    def send(self, request: HttpsRequest) -> HttpReply:
        """Send a request with TLS verified; redirects are not followed.

        Raises:
            ssl.SSLCertVerificationError: the certificate that came back is not one of the named host.
            OSError: name resolution, connection, TLS or time failed.
            ValueError: the URL is no https:// one, the proxy has another form, or the answer is not HTTP.
        """

    def presented(self, url: str, timeout: float, *, proxy: str | None = None) -> bytes | None:
        """Connect to the server of a URL; return the DER certificate that it presents, unverified.

        Nothing is sent over the connection. For an http URL only the connection is made, and `None` returned.

        Raises:
            OSError: name resolution, connection, TLS or time failed.
            ValueError: it is no such URL, or what answers is not an HTTP proxy.
        """
