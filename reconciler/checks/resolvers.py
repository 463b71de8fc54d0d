"""Does the box ask the DNS servers that it should, will it after a restart, and do they answer?"""

from __future__ import annotations

import ipaddress
from typing import Final

from ..codes import CodeName
from ..codes.phrases.resolver_writers import WRITER_OF
from ..model.digests import Concern
from ..model.observed import MOST_RESOLVERS, ResolverOwner
from ..model.part import Part
from ..model.severity import FindingClass
from ..model.statement import say
from ..results.finding import Finding, finding
from .case import Case
from .movement import moved
from .unknown import unseen

MANAGED: Final = (ResolverOwner.STATIC, ResolverOwner.NETWORK_MANAGER)


def check_resolvers(case: Case) -> Finding | None:
    """The box's servers are the desired ones, in order."""
    if not _differs(case):
        return None
    found = case.observed.resolvers
    asks = say("asks", servers=found.live, wanted=case.desired.resolvers)
    if found.owner in MANAGED:
        return finding(CodeName.RESOLVERS_DIFFER, asks, finding_class=moved(case, Concern.RESOLVERS))
    owner = say("owner", owner=found.owner)
    shown = () if found.sign is None else (found.sign,)
    return finding(CodeName.RESOLVER_OWNER_UNSUPPORTED, asks, owner, *shown, variant=WRITER_OF[found.owner].variant)


def check_resolvers_persist(case: Case) -> Finding | None:
    """Servers that are right now are still right after a restart of the box."""
    kept, wanted = case.observed.resolvers.persistent, case.desired.resolvers
    if wanted is None or kept is None or case.observed.resolvers.owner not in MANAGED:
        return None
    if unseen(case.observed, Part.RESOLVERS_PERSISTENT) or _differs(case) or _same(kept, wanted):
        return None
    seen = say("brings_back", kept=kept, wanted=wanted)
    return finding(CodeName.RESOLVERS_NOT_PERSISTED, seen, finding_class=moved(case, Concern.RESOLVERS))


def check_resolvers_work(case: Case) -> Finding | None:
    """Whatever the servers are, they find www.odoo.com; setting others is a way out only where others are desired."""
    found = case.observed.resolvers
    if found.resolves is not False:
        return None
    others = found.owner in MANAGED and _differs(case)
    kind = moved(case, Concern.RESOLVERS) if others else FindingClass.BLOCKED
    seen = say("found_nothing", servers=found.live, reason=found.error)
    return finding(CodeName.RESOLVERS_DO_NOT_WORK, seen, finding_class=kind)


def _differs(case: Case) -> bool:
    wanted = case.desired.resolvers
    if wanted is None or unseen(case.observed, Part.RESOLVERS_LIVE):
        return False
    return not _same(case.observed.resolvers.live, wanted)


def _same(found: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    first, others = ([_plain(server) for server in servers[:MOST_RESOLVERS]] for servers in (found, wanted))
    return first == others


def _plain(server: str) -> str:
    try:
        return str(ipaddress.ip_address(server))
    except ValueError:
        return server
