"""Marks of a box: digests that it shows of its serial number, server and database, for the control machine to compare.

So no box receives anything about another customer. It changes nothing of a box that may be somebody else's before the
control machine has seen these marks and sends the same ones back as judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What of a box has to be judged on the control machine where it is not what is declared."""

    SERIAL = "serial"
    SERVER = "server"
    DATABASE = "database"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What a box shows, each 16 hexadecimal digits as of `model.digests`; `None` for what it has not.

    Args:
        serial: of its serial number.
        server: of the server to which it is linked.
        database: of the UUID of its database.
        name: of the name of its database on that server.
    """

    serial: str | None = None
    server: str | None = None
    database: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """What is not a box's own, as digests of the same kinds. It stays on the control machine.

    Args:
        serials: serial numbers of other boxes, where none is pinned for this one.
        servers: servers of other customers, where none of its own is known.
        databases: databases of other customers, by UUID, wherever they are.
        names: the same by server and name.
        uncompared: servers on which another customer has a database whose UUID cannot be read here.
    """

    serials: frozenset[str] = frozenset()
    servers: frozenset[str] = frozenset()
    databases: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    uncompared: frozenset[str] = frozenset()

    @property
    def compared(self) -> tuple[Mark, ...]:
        """Which marks of the box have to be judged: those of which others have some."""
        has = {
            Mark.SERIAL: self.serials,
            Mark.SERVER: self.servers,
            Mark.DATABASE: self.databases | self.uncompared,
            Mark.NAME: self.names,
        }
        return tuple(mark for mark, theirs in has.items() if theirs)


NO_OTHERS = Others()
"""Where nothing is anybody else's."""
