"""Which DNS servers a box asks, who writes them down, and whether they work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..statement import Statement

MOST_RESOLVERS = 3
"""glibc asks the first three DNS servers and ignores the rest (resolv.conf(5), MAXNS)."""


class ResolverOwner(StrEnum):
    """Who writes `/etc/resolv.conf`."""

    STATIC = "static_file"
    NETWORK_MANAGER = "network_manager"
    DHCPCD = "dhcpcd"
    DHCLIENT = "dhclient"
    CONNMAN = "connman"
    RESOLVED = "systemd_resolved"
    RESOLVCONF = "resolvconf"
    OPENRESOLV = "openresolv"
    NETPLAN = "netplan"
    CLOUD_INIT = "cloud_init"
    TAILSCALE = "tailscale"
    NETBIRD = "netbird"
    VPNC = "vpnc"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolvers:
    """The box's own DNS servers.

    Args:
        live: addresses in `/etc/resolv.conf`, in order.
        sign: what shows who writes the file.
        persistent: addresses that the box will have after a reboot, `None` where that cannot be read.
        resolves: whether the box resolves the authority's name through the system resolver.
        error: why the last lookup failed.
    """

    owner: ResolverOwner = ResolverOwner.UNKNOWN
    sign: Statement | None = None
    live: tuple[str, ...] = ()
    persistent: tuple[str, ...] | None = None
    resolves: bool | None = None
    error: Statement | None = None
