"""Rows about one DNS server of the tills: what it says of the box's name and of a public one, and what that means.

A new way in which a router hides a name, or fails, is one more row.
"""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.codes import CodeName as C
from reconciler.model.inquiry import DnsOutcome

NAME = "192-168-1-20.d73e7513.odoo-iot.com"
BOX = "192.168.1.20"
ANSWERED, UNKNOWN, FAILING, SILENT = (
    DnsOutcome.ANSWERED,
    DnsOutcome.NO_SUCH_NAME,
    DnsOutcome.FAILING,
    DnsOutcome.SILENT,
)


@dataclass(frozen=True)
class Row:
    """One server.

    Args:
        said: an address, or the error with which it answers, or nothing for silence.
        others: what becomes of a public name at the same server; `None` where it was not asked.
        public: what public DNS says of the box's name; `None` where it was not asked.
    """

    title: str
    said: str
    others: DnsOutcome | None
    code: C | None
    public: str | None = None


ROWS = (
    Row("knows the box", BOX, None, None),
    Row("dnsmasq, unbound, FRITZ!Box: NXDOMAIN for this name only", "NXDOMAIN", ANSWERED, C.CLIENT_DNS_REBIND),
    Row("dnsmasq: the name without its address", "NODATA", ANSWERED, C.CLIENT_DNS_REBIND),
    Row("a filter's address of nobody", "0.0.0.0", None, C.CLIENT_DNS_REBIND),
    Row("a filter's address of the asker itself", "127.0.0.1", None, C.CLIENT_DNS_REBIND),
    Row("dnscrypt-proxy, Knot Resolver: REFUSED for this name only", "REFUSED", ANSWERED, C.CLIENT_DNS_REBIND),
    Row("BIND: SERVFAIL for this name only", "SERVFAIL", ANSWERED, C.CLIENT_DNS_REBIND),
    Row("a firewall that drops the answer", "", ANSWERED, C.CLIENT_DNS_REBIND),
    Row("a firewall that spoils the answer", "nonsense", ANSWERED, C.CLIENT_DNS_REBIND),
    Row("hidden here, known to public DNS", "SERVFAIL", ANSWERED, C.CLIENT_DNS_REBIND, BOX),
    Row("hidden here, public DNS not reached", "SERVFAIL", ANSWERED, C.CLIENT_DNS_REBIND, ""),
    Row("REFUSED for every name", "REFUSED", FAILING, C.CLIENT_DNS_OUTAGE),
    Row("SERVFAIL for every name", "SERVFAIL", FAILING, C.CLIENT_DNS_OUTAGE),
    Row("silent for every name", "", SILENT, C.CLIENT_DNS_OUTAGE),
    Row("NXDOMAIN for every name", "NXDOMAIN", UNKNOWN, C.CLIENT_DNS_OUTAGE),
    Row("this name unknown, then silent", "NXDOMAIN", SILENT, C.CLIENT_DNS_OUTAGE),
    Row("public name not asked, and silent", "", None, C.CLIENT_DNS_OUTAGE),
    Row("public name not asked, and no such name", "NXDOMAIN", None, C.CLIENT_DNS_REBIND),
    Row("unknown everywhere", "NXDOMAIN", ANSWERED, C.CLIENT_DNS_UNKNOWN_NAME, "NXDOMAIN"),
    Row("unknown at public DNS, an error here", "SERVFAIL", ANSWERED, C.CLIENT_DNS_UNKNOWN_NAME, "NXDOMAIN"),
    Row("an error everywhere: the zone is out of order", "SERVFAIL", ANSWERED, C.CLIENT_DNS_UNKNOWN_NAME, "SERVFAIL"),
    Row("an error at public DNS only: hidden here", "NXDOMAIN", ANSWERED, C.CLIENT_DNS_REBIND, "SERVFAIL"),
    Row("an old entry", "192.168.1.99", None, C.CLIENT_DNS_STALE),
    Row("a search page", "185.199.108.153", None, C.CLIENT_DNS_WRONG),
)
