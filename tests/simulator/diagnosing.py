"""One way of being broken for each code of the catalogue, on simulated boxes, and what a diagnosis then says."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from iotbox_simulator.boxes.arrange import NAMES, install_pair, link
from iotbox_simulator.faults import FAULTS, Patient
from iotbox_simulator.machine.authority import subdomain_of
from iotbox_simulator.machine.image import CERTIFICATE, KEY
from iotbox_simulator.machine.network import DnsServer
from iotbox_simulator.machine.public_dns import PUBLIC, SimulatedDns
from iotbox_simulator.machine.recorder import Call, CallKind
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.pki import issue_wildcard_pair, make_authority
from reconciler.box.paths import GENERATIONS, NM_SNIPPET, RESOLV_CONF
from reconciler.codes import CodeName
from reconciler.engine.reports import with_diagnosis
from reconciler.engine.seam import Visit
from reconciler.machine.reason import RanTooLong
from reconciler.machine.system import Completed
from reconciler.model.desired import Desired
from reconciler.model.target import ConnectionKind, Target
from reconciler.probe.judge import findings
from reconciler.probe.public_dns import ask_public
from reconciler.probe.seen import Handshake, Seen
from reconciler.results.diagnosis import Diagnosis
from reconciler.results.finding import Finding
from reconciler.results.fleet import BoxReport, BoxState
from reconciler.results.result import Result

from ..box import table_faults as faults
from ..support import runs
from ..support.calls import changes, once_done, refuse, runs_program
from ..support.runs import Fleet

C = CodeName
ROUTER = "192.168.1.1"
SUBDOMAIN = subdomain_of(runs.DB_UUID)
NAME = f"192-168-1-143.{SUBDOMAIN}.odoo-iot.com"
CONF = "/home/pi/odoo.conf"
STAGING = "https://shop-staging.example"
Act = Callable[[Fleet], object]
Outside = Callable[[Result], Seen]


@dataclass(frozen=True)
class Scenario:
    """How a box in sync comes to have a code as the first that is named.

    Args:
        act: what happens to it.
        want: fields of the desired state that are otherwise.
        deadline: seconds for the box program.
        seen: what is seen from outside.
        public_dns: the server that is asked from the control machine.
    """

    code: CodeName
    act: Act = lambda _: None
    kind: LayoutKind = "rw_ini"
    want: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    deadline: float = 240.0
    seen: Outside | None = None
    public_dns: str = PUBLIC


def diagnosed(
    fleet: Fleet,
    desired: Desired = runs.DESIRED,
    deadline: float = 240.0,
    seen: Outside | None = None,
    public_dns: str = PUBLIC,
) -> Diagnosis:
    """Diagnose a box as a run does, public DNS of its world and a look from outside included."""
    result = runs.diagnose(fleet.box, desired, deadline)
    public, met = None, tuple[Finding, ...]()
    if result.observed is not None:
        public = asyncio.run(ask_public(SimulatedDns(fleet.box.world, public_dns), result.observed))
        met = findings((seen or well)(result), result.observed, desired)
    return of_visit(Visit(result, met, is_probed=result.observed is not None, public=public), desired)


def of_visit(visit: Visit, desired: Desired = runs.DESIRED) -> Diagnosis:
    """Return the diagnosis of a visit."""
    target = Target(desired=desired, connection=ConnectionKind.LOCAL)
    found: tuple[Finding, ...] = (*visit.result.after, *visit.outside)
    report = BoxReport(name=desired.name, state=BoxState.FAILED, findings=found, result=visit.result)
    diagnosis = with_diagnosis(target, visit, report, was_to_be_changed=False).diagnosis
    assert diagnosis is not None
    return diagnosis


def healthy(kind: LayoutKind) -> Fleet:
    """Return a box in sync behind a router that answers for DNS."""
    fleet = runs.managed(kind)
    fleet.box.world.dns[ROUTER] = DnsServer(NAMES)
    return fleet


def well(result: Result) -> Seen:
    """What is seen from outside where nothing is in between."""
    assert result.observed is not None
    served, address = result.observed.certificates.served, result.observed.identity.address
    return Seen(name=NAME, handshake=Handshake(fingerprint=served), addresses=(address,) if address else None)


def outside(**changes: Any) -> Outside:
    """What is seen from outside where something is."""
    return lambda result: replace(well(result), **changes)


def otherwise(**changes: Any) -> Outside:
    """The same, of the handshake."""
    return lambda result: replace(well(result), handshake=replace(well(result).handshake, **changes))


def fault(name: str) -> Act:
    """A fault of the simulator, by its name."""

    def act(fleet: Fleet) -> None:
        FAULTS[name](Patient(fleet.box, runs.CA, SUBDOMAIN, fleet.box.clock.true_time()))

    return act


def mode(how: Any) -> Act:
    """The authority answers so from now on."""
    return lambda fleet: setattr(fleet.authority, "mode", how)


def linked_by_pi(fleet: Fleet) -> None:
    """The folder of the key belongs to `pi`, who puts a link to a file of root's there."""
    host = fleet.box.host
    host.set_owner("/etc/ssl/private", 1000, 1000)
    host.remove(KEY)
    host.symlink("/etc/shadow", KEY)


def router(**changes: Any) -> Act:
    """The shop's router answers for DNS in another way."""

    def act(fleet: Fleet) -> None:
        fleet.box.world.dns[ROUTER] = DnsServer(NAMES, **changes)

    return act


def folder(path: str) -> Act:
    """Somebody put a folder in place of a file."""

    def act(fleet: Fleet) -> None:
        faults.removed(path, "")(fleet)
        fleet.box.host.make_directory(path, 0o755, 0, 0)
        fleet.box.nginx.restart()

    return act


def hide_everywhere(fleet: Fleet) -> None:
    """The zone of the box's name is gone, for every DNS server."""
    for server in fleet.box.world.dns.values():
        server.rebind_protection = True


def no_ip(fleet: Fleet) -> None:
    """The program that lists addresses hangs."""
    real = fleet.box.run

    def run(arguments: tuple[str, ...], timeout: float) -> Completed:
        if arguments[0] == "ip":
            raise RanTooLong("ip", 10.0)
        return real(arguments, timeout)

    setattr(fleet.box, "run", run)  # noqa: B010 - one box, not its class


def untrusted(fleet: Fleet) -> None:
    """A pair of an authority that the box does not know."""
    stranger = make_authority("Somebody else", now=runs.NOW - timedelta(days=10))
    install_pair(fleet.box, issue_wildcard_pair(stranger, SUBDOMAIN, now=fleet.box.now()))


def not_loaded(fleet: Fleet) -> None:
    """A new pair was put in place, and nginx not told."""
    pair = runs.renewed(fleet)
    faults.put(CERTIFICATE, pair.certificate_pem.encode())(fleet)
    faults.put(KEY, pair.private_key_pem.encode())(fleet)


def resolved(fleet: Fleet) -> None:
    """systemd-resolved took over the box's DNS."""
    fleet.box.storage.make_writable()
    content = fleet.box.host.read("/etc/resolv.conf")
    fleet.box.host.remove("/etc/resolv.conf")
    header = b"# This file is managed by man:systemd-resolved(8). Do not edit.\n"
    fleet.box.host.write("/etc/resolv.conf", header + content)


def options(line: bytes) -> Act:
    """Somebody added an option to Odoo's, and started it again."""

    def act(fleet: Fleet) -> None:
        faults.edit(CONF, lambda text: text.replace(b"[options]\n", b"[options]\n" + line + b"\n"), "")(fleet)
        fleet.box.odoo.restart()
        fleet.box.clock.advance(30)

    return act


def full(fleet: Fleet) -> None:
    """The SD card is full."""
    fleet.box.storage.disk.free = 0


def asked_in_vain(fleet: Fleet) -> None:
    """Six days before the end the authority has nothing newer."""
    fleet.box.clock.advance(84 * 86400)
    fleet.authority.mode = "same"
    runs.reconcile(fleet.box)


def renamed(fleet: Fleet) -> None:
    """The box is linked to a staging database."""
    for server in fleet.box.world.dns.values():
        server.names = {**NAMES, "shop-staging.example": ("203.0.113.21",)}
    link(fleet.box, {"remote_server": STAGING})
    runs.reconcile(fleet.box, replace(runs.DESIRED, server_url=STAGING))


def dead_desired(fleet: Fleet) -> None:
    """The inventory's DNS server dies just when it was put in place."""
    fleet.box.world.dns["9.9.9.9"] = DnsServer(NAMES)

    dies_when_put_in_place(fleet, "9.9.9.9")
    runs.reconcile(fleet.box, replace(runs.DESIRED, resolvers=("9.9.9.9",)))


def dies_when_put_in_place(fleet: Fleet, server: str) -> None:
    """That DNS server dies when the box begins to use it."""

    def puts_in_place(call: Call) -> bool:
        return any(changes(call, CallKind.RENAME, path) for path in (RESOLV_CONF, NM_SNIPPET))

    once_done(fleet.box, puts_in_place, lambda: setattr(fleet.box.world.dns[server], "alive", False))


def worn_out(fleet: Fleet) -> None:
    """The SD card takes no new certificate."""
    fleet.box.clock.advance(84 * 86400)
    takes_no_certificate(fleet)
    runs.reconcile(fleet.box)
    fleet.box.recorder.before.clear()


def takes_no_certificate(fleet: Fleet) -> None:
    """From now on the SD card fails where a new certificate is written."""
    refuse(fleet.box, CallKind.CREATE, GENERATIONS, errno.EIO)


def never_back(fleet: Fleet) -> None:
    """Odoo dies, and dies again whenever it is started."""
    fleet.box.odoo.signal(9)
    is_restart = partial(runs_program, arguments=("service", "odoo", "restart"))
    once_done(fleet.box, is_restart, lambda: fleet.box.odoo.signal(9))
    runs.reconcile(fleet.box)
    fleet.box.recorder.after.clear()
