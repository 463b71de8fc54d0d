"""What the values of an observation are called in a sentence; programs read their names instead."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ...model.inquiry import Whose
from ...model.observed import DiskPlace, PairProblem, ResolverOwner
from ...model.part import Part
from ...model.repair import CopyDirection, NginxLoad, RestartCondition, RestartWay, Undertaking
from ...model.statement import Value
from ...model.urls import Spelling
from ..repairs import REPAIRS

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

PLACE: Final[Mapping[DiskPlace, str]] = MappingProxyType(
    {
        DiskPlace.LIVE: "/etc in memory",
        DiskPlace.MIRROR: "the SD card",
        DiskPlace.HOME: "the home directory",
        DiskPlace.RUN: "/run",
    }
)
"""Where a repair needs space."""
PART: Final = MappingProxyType({each: each.value for each in Part} | {Part.OUTSIDE: "from outside"})
SPELLING: Final = MappingProxyType(
    {
        Spelling.SPACES: "with spaces around it",
        Spelling.LETTERS: "spelled with other letters than DNS has",
        Spelling.DOT: "spelled with a dot at its end",
    }
)
WHOSE: Final = MappingProxyType(
    {
        Whose.BOX: "which the shop's network hands out",
        Whose.ROUTER: "the router, which tills ask unless told otherwise",
        Whose.CLIENTS: "which tills ask",
        Whose.PUBLIC: "public DNS",
    }
)
PUBLIC_NAMES: Final[Mapping[Value, str]] = MappingProxyType(
    {
        None: "",
        True: ", although it resolves public names",
        False: ", and no address for a public name either",
    }
)
"""Whether a DNS server that was asked for a name gave an address for a public one: asked of none, yes, no."""

UNDERTAKING: Final[Mapping[Undertaking, str]] = MappingProxyType(
    {
        Undertaking.FETCH: "fetching and installing a certificate",
        Undertaking.REPLACE: "replacing the certificate",
        Undertaking.RESTART: "a change over which Odoo restarts",
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
        RestartCondition.STATUS_SHOWS: "only if its status page, read then, shows other values",
    }
)
CONDITION_OF_A_SHOP: Final[Mapping[RestartCondition, str]] = MappingProxyType(
    {
        RestartCondition.SUBJECT_CHANGES: "if the name of the certificate changes",
        RestartCondition.ANSWER_ALLOWS: "unless the answer of www.odoo.com would end it again",
        RestartCondition.STATUS_SHOWS: "if its status page, read then, shows other values",
    }
)
"""The same for whoever is asked whether a restart may be done, and does not know the parts of a box."""
RESTART_WAY: Final[Mapping[RestartWay, str]] = MappingProxyType(
    {
        RestartWay.AT_ONCE: "by a signal",
        RestartWay.TOLD_TWICE: "by a second signal, the first was lost",
        RestartWay.BY_SYSTEMD: "by systemd",
        RestartWay.BY_HOMEPAGE: "by its homepage",
        RestartWay.BY_WRITE: "by itself, over what was written",
    }
)
NGINX_LOAD: Final[Mapping[NginxLoad, str]] = MappingProxyType(
    {NginxLoad.RELOADED: "reloaded", NginxLoad.STARTED: "started"}
)

TABLES: Final[Mapping[str, Mapping[Any, str]]] = MappingProxyType(
    {
        "pair_problem": MappingProxyType({**PAIR_PROBLEM, None: "not read"}),
        "resolver_owner": RESOLVER_OWNER,
        "restart_way": RESTART_WAY,
        "nginx_load": NGINX_LOAD,
        "repair": MappingProxyType({kind: entry.does for kind, entry in REPAIRS.items()}),
        "place": PLACE,
        "undertaking": UNDERTAKING,
        "part": PART,
        "spelling": SPELLING,
        "whose": WHOSE,
        "public_names": PUBLIC_NAMES,
    }
)
"""By the name under which a sentence looks a value up: `{problem:word pair_problem}`."""
