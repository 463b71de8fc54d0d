"""Simulated boxes behind SSH servers on loopback, and the ways by which they are reached."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import asyncssh

from iotbox_simulator.boxes.arrange import PUBLIC_RESOLVERS, small_world
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.faults import FAULTS, Patient
from iotbox_simulator.live import LiveBox
from iotbox_simulator.machine.authority import AuthorityModel, subdomain_of
from iotbox_simulator.machine.network import SharedWorld
from iotbox_simulator.machine.spec import BoxSpec, LayoutKind
from iotbox_simulator.pki import TestAuthority, make_authority
from iotbox_simulator.ssh import Access, SshBox, SshHost
from reconciler.box.run import run as run_program
from reconciler.model.desired import Desired, Mode, Request
from reconciler.model.secret import Secret
from reconciler.model.target import ConnectionKind, Ssh, Target
from reconciler.results.result import Result
from tests.support.ssh_servers import LOOPBACK, SshLab, visited

DB_UUID = "11111111-2222-3333-4444-555555555555"
KINDS: tuple[LayoutKind, ...] = ("ro_flat", "ro_ini", "rw_ini", "rw_newest")


def desired(name: str) -> Desired:
    """What every box of these tests should be."""
    return Desired(
        name=name,
        server_url="https://db.example",
        token=Secret("canary-token"),
        db_uuid=Secret(DB_UUID),
        enterprise_code=Secret("M210101"),
        resolvers=PUBLIC_RESOLVERS,
    )


@dataclass
class Fleet:
    """Boxes of one database, made in sync and then broken."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    ca: TestAuthority = field(init=False)
    world: SharedWorld = field(init=False)

    def __post_init__(self) -> None:
        self.ca = make_authority("Test", now=self.now - timedelta(days=400))
        self.world = small_world(self.ca, AuthorityModel(self.ca))

    def box(self, name: str, kind: LayoutKind = "ro_ini", fault: str | None = None, number: int = 1) -> LiveBox:
        """Make one box; `fault` is a name of `iotbox_simulator.faults`."""
        spec = BoxSpec(kind=kind, clock=self.now, serial=f"10000000{number:08x}", address=f"192.168.1.{number}")
        box = SimulatedBox(spec, self.world)
        run_program(box, Request(desired=desired(name), mode=Mode.RECONCILE, sent_at=box.now()))
        box.kill()
        if fault is not None:
            FAULTS[fault](Patient(box, self.ca, subdomain_of(DB_UUID), self.now))
        return LiveBox(name, box)


@dataclass(frozen=True)
class Ended:
    """What a command did."""

    status: int | None
    signal: str | None
    output: bytes
    errors: bytes


@dataclass
class Boxes:
    """A host and those who may come in."""

    host: SshHost
    lab: SshLab
    access: Access

    def open(self, live: LiveBox, access: Access | None = None) -> SshBox:
        """Serve a box, and let the control machine know its host key."""
        box = self.host.open(live, (LOOPBACK, 0), access or self.access)
        with self.lab.known_hosts.open("a") as file:
            file.write(box.known_hosts_line)
        return box

    def ssh(self, box: SshBox, **changes: object) -> Ssh:
        """How to reach a box."""
        fields: dict[str, object] = {"host_key_alias": box.name, "python": "python3", **changes}
        return self.lab.ssh(box.address[1], **fields)

    @asynccontextmanager
    async def client(self, box: SshBox) -> AsyncIterator[asyncssh.SSHClientConnection]:
        """Log in, to run any command."""
        login = asyncssh.connect(*box.address, username="pi", client_keys=[self.lab.key], known_hosts=None, config=None)
        async with login as connection:
            yield connection

    async def command(self, box: SshBox, command: str | None, sent: bytes = b"") -> Ended:
        """Log in and run one command, which need not read what it is sent."""
        async with self.client(box) as connection:
            process = await connection.create_process(command, encoding=None, env={"LANG": "C", "SECRET": "x"})
            with suppress(BrokenPipeError):
                process.stdin.write(sent)
                process.stdin.write_eof()
            done = await process.wait()
        assert isinstance(done.stdout, bytes)
        assert isinstance(done.stderr, bytes)
        return Ended(done.exit_status, done.exit_signal and done.exit_signal[0], done.stdout, done.stderr)

    async def run(
        self, box: SshBox, mode: Mode = Mode.CHECK, deadline_seconds: float = 240.0, **changes: object
    ) -> Result:
        """Run the box program as `iot-https` does."""
        target = Target(desired=desired(box.name), connection=ConnectionKind.SSH, ssh=self.ssh(box, **changes))
        return await visited(target, Request(desired=target.desired, mode=mode, deadline_seconds=deadline_seconds))


@asynccontextmanager
async def boxes(lab: SshLab, **changes: object) -> AsyncIterator[Boxes]:
    """Run a host for one test."""
    access = Access(keys=(lab.key.convert_to_public(),), **changes)  # type: ignore[arg-type]
    async with SshHost() as host:
        yield Boxes(host, lab, access)


def codes(result: Result) -> list[str]:
    """Return what is found at the end."""
    return [each.code for each in result.after]


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what nothing announces."""
    while not condition():  # noqa: ASYNC110
        await asyncio.sleep(0.01)
