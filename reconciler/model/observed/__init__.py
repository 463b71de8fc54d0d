"""What one box is. Every part can say that it could not be read: unknown never counts as in sync."""

from __future__ import annotations

from .by_homepage import ByHomepage
from .certificates import Certificate, Certificates, ChainState, Intermediate, Pair, PairProblem
from .layout import Layout, StoreFormat
from .machine import Clock, Disk, DiskPlace, ForeignName, Identity
from .memory import Memory, Revival
from .resolvers import MOST_RESOLVERS, ResolverOwner, Resolvers
from .services import OPTIONS_OF_REACH, NamedCertificate, Nginx, Odoo
from .store import Store
from .whole import Observed

__all__ = [
    "MOST_RESOLVERS",
    "OPTIONS_OF_REACH",
    "ByHomepage",
    "Certificate",
    "Certificates",
    "ChainState",
    "Clock",
    "Disk",
    "DiskPlace",
    "ForeignName",
    "Identity",
    "Intermediate",
    "Layout",
    "Memory",
    "NamedCertificate",
    "Nginx",
    "Observed",
    "Odoo",
    "Pair",
    "PairProblem",
    "ResolverOwner",
    "Resolvers",
    "Revival",
    "Store",
    "StoreFormat",
]
