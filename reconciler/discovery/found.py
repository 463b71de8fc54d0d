"""What a search finds, as values: boxes, others who answer, and how much of it was looked at.

Texts that a box or another machine said are foreign, whatever they look like: they are printed, and nothing else is
done with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ..model.statement import Statement
from .certificate import ServedCertificate
from .knock import Door
from .networks import Networks


class IdentifierKind(StrEnum):
    """What a box is told from others by, which follows from its generation and its system."""

    SERIAL = "serial"
    MAC = "mac"
    UUID = "uuid"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SearchedPorts:
    """Where boxes listen."""

    homepage: int = 8069
    https: int = 443
    http: int = 80
    ssh: int = 22


@dataclass(frozen=True, slots=True)
class Identifier:
    """By what a box says that it is told from others."""

    kind: IdentifierKind
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidByBox:
    """What the homepage of a box says.

    Args:
        generation: of the pages, in words of ours.
        image: version of its image, or of its installer on Windows.
        system: `Linux` or `Windows`, `None` where no route that may be asked says so.
        identifier: `None` as for the system.
        linked: whether it is linked to a database, `None` as for the system.
        server: address of that database.
        credentials: whether it has those with which it asks for a certificate; what they are is not kept.
    """

    generation: str
    image: str | None = None
    system: str | None = None
    identifier: Identifier | None = None
    linked: bool | None = None
    server: str | None = None
    credentials: bool | None = None

    @property
    def is_windows(self) -> bool:
        """Whether it is a program on somebody's Windows, and no machine of its own."""
        return self.system == "Windows"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredBox:
    """One box.

    Args:
        said: `None` for one that shows itself by its certificate alone: its program does not answer.
        port: at which its homepage answered.
        host_key: kind and fingerprint.
    """

    address: str
    said: SaidByBox | None = None
    port: int | None = None
    https: Door = Door.SILENT
    certificate: ServedCertificate | None = None
    ssh: Door = Door.SILENT
    host_key: str | None = None

    @property
    def identifier(self) -> Identifier | None:
        """By what it is told from others, where it says so."""
        return self.said.identifier if self.said else None

    @property
    def wants_homepage(self) -> bool:
        """Whether it can be looked after through its homepage only."""
        return self.ssh is not Door.OPEN or (self.said is not None and self.said.is_windows)


@dataclass(frozen=True, slots=True)
class OtherServer:
    """An address that answers HTTP, and is no box for the reason given."""

    address: str
    port: int
    why: Statement


@dataclass(frozen=True, slots=True)
class QuietMachine:
    """An address at which a machine is, and no web server."""

    address: str


@dataclass(frozen=True, slots=True)
class NobodyThere:
    """An address from which nothing came."""

    address: str


@dataclass(frozen=True, slots=True)
class NotLooked:
    """An address that could not be looked at, for a reason of this machine."""

    address: str
    why: str


Looked = DiscoveredBox | OtherServer | QuietMachine | NobodyThere | NotLooked


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """All that came of one.

    Args:
        looked: what is at each address that was looked at, in the order of the addresses.
        ended_early: why it ended before all addresses were looked at.
        seconds: how long it took.
        ports: where boxes were looked for.
    """

    networks: Networks
    began: datetime
    seconds: float
    looked: tuple[Looked, ...]
    ended_early: str | None = None
    ports: SearchedPorts = SearchedPorts()

    @property
    def boxes(self) -> tuple[DiscoveredBox, ...]:
        """What it was for."""
        return tuple(each for each in self.looked if isinstance(each, DiscoveredBox))

    @property
    def others(self) -> tuple[OtherServer, ...]:
        """Web servers that are no boxes."""
        return tuple(each for each in self.looked if isinstance(each, OtherServer))

    @property
    def failed(self) -> tuple[NotLooked, ...]:
        """Addresses that could not be looked at."""
        return tuple(each for each in self.looked if isinstance(each, NotLooked))

    @property
    def quiet(self) -> int:
        """How many machines have no web server."""
        return sum(isinstance(each, QuietMachine) for each in self.looked)

    @property
    def left_out(self) -> int:
        """How many addresses were not looked at."""
        return len(self.networks) - len(self.looked)

    @property
    def nobody_answers(self) -> bool:
        """Whether nothing came from any address, as when a VPN is down."""
        return bool(self.looked) and all(isinstance(each, (NobodyThere, NotLooked)) for each in self.looked)

    def same_identifier(self) -> tuple[tuple[Identifier, tuple[str, ...]], ...]:
        """Return each identifier that boxes at several addresses have, and these addresses."""
        places: dict[Identifier, list[str]] = {}
        for box in self.boxes:
            if box.identifier is not None:
                places.setdefault(box.identifier, []).append(box.address)
        return tuple((each, tuple(where)) for each, where in places.items() if len(where) > 1)
