"""Codes about the DNS servers that tills and payment terminals ask: never changed by us, only found and explained.

The vendor's page has one remedy, Google DNS on the router or on each device. Where that is not wanted, an exception
for one domain is enough; its exact line is here for what shops have.
"""

from __future__ import annotations

from typing import Final

from ...model.code_name import CodeName, Variant
from ...model.severity import FindingClass, Severity
from ...model.step_name import StepName
from ..entry import Code, Origin, VariantEntry
from ..phrases.dns import DNS_ANSWERS

_DOMAIN: Final = "odoo-iot.com"
_GOOGLE: Final = "use Google DNS (8.8.8.8, 8.8.4.4) on the router, or on each device where the router cannot be set"
_BEYOND: Final = "Payment terminals mostly bring DNS servers of their own and need no change. Network matters are "
_ASK: Final = f"{_BEYOND}beyond Odoo's support: ask your network administrator."

_TELL: Final = "If tills ask other servers, name them in iot_https_client_resolvers, and only those are judged."

DEVICES: Final = (
    (
        "Windows client (PowerShell as administrator; Get-DnsClientServerAddress shows the name of its network card)",
        "Set-DnsClientServerAddress -InterfaceAlias 'Ethernet' -ServerAddresses 8.8.8.8,8.8.4.4; Clear-DnsClientCache",
    ),
    (
        "Android (Settings > Network & internet > Private DNS > Private DNS provider hostname; needs TCP port 853)",
        "dns.google",
    ),
    ("iPhone, iPad (Settings > Wi-Fi > (i) of the network > Configure DNS > Manual), two servers", "8.8.8.8\n8.8.4.4"),
    (
        "macOS (Terminal; networksetup -listallnetworkservices shows other names than Wi-Fi)",
        "networksetup -setdnsservers Wi-Fi 8.8.8.8 8.8.4.4",
    ),
    (
        "Linux client (NetworkManager; nmcli connection show --active shows NAME)",
        "nmcli connection modify NAME ipv4.ignore-auto-dns yes ipv4.dns '8.8.8.8 8.8.4.4' && nmcli connection up NAME",
    ),
)
"""How each device that interacts with a box is told Google DNS, where the router cannot be: the vendor's page leaves
that to the makers' websites. From PowerShell's reference, Android's and Apple's guides, networksetup(8), nmcli(1)."""
EXCEPTIONS: Final = (
    ("dnsmasq (dnsmasq.conf)", f"rebind-domain-ok=/{_DOMAIN}/"),
    (
        "OpenWrt (shell)",
        f"uci add_list dhcp.@dnsmasq[0].rebind_domain='{_DOMAIN}' && uci commit dhcp && /etc/init.d/dnsmasq restart",
    ),
    ("unbound (unbound.conf, below server:)", f'private-domain: "{_DOMAIN}"'),
    (
        "pfSense (Services > DNS Resolver > Custom options), two lines",
        f'server:\nprivate-domain: "{_DOMAIN}"',
    ),
    ("OPNsense (Services > Unbound DNS > Advanced > Private Domains)", _DOMAIN),
    (
        "FRITZ!Box (Home Network > Network > Network Settings > DNS Rebind Protection)",
        _DOMAIN,
    ),
    (
        "BIND (named.conf, in options: after the addresses of deny-answer-addresses)",
        f'except-from {{ "{_DOMAIN}"; }};',
    ),
    ("dnscrypt-proxy (the file that allowed_names_file in dnscrypt-proxy.toml names)", f"*.{_DOMAIN}"),
    *DEVICES,
)
"""Where, and exactly what. The directives are of dnsmasq(8), OpenWrt's dhcp configuration, unbound.conf(5), BIND 9's
reference and dnscrypt-proxy's page about filters."""

_REBIND: Final = f"Exempt {_DOMAIN} from rebind protection on the named server, or {_GOOGLE}. {_ASK}"
_OUTAGE: Final = f"Restart or replace the named server, or correct iot_https_client_resolvers; or {_GOOGLE}. {_ASK}"
_WRONG: Final = f"Switch the filter off for {_DOMAIN} on the named server, or {_GOOGLE}. {_ASK}"
_STALE: Final = (
    "Remove the entry from the named server and restart it, and reserve a fixed address for the box in the "
    f"router's DHCP settings; or {_GOOGLE}. {_ASK}"
)


def _likely(remedy: str) -> dict[Variant, VariantEntry]:
    """Where it is only likely that tills ask these servers, the way out is to say which they ask."""
    return {Variant.LIKELY_ASKED: VariantEntry(remedy=f"{remedy} {_TELL}")}


_DNS: Final = (
    "the box's name and address, and what each server answered, with what public DNS answers where it was asked"
)

CODES: Final = (
    Code(
        name=CodeName.CLIENT_DNS_OUTAGE,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.CLIENT_DNS,
        title="A DNS server of the tills does not work",
        cause="It gives no address for a public name such as www.odoo.com either: it is down, has another address, "
        "cannot reach the internet itself, or a firewall is in between.",
        remedy=_OUTAGE,
        variants=_likely(_OUTAGE),
        recipes=DEVICES,
        sentences=DNS_ANSWERS,
        shows=_DNS,
    ),
    Code(
        name=CodeName.CLIENT_DNS_REBIND,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.CLIENT_DNS,
        title="The shop's DNS hides the box's odoo-iot.com name",
        cause="The DNS server drops public names that lead to private addresses (rebind protection, in many routers): "
        "it answers that there is no such name, or REFUSED or SERVFAIL for this name only, or not at all. "
        "Tills open the box by its IP address and not by its name; browsers show DNS_PROBE_FINISHED_NXDOMAIN.",
        remedy=_REBIND,
        variants=_likely(_REBIND),
        recipes=EXCEPTIONS,
        sentences=DNS_ANSWERS,
        shows=_DNS,
    ),
    Code(
        name=CodeName.CLIENT_DNS_STALE,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.CLIENT_DNS,
        title="The shop's DNS still has another address for the box's name",
        cause="The name leads to another address of a private network: an entry made by hand on the router, or an "
        "answer kept from before the box got the address that it has now.",
        remedy=_STALE,
        variants=_likely(_STALE),
        recipes=DEVICES,
        sentences=DNS_ANSWERS,
        shows=_DNS,
    ),
    Code(
        name=CodeName.CLIENT_DNS_WRONG,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.CLIENT_DNS,
        title="The shop's DNS gives a wrong address for the box's name",
        cause="The name leads out of the shop: a filter, a login page of the network or the provider's search page "
        "answers in place of the real DNS.",
        remedy=_WRONG,
        variants=_likely(_WRONG),
        recipes=DEVICES,
        sentences=DNS_ANSWERS,
        shows=_DNS,
    ),
    Code(
        name=CodeName.CLIENT_DNS_UNKNOWN_NAME,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.CLIENT_DNS,
        title="The box's odoo-iot.com name cannot be looked up in public DNS",
        cause="The shop's DNS and public DNS agree that there is no such name, or both answer with an error: the "
        "certificate is of a database that is gone, or the zone odoo-iot.com has an outage.",
        remedy="Wait an hour and diagnose again. If it stays, have the box fetch a new certificate; if that has the "
        "same name, open a ticket at https://www.odoo.com/help and give the name.",
        sentences=DNS_ANSWERS,
        shows=_DNS,
        origin=Origin.INQUIRY,
    ),
)
