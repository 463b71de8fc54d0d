"""The main job on a simulated fleet: look, plan, mend, reboot, look again, and say what only a person can do.

No root, no network, nothing outside this process: every box is a machine in memory with its own disk, services and
vendor's program, and the box program runs on it as it does on a real one. The demo checks its own end: the exit status
is 0 only when each box ends as the table below says.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address

from reconciler.box.network import PosixNetwork
from reconciler.box.run import run
from reconciler.codes import CodeName, finding
from reconciler.engine.relay import Relay
from reconciler.engine.run import Run
from reconciler.engine.settings import Settings
from reconciler.engine.stop import Stop
from reconciler.engine.world import Visit, World
from reconciler.model.desired import Desired, Mode, Request
from reconciler.model.fleet import BoxReport, BoxState, FleetReport
from reconciler.model.result import Result
from reconciler.model.secret import Secret
from reconciler.model.target import ConnectionKind, Target
from reconciler.report import fleet_text
from reconciler.report.progress import watch

from .faults import FAULTS, Patient
from .machine.arrange import NAMES, PUBLIC_RESOLVERS, small_world
from .machine.authority import AuthorityModel, subdomain_of
from .machine.box import SimulatedBox
from .machine.network import DnsServer
from .machine.spec import BoxSpec, LayoutKind
from .pki import TestAuthority, make_authority

RESOLVERS = PUBLIC_RESOLVERS
_FIRST_ADDRESS = IPv4Address("192.168.1.20")
_PER_NETWORK = 200
"""Boxes in one /24, all of them below .220."""


@dataclass(frozen=True)
class Customer:
    """Who owns a database."""

    name: str
    server: str
    db_uuid: str
    code: str


BAKERY = Customer("bakery", "https://bakery.example", "11111111-2222-3333-4444-555555555555", "M210101")
BUTCHER = Customer("butcher", "https://butcher.example", "22222222-3333-4444-5555-666666666666", "M220202")


@dataclass(frozen=True)
class Till:
    """One box of the demo.

    Args:
        fault: a name of `faults.FAULTS`; None is a box that is in sync, `fresh` one as from the shop, `offline` one
            that does not answer.
        ends: where it stands when all is done.
    """

    name: str
    customer: Customer
    store: str
    kind: LayoutKind
    fault: str | None = None
    ends: BoxState = BoxState.IN_SYNC


TILLS = (
    Till("hanoi-till-1", BAKERY, "Hanoi", "ro_flat", "fresh"),
    Till("hanoi-till-2", BAKERY, "Hanoi", "ro_ini", "expired"),
    Till("hanoi-till-3", BAKERY, "Hanoi", "rw_ini", "credentials"),
    Till("hanoi-till-4", BAKERY, "Hanoi", "rw_newest"),
    Till("hue-till-1", BAKERY, "Hue", "ro_flat", "lost_at_restart"),
    Till("hue-till-2", BAKERY, "Hue", "ro_ini", "mixed"),
    Till("hue-till-3", BAKERY, "Hue", "rw_ini", "resolvers"),
    Till("hue-till-4", BAKERY, "Hue", "rw_newest", "nginx_down"),
    Till("saigon-till-1", BUTCHER, "Saigon", "ro_flat", "not_renewable"),
    Till("saigon-till-2", BUTCHER, "Saigon", "ro_ini", "nginx_broken", BoxState.DIFFERS),
    Till("saigon-till-3", BUTCHER, "Saigon", "rw_ini", "other_customer", BoxState.DIFFERS),
    Till("saigon-till-4", BUTCHER, "Saigon", "rw_newest", "offline", BoxState.UNREACHABLE),
)


@dataclass
class Shop:
    """The boxes of the demo and how they are visited."""

    ca: TestAuthority
    now: datetime
    boxes: dict[str, SimulatedBox] = field(default_factory=dict)
    offline: set[str] = field(default_factory=set)

    def open(self, tills: Sequence[Till]) -> None:
        """Make every box, bring it in sync, and break it."""
        world = small_world(self.ca, AuthorityModel(self.ca))
        servers = {each.server.removeprefix("https://"): ("203.0.113.20",) for each in (BAKERY, BUTCHER)}
        world.dns.update({server: DnsServer({**NAMES, **servers}) for server in RESOLVERS})
        world.dns["192.0.2.53"].alive = False
        for number, till in enumerate(tills):
            address = str(_FIRST_ADDRESS + number // _PER_NETWORK * 256 + number % _PER_NETWORK)
            serial = f"10000000{number:08x}"
            box = SimulatedBox(BoxSpec(kind=till.kind, clock=self.now, address=address, serial=serial), world)
            self.boxes[till.name] = box
            if till.fault != "fresh":
                self.answer(Request(desired=desired(till), mode=Mode.RECONCILE))
            if till.fault is not None and till.fault in FAULTS:
                FAULTS[till.fault](Patient(box, self.ca, subdomain_of(till.customer.db_uuid), self.now))
            if till.fault == "offline":
                self.offline.add(till.name)

    async def visit(self, target: Target, request: Request) -> Visit:
        """Run the box program on a box, as every connection does."""
        await asyncio.sleep(0)
        if target.name in self.offline:
            why = finding(CodeName.CONNECTION_TIMEOUT, "no answer within 10 s")
            return Visit(Result.unobserved(target.name, request.mode, self.now, why))
        return Visit(self.answer(request))

    def reboot(self) -> None:
        """Switch every box off and on: what was only in its ramdisks is lost."""
        for name, box in self.boxes.items():
            if name not in self.offline:
                box.reboot()

    def answer(self, request: Request) -> Result:
        """Run the box program on the box of a request, from start to end."""
        box = self.boxes[request.desired.name]
        result = run(box, replace(request, sent_at=box.now()))
        box.kill()
        return result


def desired(till: Till) -> Desired:
    """What a box of the demo should be."""
    return Desired(
        name=till.name,
        customer=till.customer.name,
        store=till.store,
        server_url=till.customer.server,
        token=Secret("token-of-the-demo"),
        db_uuid=Secret(till.customer.db_uuid),
        enterprise_code=Secret(till.customer.code),
        resolvers=RESOLVERS,
    )


def main(tills: Sequence[Till] = TILLS) -> int:
    """Tell the story; return the exit status."""
    now = datetime.now(UTC)
    shop = Shop(make_authority("Demo", now=now - timedelta(days=400)), now)
    shop.open(tills)
    _say(f"{len(tills)} simulated IoT boxes of two customers. This is what `iot-https check` says of them:\n")
    _show(run_fleet(shop, tills, Mode.CHECK))
    _say("\nAnd this is `iot-https reconcile`. It shows its plan and asks; here the answer is yes:\n")
    _show(run_fleet(shop, tills, Mode.RECONCILE))
    shop.reboot()
    _say("\nEvery box is switched off and on, which loses what was only in its memory, and is looked at again:\n")
    final, again = run_fleet(shop, tills, Mode.CHECK), run_fleet(shop, tills, Mode.RECONCILE)
    _show(final)
    return _end(tills, final, again)


def run_fleet(shop: Shop, tills: Sequence[Till], mode: Mode) -> FleetReport:
    """Run the engine over the boxes, as the command does; a question is answered with yes."""
    targets = [Target(desired=desired(till), connection=ConnectionKind.LOCAL) for till in tills]

    with watch(sys.stderr) as tell:

        async def yes(wanting: Sequence[BoxReport]) -> None:
            with tell.paused():
                _say(f"{fleet_text.render_plan(wanting)}\n")

        world = World(visit=shop.visit, may=yes, relay=Relay(PosixNetwork()), tell=tell, now=lambda: shop.now)
        one = Run(targets, (), Settings(max_changed=None, probe=False), world, Stop())
        return asyncio.run(one.reconcile() if mode is Mode.RECONCILE else one.check())


def _end(tills: Sequence[Till], final: FleetReport, again: FleetReport) -> int:
    other = [box.name for box, till in zip(final.boxes, tills, strict=True) if box.state is not till.ends]
    changed = [box.name for box in again.boxes if box.result is not None and box.result.changed]
    if other or changed:
        _say(f"\nThis is not how the story should end: {', '.join(dict.fromkeys((*other, *changed)))}")
        return 1
    _say(
        "\nA second reconcile changed nothing. What is left needs a person, and each finding says what to do."
        "\nNext: README.md, 'On your own fleet'."
    )
    return 0


def _show(report: FleetReport) -> None:
    fleet_text.show(report, sys.stdout)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
