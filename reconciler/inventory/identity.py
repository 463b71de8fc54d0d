"""The identity of a box and the owner of a group, as an inventory declares them: what boxes are compared by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..model.digests import named_database_digest

ALL: Final = "all"
"""The group of every box. What it says is a default, and makes nobody a box of a customer."""
MOST_LISTED: Final = 3
"""Names in a line before it says that there are more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of boxes.

    Args:
        customer: `iot_https_customer` among its own variables.
        parents: the groups directly above it.
    """

    name: str
    customer: str | None = None
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredIdentity:
    """What the inventory says of who a box is; `None` for what it does not say, or says in a way that is refused.

    Args:
        database: digest of its database's UUID.
        contract: the same of its enterprise code, good for comparing within this process only.
        token: the same of the token of its link.
        unread: variables of these that are set and could not be read, so that nothing follows from their absence.
        shared_with: customers with which its own shares.
        groups: all groups that it is in, those above its groups included, `all` left out.
        lacks_customer: something is declared for it, and no customer, not even one that cannot be read.
        taken: group that gives each of the variables which do not come from the box's own entry.
        way: how it is reached, its address first; `None` where that is not known without templates.
        overruled: a line for each group or host of which two sources say different things, so that nobody knows whose
            it is.
    """

    name: str
    customer: str | None = None
    store: str | None = None
    server_url: str | None = None
    db_name: str | None = None
    serial: str | None = None
    database: str | None = None
    contract: str | None = None
    token: str | None = None
    unread: frozenset[str] = frozenset()
    shared_with: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    lacks_customer: bool = False
    taken: Mapping[str, str] = field(default_factory=dict)
    overruled: tuple[str, ...] = ()
    way: tuple[str, ...] | None = None

    @property
    def named_database(self) -> str | None:
        """Digest of its database's name on its server."""
        return named_database_digest(self.server_url, self.db_name) if self.server_url and self.db_name else None

    @property
    def link(self) -> tuple[str, str] | None:
        """Its server and the digest of its token: a server gives each database a token of its own."""
        return (self.server_url, self.token) if self.server_url and self.token else None

    @property
    def databases(self) -> tuple[str, ...]:
        """Digests by which its database can be told."""
        return tuple(each for each in (self.database, self.named_database) if each)


def listed(names: Iterable[str], noun: str = "others") -> str:
    """Name three, and say that there are more."""
    known: Sequence[str] = tuple(dict.fromkeys(names))
    if len(known) > MOST_LISTED:
        return f"{', '.join(known[:MOST_LISTED])} and {noun}"
    return " and ".join(filter(None, (", ".join(known[:-1]), known[-1])))
