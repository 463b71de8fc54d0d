"""Asking DNS servers one by one, each for a name, within seconds; what becomes of it is an answer, never an error."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

from ...checks.clients import leads_nowhere
from ...machine.reason import quoted
from ...model.certificate_name import public_name
from ...model.inquiry import DnsAnswer, DnsOutcome, Whose
from ...net.replies import DnsRefusal
from ..context import Box

SECONDS = 3.0
"""For one question: three datagrams, a second each. glibc waits 5 s, but also asks the next server then."""
_NO_SUCH_NAME = ("NXDOMAIN", "NODATA")


def ask(box: Box, server: str, whose: Whose, name: str) -> DnsAnswer:
    """Ask one server for the IPv4 addresses of a name."""
    try:
        addresses = box.system.ask_resolver(server, name, box.deadline.within(SECONDS))
    except DnsRefusal as refusal:
        unknown = refusal.rcode in _NO_SUCH_NAME
        outcome = DnsOutcome.NO_SUCH_NAME if unknown else DnsOutcome.FAILING
        return DnsAnswer(server=server, whose=whose, name=name, outcome=outcome, detail=refusal.rcode)
    except OSError as error:
        silent = error.errno is not None
        outcome = DnsOutcome.SILENT if silent else DnsOutcome.FAILING
        return DnsAnswer(server=server, whose=whose, name=name, outcome=outcome, detail=quoted(error))
    return DnsAnswer(server=server, whose=whose, name=name, outcome=DnsOutcome.ANSWERED, addresses=addresses)


def ask_about_box(box: Box, server: str, whose: Whose, name: str) -> DnsAnswer:
    """Ask one server for the box's public name, and where it answers without any address, for a public name too.

    The second question tells a server that hides this name, in whatever way, from one that is out of order.
    """
    answer = ask(box, server, whose, name)
    public = box.authority_host
    if answer.outcome is DnsOutcome.ANSWERED or _is_address(public):
        return answer
    other = ask(box, server, whose, public)
    usable = other.outcome is not DnsOutcome.ANSWERED or not leads_nowhere(other)
    return replace(answer, others=other.outcome if usable else DnsOutcome.NO_SUCH_NAME)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def ask_for_clients(box: Box, host: str, subject: str | None) -> tuple[DnsAnswer, ...]:
    """Ask the declared DNS servers of clients for the box's public name, where it has one.

    Args:
        host: first label of the name, the dashed address.
        subject: the wildcard of the certificate.
    """
    name = public_name(host, subject)
    servers = box.desired.client_resolvers or ()
    return () if name is None else tuple(ask_about_box(box, server, Whose.CLIENTS, name) for server in servers)
