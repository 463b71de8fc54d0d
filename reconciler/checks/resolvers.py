"""Does the box ask the DNS servers that it should, will it after a restart, and do they answer?"""

from __future__ import annotations

import ipaddress
from typing import Final

from ..codes import CodeName
from ..codes.resolver_writers import WRITER_OF
from ..codes.words import RESOLVER_OWNER
from ..model.desired import Desired
from ..model.digests import Concern
from ..model.observed import Observed, ResolverOwner
from ..model.severity import FindingClass
from ..results.finding import Finding, finding
from .case import Case
from .movement import moved
from .unknown import unseen

MANAGED: Final = (ResolverOwner.STATIC, ResolverOwner.NETWORK_MANAGER)
USED: Final = 3
"""glibc asks the first three servers and ignores the rest (resolv.conf(5), MAXNS)."""


def check_resolvers(case: Case) -> Finding | None:
    """The box's servers are the desired ones, in order."""
    wanted = case.desired.resolvers
    if wanted is None or not _differs(case.desired, case.observed):
        return None
    evidence = f"the box asks {_listed(case.observed.resolvers.live)}, it should ask {_listed(wanted)}"
    owner = case.observed.resolvers.owner
    if owner not in MANAGED:
        sign = f" ({case.observed.resolvers.sign})" if case.observed.resolvers.sign else ""
        return finding(
            CodeName.RESOLVER_OWNER_UNSUPPORTED,
            f"{evidence}; /etc/resolv.conf belongs to: {RESOLVER_OWNER[owner]}{sign}",
            variant=WRITER_OF[owner].variant,
        )
    return finding(
        CodeName.RESOLVERS_DIFFER, evidence, finding_class=moved(case.desired, case.observed, Concern.RESOLVERS)
    )


def check_resolvers_persist(case: Case) -> Finding | None:
    """Servers that are right now are still right after a restart of the box."""
    kept = case.observed.resolvers.persistent
    if case.desired.resolvers is None or kept is None or case.observed.resolvers.owner not in MANAGED:
        return None
    if (
        unseen(case.observed, "resolvers.persistent")
        or _differs(case.desired, case.observed)
        or _same(kept, case.desired.resolvers)
    ):
        return None
    return finding(
        CodeName.RESOLVERS_NOT_PERSISTED,
        f"the next restart of the box brings back {_listed(kept)} in place of {_listed(case.desired.resolvers)}",
        finding_class=moved(case.desired, case.observed, Concern.RESOLVERS),
    )


def check_resolvers_work(case: Case) -> Finding | None:
    """Whatever the servers are, they find www.odoo.com; setting others is a way out only where others are desired."""
    if case.observed.resolvers.resolves is not False:
        return None
    evidence = f"{_listed(case.observed.resolvers.live)}: {case.observed.resolvers.error or 'no answer'}"
    others = case.observed.resolvers.owner in MANAGED and _differs(case.desired, case.observed)
    kind = moved(case.desired, case.observed, Concern.RESOLVERS) if others else FindingClass.BLOCKED
    return finding(CodeName.RESOLVERS_DO_NOT_WORK, evidence, finding_class=kind)


def _differs(desired: Desired, observed: Observed) -> bool:
    if desired.resolvers is None or unseen(observed, "resolvers.live"):
        return False
    return not _same(observed.resolvers.live, desired.resolvers)


def _same(found: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return [_plain(server) for server in found[:USED]] == [_plain(server) for server in wanted[:USED]]


def _plain(server: str) -> str:
    try:
        return str(ipaddress.ip_address(server))
    except ValueError:
        return server


def _listed(servers: tuple[str, ...]) -> str:
    return ", ".join(servers) or "no DNS server"
