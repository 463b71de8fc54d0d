"""Look at one address: knock, ask what may be asked, read the certificate and the host key."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from ..model.statement import Statement, say
from ..net.dial import Dial
from .certificate import Handshakes, ServedCertificate
from .found import DiscoveredBox, Looked, NobodyThere, NotLooked, OtherServer, QuietMachine, SaidByBox, SearchedPorts
from .knock import CannotKnock, Door, knock
from .pace import Pace

AskPage = Callable[[str, int, ServedCertificate | None], Awaitable[SaidByBox | Statement]]
"""Asks the homepage at an address and port what it is, knowing what is served there; a statement says why it is no box.
"""
HostKey = Callable[[str, int, float], Awaitable["str | None"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """By what is looked.

    Args:
        knock_seconds: until a port that says nothing counts as silent.
        seconds: bound of one handshake, and of one host key.
    """

    pace: Pace
    dial: Dial
    ask: AskPage
    handshakes: Handshakes
    host_key: HostKey
    ports: SearchedPorts = field(default_factory=SearchedPorts)
    knock_seconds: float = 2.0
    seconds: float = 10.0

    async def look(self, address: str) -> Looked:
        """Look at an address; raises nothing for what may be there."""
        try:
            first = await self._knock(address, self.knock_seconds, self.ports.homepage, self.ports.https)
            homepage, https = first
            if homepage is Door.SILENT and https is Door.SILENT:
                return NobodyThere(address)
            # who has opened one door is there, and gets as long for the others as for an answer
            patience = self.seconds if Door.OPEN in first else self.knock_seconds
            http, ssh = await self._knock(address, patience, self.ports.http, self.ports.ssh)
        except CannotKnock as error:
            return NotLooked(address, str(error))
        certificate = None
        if https is Door.OPEN:
            certificate = await self.handshakes.read(address, self.ports.https, self.seconds)
        said, port = await self._asked(address, {self.ports.homepage: homepage, self.ports.http: http}, certificate)
        if isinstance(said, SaidByBox):
            box = DiscoveredBox(address=address, said=said, port=port)
        elif certificate is not None and certificate.is_of_a_box:
            box = DiscoveredBox(address=address)
        elif said is not None and port is not None:
            return OtherServer(address, port, said)
        elif https is Door.OPEN:
            return OtherServer(address, self.ports.https, say("page_no_hello"))
        else:
            return QuietMachine(address)
        shown = await self._host_key(address) if ssh is Door.OPEN else None
        return replace(box, https=https, certificate=certificate, ssh=ssh, host_key=shown)

    async def _knock(self, address: str, seconds: float, *ports: int) -> list[Door]:
        knocks = (knock(self.dial, self.pace, address, port, seconds) for port in ports)
        return await asyncio.gather(*knocks)

    async def _asked(
        self, address: str, doors: Mapping[int, Door], certificate: ServedCertificate | None
    ) -> tuple[SaidByBox | Statement | None, int | None]:
        """Ask at the homepage's own port, and through nginx where no box answers there."""
        first: tuple[SaidByBox | Statement | None, int | None] = None, None
        for port in (port for port, door in doors.items() if door is Door.OPEN):
            answer = await self.ask(address, port, certificate)
            if isinstance(answer, SaidByBox):
                return answer, port
            first = first if first[0] is not None else (answer, port)
        return first

    async def _host_key(self, address: str) -> str | None:
        await self.pace.turn()
        return await self.host_key(address, self.ports.ssh, self.seconds)
