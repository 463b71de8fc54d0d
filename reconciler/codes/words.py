"""What the values of an observation are called in a sentence; programs read their names instead."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ..model.observed import PairProblem, ResolverOwner
from ..model.repair import CopyDirection, RestartCondition, RestartWay

PAIR_PROBLEM: Final[Mapping[PairProblem, str]] = MappingProxyType(
    {
        PairProblem.CERTIFICATE_MISSING: "certificate file is missing",
        PairProblem.CERTIFICATE_UNREADABLE: "certificate file cannot be read",
        PairProblem.CERTIFICATE_MALFORMED: "certificate file is not a PEM certificate",
        PairProblem.KEY_MISSING: "key file is missing",
        PairProblem.KEY_UNREADABLE: "key file cannot be read",
        PairProblem.KEY_MALFORMED: "key file is not a PEM private key",
        PairProblem.KEY_ENCRYPTED: "private key is encrypted",
        PairProblem.KEY_MISMATCH: "private key does not belong to the certificate",
    }
)
RESOLVER_OWNER: Final[Mapping[ResolverOwner, str]] = MappingProxyType(
    {
        ResolverOwner.STATIC: "static file",
        ResolverOwner.NETWORK_MANAGER: "NetworkManager",
        ResolverOwner.DHCPCD: "dhcpcd",
        ResolverOwner.DHCLIENT: "dhclient",
        ResolverOwner.CONNMAN: "ConnMan",
        ResolverOwner.RESOLVED: "systemd-resolved",
        ResolverOwner.RESOLVCONF: "resolvconf",
        ResolverOwner.OPENRESOLV: "openresolv",
        ResolverOwner.NETPLAN: "netplan",
        ResolverOwner.CLOUD_INIT: "cloud-init",
        ResolverOwner.TAILSCALE: "Tailscale",
        ResolverOwner.NETBIRD: "NetBird",
        ResolverOwner.VPNC: "vpnc",
        ResolverOwner.UNKNOWN: "unknown",
    }
)
DIRECTION: Final[Mapping[CopyDirection, str]] = MappingProxyType(
    {
        CopyDirection.MIRROR_TO_LIVE: "mirror to live",
        CopyDirection.LIVE_TO_MIRROR: "live to mirror",
    }
)
CONDITION: Final[Mapping[RestartCondition, str]] = MappingProxyType(
    {
        RestartCondition.SUBJECT_CHANGES: "only if the subject changes",
        RestartCondition.ANSWER_ALLOWS: "only if the answer of www.odoo.com would not end it again",
    }
)
CONDITION_OF_A_SHOP: Final[Mapping[RestartCondition, str]] = MappingProxyType(
    {
        RestartCondition.SUBJECT_CHANGES: "if the name of the certificate changes",
        RestartCondition.ANSWER_ALLOWS: "unless the answer of www.odoo.com would end it again",
    }
)
"""The same for whoever is asked whether a restart may be done, and does not know the parts of a box."""
RESTART_WAY: Final[Mapping[RestartWay, str]] = MappingProxyType(
    {
        RestartWay.AT_ONCE: "by a signal",
        RestartWay.TOLD_TWICE: "by a second signal, the first was lost",
        RestartWay.BY_SYSTEMD: "by systemd",
    }
)
