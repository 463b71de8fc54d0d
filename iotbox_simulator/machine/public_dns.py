"""Public DNS of the simulated world, in the shape in which a control machine asks it: nobody leaves this process."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.inquiry import DnsAnswer, DnsOutcome, Whose

from .network import SharedWorld

PUBLIC = "8.8.8.8"
_NO_SUCH_NAME = ("NXDOMAIN", "NODATA")


@dataclass(frozen=True, slots=True)
class SimulatedDns:
    """Implements `probe.public_dns.PublicDns`."""

    world: SharedWorld
    server: str = PUBLIC

    async def ask(self, name: str) -> DnsAnswer:
        """Return what the server of the world says."""
        there = self.world.dns.get(self.server)
        if there is None or there.is_silent(name):
            return self._said(name, DnsOutcome.SILENT)
        error = there.error(name)
        if error is None:
            return self._said(name, DnsOutcome.ANSWERED, there.answer(name))
        return self._said(name, DnsOutcome.NO_SUCH_NAME if error in _NO_SUCH_NAME else DnsOutcome.FAILING)

    def _said(self, name: str, outcome: DnsOutcome, addresses: tuple[str, ...] = ()) -> DnsAnswer:
        return DnsAnswer(server=self.server, whose=Whose.PUBLIC, name=name, outcome=outcome, addresses=addresses)
