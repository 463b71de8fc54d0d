"""Which box is where: what one box shows is compared with what the whole inventory says.

A box tells the control machine digests of its own serial number, server and database (its marks), and learns of others
nothing but whether it may be changed. What it may not know, whose it is, is added to its findings here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..checks.link import servers
from ..codes import CATALOGUE, Blocks, CodeName
from ..model.desired import Desired, Mode, Request
from ..model.digests import database_digest
from ..model.marks import Marks, Others
from ..model.statement import Statement, say
from ..results.finding import Finding, finding
from ..results.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Who is who in the whole inventory, whatever a run is limited to; all by digests.

    Args:
        serials: of serial numbers -> name of the box and whose it is.
        servers: of servers -> customer.
        databases: of databases -> customer.
    """

    serials: Mapping[str, str] = field(default_factory=dict)
    servers: Mapping[str, str] = field(default_factory=dict)
    databases: Mapping[str, str] = field(default_factory=dict)

    def judged(self, request: Request, others: Others, result: Result) -> Result:
        """Return a result with what the control machine alone can find: that a box is a stranger, and which one.

        Args:
            others: what is not the box's own.
        """
        shown = result.marks or Marks()
        named = replace(
            result,
            before=tuple(self._named(each, shown) for each in result.before),
            after=tuple(self._named(each, shown) for each in result.after),
        )
        only = self.stranger(request.desired, others, result)
        if only is None and result.awaits_judgement and request.mode is not Mode.CHECK:
            only = finding(CodeName.NOT_OBSERVED, say("shows_another_each_time"))
        if result.observed is None or only is None or _closes_before(result, only):
            return named
        failed = only.code == CodeName.NOT_OBSERVED or result.repaired_in_vain
        return replace(named, before=(only,), after=(only,), plan=(), failed=failed)

    def stranger(self, desired: Desired, others: Others, looked: Result) -> Finding | None:
        """Return why a box is somebody else's by what it shows, `None` where it is not."""
        shown, seen = looked.marks, looked.observed
        if shown is None or seen is None:
            return None
        if shown.serial in others.serials:
            has = say("serial_of_another", serial=seen.identity.serial)
            return self._named(finding(CodeName.WRONG_BOX, has), shown)
        if desired.relink:
            return None
        if shown.database in others.databases:
            return self._elsewhere(say("uuid_of_another"), self.databases, shown.database)
        if shown.server in others.uncompared and _is_another(desired, shown):
            return finding(CodeName.LINKED_ELSEWHERE, say("uuid_not_compared"))
        if shown.name in others.names:
            named = say("database_of_another", database=seen.store.db_name)
            return self._elsewhere(named, self.databases, shown.name)
        if shown.server in others.servers:
            return self._elsewhere(servers(desired, seen), self.servers, shown.server)
        return None

    def _elsewhere(self, has: Statement, owners: Mapping[str, str], digest: str | None) -> Finding:
        return replace(finding(CodeName.LINKED_ELSEWHERE, has), of_others=_belongs(owners.get(digest or "")))

    def _named(self, told: Finding, shown: Marks) -> Finding:
        if told.code == CodeName.WRONG_BOX:
            return replace(told, of_others=(say("is_box", box=self.serials.get(shown.serial or "")),))
        if told.code == CodeName.LINKED_ELSEWHERE:
            return replace(told, of_others=_belongs(self.servers.get(shown.server or "")))
        return told


def again(request: Request, result: Result, directory: Directory, others: Others) -> Request | None:
    """Return the request for a second visit, for a box that waits to be judged and is nobody else's.

    Returns:
        `None` where the answer stands.
    """
    if request.mode is Mode.CHECK or not result.awaits_judgement or request.judged is not None:
        return None
    return allowed(request, result, directory, others)


def allowed(request: Request, looked: Result, directory: Directory, others: Others) -> Request | None:
    """Return the request with leave to change the box that was looked at, `None` where it is somebody else's."""
    if looked.marks is None or directory.stranger(request.desired, others, looked) is not None:
        return None
    return replace(request, judged=looked.marks)


def _closes_before(result: Result, only: Finding) -> bool:
    """Tell whether a box has itself found a reason that comes before another one, or the same."""
    order = [name for name, code in CATALOGUE.items() if code.blocks is Blocks.ALL]
    closed = next((each.code for each in result.before if each.code in order), None)
    return closed is not None and only.code in order and order.index(closed) <= order.index(only.code)


def _is_another(desired: Desired, shown: Marks) -> bool:
    known = desired.db_uuid and database_digest(desired.db_uuid)
    return None not in (known, shown.database) and known != shown.database


def _belongs(customer: str | None) -> tuple[Statement]:
    return (say("belongs", customer=customer),)
