"""Which box is where: what one box shows is compared with what the whole inventory says.

A box that is not the expected one is refused on the box itself; here its finding learns which one it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..codes import CodeName
from ..model.result import Finding, Result
from ..model.urls import origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Who is who in the whole inventory, whatever a run is limited to.

    Args:
        serials: serial number, lower case -> name of the box and whose it is.
        servers: origin of a database URL -> customer.
    """

    serials: Mapping[str, str] = field(default_factory=dict)
    servers: Mapping[str, str] = field(default_factory=dict)

    def explain(self, result: Result) -> tuple[Finding, ...]:
        """Return the findings that are left, those about a stranger with its name."""
        return tuple(self._explained(each, result) for each in result.after)

    def _explained(self, finding: Finding, result: Result) -> Finding:
        if result.observed is None:
            return finding
        if finding.code == CodeName.WRONG_BOX:
            serial = (result.observed.identity.serial or "").strip().lower()
            return _known(finding, self.serials.get(serial), "that is", "no box of this inventory")
        if finding.code == CodeName.LINKED_ELSEWHERE:
            server = origin((result.observed.store.server_url or "").strip())
            return _known(finding, self.servers.get(server or ""), "that server is of", "nobody in this inventory")
        return finding


def _known(finding: Finding, who: str | None, verb: str, nobody: str) -> Finding:
    return replace(finding, evidence=f"{finding.evidence}; {verb} {who or nobody}")
