"""Ask public DNS for the box's public name from here: the answer that no router of the store can change."""

from __future__ import annotations

from typing import Protocol

from ..model.certificate_name import public_name
from ..model.inquiry import DnsAnswer, DnsOutcome, Whose
from ..model.observed import Observed

SECONDS = 4.0
_DNS_PORT = 53


class PublicDns(Protocol):
    """Some DNS server; tests and simulations bring their own, so that nobody leaves this machine."""

    async def ask(self, name: str) -> DnsAnswer:
        """Return what it says of the IPv4 addresses of a name; raises nothing for what a server can do."""


class Dns:
    """A server by its address, asked with dnspython over UDP, and over TCP where the answer is long.

    Args:
        server: `address`, or `address#port` as dnsmasq writes it.
    """

    def __init__(self, server: str, seconds: float = SECONDS) -> None:
        self._address, _, port = server.partition("#")
        self._port = int(port) if port else _DNS_PORT
        self._seconds = seconds

    async def ask(self, name: str) -> DnsAnswer:
        """See `PublicDns.ask`."""
        import dns.asyncresolver
        import dns.exception
        import dns.resolver

        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers, resolver.port, resolver.lifetime = [self._address], self._port, self._seconds
        try:
            answer = await resolver.resolve(f"{name}.", "A", search=False)
        except dns.resolver.NXDOMAIN:
            return self._answer(name, DnsOutcome.NO_SUCH_NAME, detail="NXDOMAIN")
        except dns.resolver.NoAnswer:
            return self._answer(name, DnsOutcome.NO_SUCH_NAME, detail="NODATA")
        except dns.resolver.NoNameservers:
            return self._answer(name, DnsOutcome.FAILING, detail="an error")
        except (dns.exception.DNSException, OSError) as error:  # a timeout, a name that cannot exist, no network
            return self._answer(name, DnsOutcome.SILENT, detail=type(error).__name__)
        return self._answer(name, DnsOutcome.ANSWERED, addresses=tuple(each.address for each in answer))

    def _answer(
        self, name: str, outcome: DnsOutcome, *, addresses: tuple[str, ...] = (), detail: str = ""
    ) -> DnsAnswer:
        return DnsAnswer(
            server=self._address,
            whose=Whose.PUBLIC,
            name=name,
            outcome=outcome,
            addresses=addresses,
            detail=detail,
        )


async def ask_public(server: PublicDns, observed: Observed) -> DnsAnswer | None:
    """Ask for the public name of a box, None where it has none yet."""
    leaf = observed.certificates.live.certificate
    name = public_name(observed.identity.host, leaf.name if leaf and not leaf.temporary else None)
    return None if name is None else await server.ask(name)
