"""What a request over the network returns: the reply to an HTTP request, or the refusal of a DNS server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpReply:
    """An answer to one request, body cut at the limit asked for; `complete` is false when there was more."""

    status: int
    reason: str
    body: bytes
    complete: bool = True


class DnsRefusal(OSError):
    """A DNS server answered, and its answer is no address; `rcode` is the DNS's name for it, or NODATA."""

    def __init__(self, server: str, rcode: str, explanation: str = "") -> None:
        super().__init__(f"{server} answered {rcode}{explanation}")
        self.rcode = rcode
