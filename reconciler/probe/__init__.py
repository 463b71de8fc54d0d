"""The look from outside: what a till or a payment terminal meets when it connects to a box.

Nothing is written: one TLS handshake, the one route that has no effect on any branch, one look-up of the name.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..model.certificate_name import client_name
from ..model.desired import Desired
from ..model.observed import Observed
from ..net.tls import trusted_here
from ..results.finding import Finding
from . import hello, name, tls
from .judge import findings
from .seen import Seen
from .streams import Dial, direct_dial

__all__ = ["Dial", "Observer", "direct_dial"]


@dataclass(frozen=True, slots=True)
class Observer:
    """Somebody who looks at boxes from one place.

    Args:
        dial: how TCP connections are made from there.
        resolve: looks names up as clients there do; `None` where this machine's DNS is not that of the place.
        trust: whom clients there trust; one for all boxes, since making it costs more than a handshake.
        seconds: bound of one look.
    """

    dial: Dial = direct_dial
    resolve: name.Resolve | None = name.resolve
    trust: ssl.SSLContext = field(default_factory=trusted_here)
    seconds: float = 10.0

    async def look(self, address: str, desired: Desired, observed: Observed) -> tuple[Finding, ...]:
        """Look at a box and say what clients meet that the box itself cannot see.

        Args:
            address: where it is reached from there.
            observed: what the box program saw, to which this is compared.
        """
        leaf = observed.certificates.live.certificate
        public = client_name(observed.identity.host, leaf.name if leaf else None)
        wildcard = leaf is not None and not leaf.temporary and (leaf.name or "").startswith("*.")
        resolve = self.resolve if wildcard else None
        handshake, said, addresses = await asyncio.gather(
            tls.handshake(self.dial, tls.Server(address, desired.https_port, public), self.trust, self.seconds),
            hello.answers(self.dial, address, desired.homepage_port, self.seconds),
            name.addresses(resolve, public, self.seconds),
        )
        other = urlsplit(desired.authority_url).hostname or ""
        others = await name.addresses(resolve, other, self.seconds) if addresses == () else None
        seen = Seen(
            name=public,
            own_dns_fails=others == (),
            handshake=handshake,
            hello=said.problem,
            hello_by_another=said.by_another,
            addresses=addresses,
        )
        return findings(seen, observed, desired)
