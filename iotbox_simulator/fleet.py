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
from reconciler.connections.homepage.run import run as run_by_homepage
from reconciler.engine.seam import Visit
from reconciler.model.desired import CertificateSource, Desired, Mode, Request
from reconciler.model.inquiry import DnsAnswer
from reconciler.model.secret import Secret
from reconciler.model.statement import say, told
from reconciler.model.target import ConnectionKind, HomepageWay, Target
from reconciler.probe.public_dns import ask_public
from reconciler.results.finding import finding
from reconciler.results.result import Result

from .boxes.arrange import NAMES, PUBLIC_RESOLVERS, Machine, small_world
from .boxes.linux import SimulatedBox
from .boxes.windows import START_SECONDS, WindowsBox, WindowsSpec
from .by_homepage import way_to
from .faults import FAULTS, Patient
from .machine.authority import AuthorityModel, subdomain_of
from .machine.network import DnsServer, SharedWorld
from .machine.public_dns import SimulatedDns
from .machine.spec import FRESH_RESOLVERS, BoxSpec
from .pki import TestAuthority, make_authority
from .scenario import FRESH, OFFLINE, Scenario, ScenarioBox

TOKEN = "token-of-the-simulation"  # noqa: S105 - nobody's
DEAD_RESOLVER = "192.0.2.53"
FIRST_ADDRESS = IPv4Address("192.168.1.20")
FIRST_ROUTER = IPv4Address("172.16.0.1")
_FETCH_SECONDS = 30.0
"""After these a Windows box that was linked has restarted, asked for a certificate, and restarted for that."""
_CA_AGE = timedelta(days=400)
_PER_NETWORK = 200
"""Boxes in one /24, all of them below .220."""


def address(number: int, first: IPv4Address) -> str:
    """Return the address of a box by its number, which counts from 0."""
    return str(first + number // _PER_NETWORK * 256 + number % _PER_NETWORK)


def serial(number: int) -> str:
    """Return the serial number of a Linux box."""
    return f"10000000{number:08x}"


def computer(number: int) -> str:
    """Return the UUID of a Windows box."""
    return f"4c4c4544-0042-3510-8052-{number:012x}"


def mac(number: int) -> str:
    """Return the hardware address of a Windows box."""
    return ":".join(("00", "15", "5d", f"{number >> 16 & 255:02x}", f"{number >> 8 & 255:02x}", f"{number & 255:02x}"))


def identifier(number: int, box: ScenarioBox) -> str:
    """Return what the homepage of a box names it by: a number of its own from 19.0 on, a hardware address before."""
    if box.windows_branch is not None:
        return computer(number) if box.windows_branch == "19.0" else mac(number)
    spec = BoxSpec(kind=box.linux_kind, serial=serial(number))
    return spec.serial if spec.image.code.homepage == "iot_drivers" else spec.mac


@dataclass
class Fleet:
    """The boxes by name.

    Args:
        boxes: the Linux ones, on which the box program runs.
        windows: the others.
        now: the true time at which they are made.
        first: address of the first box; the others follow.
    """

    scenario: Scenario
    ca: TestAuthority
    now: datetime
    first: IPv4Address = FIRST_ADDRESS
    boxes: dict[str, SimulatedBox] = field(default_factory=dict)
    windows: dict[str, WindowsBox] = field(default_factory=dict)
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

    def machine(self, name: str) -> Machine:
        """Return a box, whatever it is."""
        return self.windows[name] if name in self.windows else self.boxes[name]

    def desired(self, name: str) -> Desired:
        """Return what a box should be."""
        one = desired(self._of[name], self.scenario.resolvers)
        if not self._of[name].is_by_homepage:
            return one
        return replace(one, resolvers=(), certificate_source=CertificateSource.NATIVE)

    def target(self, name: str) -> Target:
        """Return a box as an inventory has it."""
        desired, box = self.desired(name), self._of[name]
        if not box.is_by_homepage:
            return Target(desired=desired, connection=ConnectionKind.LOCAL)
        way = HomepageWay(host=self.machine(name).spec.address)
        return Target(desired=desired, connection=ConnectionKind.HOMEPAGE, homepage=way)

    def is_offline(self, name: str) -> bool:
        """Say whether nobody answers at its address."""
        return OFFLINE in self._of[name].faults

    async def visit(self, target: Target, request: Request) -> Visit:
        """Run the box program on a box, as every connection does, or ask its pages where they are the only way."""
        await asyncio.sleep(0)
        if self.is_offline(target.name):
            why = finding(
                CodeName.CONNECTION_TIMEOUT,
                say("no_answer", address=self.machine(target.name).spec.address, seconds=10.0),
            )
            return Visit(Result.unobserved(target.name, request.mode, self.now, why))
        if self._of[target.name].is_by_homepage:
            return Visit(run_by_homepage(way_to(self.machine(target.name), self.ca.root_pem), request))
        if self._of[target.name].is_unknown:
            refused = finding(CodeName.AUTHENTICATION_FAILED, told("Permission denied (publickey,password)"))
            return Visit(Result.unobserved(target.name, request.mode, self.now, refused))
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
        for name in self._of:
            if not self.is_offline(name):
                self.machine(name).reboot()

    def _make(self, number: int, one: ScenarioBox, world: SharedWorld) -> None:
        self._of[one.name] = one
        made = self._windows(number, one, world) if one.windows_branch else self._linux(number, one, world)
        patient = Patient(made, self.ca, subdomain_of(one.customer.db_uuid), self.now)
        for fault in one.faults:
            if fault in FAULTS:
                FAULTS[fault](patient)

    def _windows(self, number: int, one: ScenarioBox, world: SharedWorld) -> WindowsBox:
        """Make a box, linked as by a person: its own program fetches the certificate."""
        spec = WindowsSpec(
            branch=one.windows_branch or "",
            clock=self.now - timedelta(seconds=START_SECONDS + _FETCH_SECONDS),
            address=address(number, self.first),
            serial=computer(number),
            mac=mac(number),
        )
        box = self.windows[one.name] = WindowsBox(spec, world)
        if FRESH not in one.faults:
            box.vendor.stores(_linked(one))
            box.vendor.restarts()
        box.clock.advance(_FETCH_SECONDS)
        return box

    def _linux(self, number: int, one: ScenarioBox, world: SharedWorld) -> SimulatedBox:
        spec = BoxSpec(
            kind=one.linux_kind,
            resolvers=self.scenario.resolvers if one.is_by_homepage else FRESH_RESOLVERS,
            tends_certificate=one.is_by_homepage,
            clock=self.now,
            address=address(number, self.first),
            serial=serial(number),
            gateway=self._router(one, world),
        )
        box = self.boxes[one.name] = SimulatedBox(spec, world)
        if FRESH not in one.faults:
            self._run(box, Request(desired=desired(one, self.scenario.resolvers), mode=Mode.RECONCILE))
        return box

    def _router(self, one: ScenarioBox, world: SharedWorld) -> str:
        """Return the address of the router of a box's shop, which also answers for DNS."""
        place = (one.customer.name, one.store)
        if place not in self._routers:
            self._routers[place] = str(FIRST_ROUTER + len(self._routers))
            world.dns[self._routers[place]] = DnsServer(dict(world.dns[PUBLIC_RESOLVERS[0]].names))
        return self._routers[place]


def _linked(box: ScenarioBox) -> dict[str, str | None]:
    """Return what the vendor's program of a linked box stores."""
    customer = box.customer
    return {
        "remote_server": customer.server_url,
        "token": TOKEN,
        "db_uuid": customer.db_uuid,
        "enterprise_code": customer.enterprise_code,
    }


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
