"""All boxes of a scenario in one process, brought in sync and then broken as the scenario says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from typing import Self
from urllib.parse import urlsplit

from reconciler.box.run import run
from reconciler.codes import CodeName
from reconciler.engine.seam import Visit
from reconciler.model.desired import Desired, Mode, Request
from reconciler.model.inquiry import DnsAnswer
from reconciler.model.secret import Secret
from reconciler.model.statement import say
from reconciler.model.target import Target
from reconciler.probe.public_dns import ask_public
from reconciler.results.finding import finding
from reconciler.results.result import Result

from .boxes.arrange import NAMES, PUBLIC_RESOLVERS, small_world
from .boxes.linux import SimulatedBox
from .faults import FAULTS, Patient
from .machine.authority import AuthorityModel, subdomain_of
from .machine.network import DnsServer, SharedWorld
from .machine.public_dns import SimulatedDns
from .machine.spec import BoxSpec
from .pki import TestAuthority, make_authority
from .scenario import FRESH, OFFLINE, Scenario, ScenarioBox

TOKEN = "token-of-the-simulation"  # noqa: S105 - nobody's
DEAD_RESOLVER = "192.0.2.53"
FIRST_ADDRESS = IPv4Address("192.168.1.20")
FIRST_ROUTER = IPv4Address("172.16.0.1")
_CA_AGE = timedelta(days=400)
_PER_NETWORK = 200
"""Boxes in one /24, all of them below .220."""


def address(number: int, first: IPv4Address) -> str:
    """Return the address of a box by its number, which counts from 0."""
    return str(first + number // _PER_NETWORK * 256 + number % _PER_NETWORK)


def serial(number: int) -> str:
    """Return the serial number of a box."""
    return f"10000000{number:08x}"


@dataclass
class Fleet:
    """The boxes by name.

    Args:
        now: the true time at which they are made.
        first: address of the first box; the others follow.
    """

    scenario: Scenario
    ca: TestAuthority
    now: datetime
    first: IPv4Address = FIRST_ADDRESS
    boxes: dict[str, SimulatedBox] = field(default_factory=dict)
    _of: dict[str, ScenarioBox] = field(default_factory=dict)
    _routers: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def opened(cls, scenario: Scenario, now: datetime, first: IPv4Address = FIRST_ADDRESS) -> Self:
        """Make every box of a scenario, bring it in sync, and break it."""
        fleet = cls(scenario, make_authority("Simulation", now=now - _CA_AGE), now, first)
        authority = AuthorityModel(fleet.ca)
        world = _world(scenario, fleet.ca, authority)
        for number, box in enumerate(scenario.boxes):
            fleet._make(number, box, world)
        authority.mode = scenario.authority
        world.site = scenario.site
        return fleet

    def desired(self, name: str) -> Desired:
        """Return what a box should be."""
        return desired(self._of[name], self.scenario.resolvers)

    def is_offline(self, name: str) -> bool:
        """Say whether nobody answers at its address."""
        return OFFLINE in self._of[name].faults

    async def visit(self, target: Target, request: Request) -> Visit:
        """Run the box program on a box, as every connection does."""
        await asyncio.sleep(0)
        if self.is_offline(target.name):
            why = finding(
                CodeName.CONNECTION_TIMEOUT,
                say("no_answer", address=self.boxes[target.name].spec.address, seconds=10.0),
            )
            return Visit(Result.unobserved(target.name, request.mode, self.now, why))
        result = self.answer(request)
        return Visit(result, public=await self._public(target.name, request, result))

    async def _public(self, name: str, request: Request, result: Result) -> DnsAnswer | None:
        """Ask the simulated public DNS, as the control machine asks the real one."""
        if request.mode is not Mode.DIAGNOSE or result.observed is None:
            return None
        return await ask_public(SimulatedDns(self.boxes[name].world), result.observed)

    def answer(self, request: Request) -> Result:
        """Run the box program on the box of a request, from start to end."""
        box = self.boxes[request.desired.name]
        if not box.spec.image.runs_program:
            has = say("has", version=box.spec.image.python)
            only = finding(CodeName.UNSUPPORTED_PYTHON, has)
            return Result.unobserved(request.desired.name, request.mode, self.now, only)
        return self._run(box, request)

    def _run(self, box: SimulatedBox, request: Request) -> Result:
        result = run(box, replace(request, sent_at=box.clock.true_time()))
        box.kill()
        return result

    def reboot(self) -> None:
        """Switch every box off and on: what was only in its ramdisks is lost."""
        for name, box in self.boxes.items():
            if not self.is_offline(name):
                box.reboot()

    def _make(self, number: int, one: ScenarioBox, world: SharedWorld) -> None:
        spec = BoxSpec(
            kind=one.kind,
            clock=self.now,
            address=address(number, self.first),
            serial=serial(number),
            gateway=self._router(one, world),
        )
        box = self.boxes[one.name] = SimulatedBox(spec, world)
        self._of[one.name] = one
        if FRESH not in one.faults:
            self._run(box, Request(desired=self.desired(one.name), mode=Mode.RECONCILE))
        patient = Patient(box, self.ca, subdomain_of(one.customer.db_uuid), self.now)
        for fault in one.faults:
            if fault in FAULTS:
                FAULTS[fault](patient)

    def _router(self, one: ScenarioBox, world: SharedWorld) -> str:
        """Return the address of the router of a box's shop, which also answers for DNS."""
        place = (one.customer.name, one.store)
        if place not in self._routers:
            self._routers[place] = str(FIRST_ROUTER + len(self._routers))
            world.dns[self._routers[place]] = DnsServer(dict(world.dns[PUBLIC_RESOLVERS[0]].names))
        return self._routers[place]


def desired(box: ScenarioBox, resolvers: tuple[str, ...]) -> Desired:
    """Return what a box of a scenario should be."""
    return Desired(
        name=box.name,
        customer=box.customer.name,
        store=box.store,
        server_url=box.customer.server_url,
        token=Secret(TOKEN),
        db_uuid=Secret(box.customer.db_uuid),
        enterprise_code=Secret(box.customer.enterprise_code),
        resolvers=resolvers,
    )


def _world(scenario: Scenario, ca: TestAuthority, authority: AuthorityModel) -> SharedWorld:
    world = small_world(ca, authority)
    servers = {urlsplit(box.customer.server_url).hostname or "": ("203.0.113.20",) for box in scenario.boxes}
    world.dns.update({each: DnsServer({**NAMES, **servers}) for each in scenario.resolvers})
    world.dns[DEAD_RESOLVER].alive = False
    return world
