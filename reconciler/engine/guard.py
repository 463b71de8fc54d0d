"""Which box is where: what one box shows is compared with what the whole inventory says.

A box that is not the expected one is refused on the box itself, which is told of others nothing but digests; here its
finding learns who they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ..codes import CodeName
from ..model.result import Finding, Result
from ..model.urls import origin

_DIGEST: Final = re.compile(r"\(digest ([0-9a-f]{16})\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Who is who in the whole inventory, whatever a run is limited to.

    Args:
        serials: serial number, lower case -> name of the box and whose it is.
        servers: origin of a database URL -> customer.
        databases: digest of a database -> customer.
    """

    serials: Mapping[str, str] = field(default_factory=dict)
    servers: Mapping[str, str] = field(default_factory=dict)
    databases: Mapping[str, str] = field(default_factory=dict)

    def explain(self, result: Result) -> tuple[Finding, ...]:
        """Return the findings that are left, those about a stranger with its name."""
        seen = result.observed
        if seen is None:
            return result.after
        serial, server = seen.identity.serial, seen.store.server_url
        return tuple(
            replace(each, evidence=self.evidence(each.code, each.evidence, serial=serial, server_url=server))
            for each in result.after
        )

    def evidence(self, code: str, evidence: str, *, serial: str | None, server_url: str | None) -> str:
        """Return the evidence of a finding, with a name where it is about a stranger.

        Args:
            serial: of the box that was seen.
            server_url: to which it is linked.
        """
        if code == CodeName.WRONG_BOX:
            who = self.serials.get((serial or "").strip().lower())
            return _known(evidence, who, "that is", "no box of this inventory")
        if code == CodeName.LINKED_ELSEWHERE:
            if digest := _DIGEST.search(evidence):
                return _known(evidence, self.databases.get(digest[1]), "it is of", "nobody in this inventory")
            server = origin((server_url or "").strip())
            return _known(evidence, self.servers.get(server or ""), "that server is of", "nobody in this inventory")
        return evidence


def _known(evidence: str, who: str | None, verb: str, nobody: str) -> str:
    return f"{evidence}; {verb} {who or nobody}"
