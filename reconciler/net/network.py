"""What a machine can reach, as one Protocol; `client` is the real one, and tests and the simulator bring others."""

from __future__ import annotations

from typing import Protocol

from .replies import HttpReply


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

    def get_secured(
        self, url: str, timeout: float, limit: int, *, ca_file: str | None = None, proxy: str | None = None
    ) -> HttpReply:
        """GET with TLS verified as in `post`, redirects not followed; raises what `post` does."""

    def presented(self, url: str, timeout: float, *, proxy: str | None = None) -> bytes | None:
        """Connect to the server of a URL; return the DER certificate that it presents, unverified.

        Nothing is sent over the connection. For an http URL only the connection is made, and `None` returned.

        Raises:
            OSError: name resolution, connection, TLS or time failed.
            ValueError: it is no such URL, or what answers is not an HTTP proxy.
        """

    def post(
        self,
        url: str,
        body: bytes,
        headers: dict[str, str],
        timeout: float,
        limit: int,
        *,
        ca_file: str | None = None,
        proxy: str | None = None,
    ) -> HttpReply:
        """POST with TLS verified against the box's own trust store plus `ca_file`, redirects not followed.

        Raises:
            ssl.SSLCertVerificationError: the certificate that came back is not one of the named host.
            OSError: name resolution, connection, TLS or time failed.
            ValueError: the answer is not HTTP.
        """
