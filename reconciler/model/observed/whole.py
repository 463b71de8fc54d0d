"""Everything that one look at a box brings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..inquiry import DnsAnswer
from ..part import Part
from ..statement import Statement
from .by_homepage import ByHomepage
from .certificates import Certificates
from .layout import Layout
from .machine import Clock, Disk, ForeignName, Identity
from .memory import Memory
from .resolvers import Resolvers
from .services import Nginx, Odoo
from .store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One look at one box.

    Args:
        gaps: what could not be observed, part -> reason.
        unseen: what the way to this box cannot show, or cannot show without changing it: nobody's fault, and never
            in sync.
        by_homepage: set where its pages were asked and no program of ours ran on it.
        foreign_names: links and second names of files that nothing follows.
        client_dns: what the DNS servers of tills and terminals say of the box's public name, and of the authority's.
    """

    observed_at: datetime
    layout: Layout
    identity: Identity
    clock: Clock
    disk: Disk
    resolvers: Resolvers
    store: Store
    certificates: Certificates
    nginx: Nginx
    odoo: Odoo
    memory: Memory
    gaps: dict[Part, Statement]
    client_dns: tuple[DnsAnswer, ...] = ()
    foreign_names: tuple[ForeignName, ...] = ()
    unseen: tuple[Part, ...] = ()
    by_homepage: ByHomepage | None = None
