"""Public DNS of the simulated world, in the shape in which a control machine asks it: nobody leaves this process."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.inquiry import DnsAnswer, DnsOutcome, Whose

from .network import World

PUBLIC = "8.8.8.8"


@dataclass(frozen=True, slots=True)
class SimulatedDns:
    """Implements `probe.public_dns.PublicDns`."""

    world: World
    server: str = PUBLIC

    async def ask(self, name: str) -> DnsAnswer:
        """Return what the server of the world says."""
        there = self.world.dns.get(self.server)
        if there is None or not there.alive:
            return self._said(name, DnsOutcome.SILENT)
        if there.rcode is not None:
            return self._said(name, DnsOutcome.FAILING)
        found = there.answer(name)
        return self._said(name, DnsOutcome.ANSWERED if found else DnsOutcome.NO_SUCH_NAME, found)

    def _said(self, name: str, outcome: DnsOutcome, addresses: tuple[str, ...] = ()) -> DnsAnswer:
        return DnsAnswer(server=self.server, whose=Whose.PUBLIC, name=name, outcome=outcome, addresses=addresses)
