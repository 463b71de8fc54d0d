"""SSH servers on loopback that behave as boxes, jump hosts and strangers do, and the keys and files to reach them."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import asyncssh

from iotbox_simulator.ssh.scratch import SUDO, SUDO_ASKS, SUDO_PASSWORD
from reconciler.box.__main__ import frame
from reconciler.connections.ssh_command import LIVES, PROBE
from reconciler.engine.settings import Settings
from reconciler.engine.visits import visitor
from reconciler.machine.posix.surroundings import PATH
from reconciler.model import wire
from reconciler.model.desired import Desired, Mode, Request
from reconciler.model.secret import Secret
from reconciler.model.target import ConnectionKind, Ssh, Target
from reconciler.results.result import Result
from tests.support.patience import PATIENCE

LOOPBACK = "127.0.0.1"
NAME = "till-7"
REQUEST = Request(desired=Desired(name=NAME, token=Secret("canary-token")))
GOOD = Result(name=NAME, mode=Mode.CHECK, started_at=datetime(2026, 3, 2, tzinfo=UTC), seconds=1.0, before=(), after=())
REPLY = frame({"result": wire.encode(GOOD)})

HostKey = asyncssh.SSHKey | tuple[asyncssh.SSHKey, asyncssh.SSHCertificate]
Process = asyncssh.SSHServerProcess[bytes]
Handler = Callable[[Process], Awaitable[None]]
Source = asyncio.StreamReader | asyncssh.SSHReader[bytes]
Sink = asyncio.StreamWriter | asyncssh.SSHWriter[bytes]


async def visited(target: Target, request: Request) -> Result:
    """Go to a box as a run does, without the look from outside."""
    return (await visitor(Settings(probe=False))(target, request)).result


def said(output: bytes = b"", errors: bytes = b"", status: int = 0) -> Handler:
    """Take everything, print this and end."""

    async def handle(process: Process) -> None:
        await process.stdin.read()
        process.stdout.write(output)
        process.stderr.write(errors)
        process.exit(status)

    return handle


def really(folder: Path, sudo_password: str | None = None) -> Handler:
    """Run the command for real, but for `sudo`, which is that of simulated boxes."""
    shim = folder / "sudo"
    shim.write_text(SUDO)
    shim.chmod(stat.S_IRWXU)
    asks = {} if sudo_password is None else {SUDO_ASKS: "yes", SUDO_PASSWORD: sudo_password}
    variables = {**os.environ, **asks}

    async def handle(process: Process) -> None:
        pipe = asyncio.subprocess.PIPE
        command = (process.command or "").replace(f"PATH={PATH}", f"PATH={folder}:{PATH}", 1)
        child = await asyncio.create_subprocess_exec(
            "/bin/sh", "-c", command, stdin=pipe, stdout=pipe, stderr=pipe, env=variables
        )
        assert child.stdin
        assert child.stdout
        assert child.stderr
        feeding = asyncio.create_task(_pump(process.stdin, child.stdin))
        await asyncio.gather(_pump(child.stdout, process.stdout), _pump(child.stderr, process.stderr))
        status = await child.wait()
        with suppress(OSError):
            process.exit(status)
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)
        child.stdin.close()
        with suppress(OSError):
            await child.stdin.wait_closed()

    return handle


async def _pump(source: Source, sink: Sink) -> None:
    with suppress(OSError, asyncssh.Error):
        while piece := await source.read(65536):
            sink.write(piece)
            await sink.drain()
        if isinstance(sink, asyncio.StreamWriter):
            sink.write_eof()


class _Server(asyncssh.SSHServer):
    def __init__(self, owner: Served) -> None:
        self._owner = owner

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._owner.open += 1
        self._owner.connections.append(conn)

    def connection_lost(self, exc: Exception | None) -> None:
        self._owner.open -= 1
        self._owner.idle.set()

    def begin_auth(self, username: str) -> bool:
        self._owner.users.append(username)
        return True

    def password_auth_supported(self) -> bool:
        return self._owner.password is not None

    def validate_password(self, username: str, password: str) -> bool:
        return password == self._owner.password

    def connection_requested(
        self, dest_host: str, dest_port: int, orig_host: str, orig_port: int
    ) -> bool | asyncssh.SSHTCPSession[bytes]:
        self._owner.forwarded.append((dest_host, dest_port))
        if not self._owner.forwards:
            raise asyncssh.ChannelOpenError(asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED, "open failed")
        return True


@dataclass
class Served:
    """A running server and what it saw."""

    port: int = 0
    forwards: bool = False
    password: str | None = None
    open: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    users: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: list[asyncssh.SSHServerConnection] = field(default_factory=list)
    forwarded: list[tuple[str, int]] = field(default_factory=list)
    work: list[asyncio.Task[None]] = field(default_factory=list)
    """Handlers, which asyncssh would cancel, and not wait for, when their client goes."""

    async def left_alone(self) -> None:
        """Wait until nobody is connected any more."""
        while self.open:
            self.idle.clear()
            await self.idle.wait()


class SshLab:
    """Keys and files in a folder, and servers that accept them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.identity = self.write_key("id_lab", self.key)
        self.known_hosts = folder / "known_hosts"
        self.authorized = folder / "authorized_keys"
        self.authorized.write_bytes(self.key.export_public_key())
        self.known_hosts.touch()
        self.know(NAME, self.host_key)

    def write_key(self, name: str, key: asyncssh.SSHKey, passphrase: str | None = None) -> Path:
        """Write a private key."""
        path = self.folder / name
        key.write_private_key(path, "pkcs8-pem" if passphrase else "openssh", passphrase=passphrase)
        path.chmod(0o600)
        return path

    def know(self, name: str, key: asyncssh.SSHKey) -> None:
        """Add a line to the file of known hosts."""
        with self.known_hosts.open("a") as file:
            file.write(f"{name} {key.export_public_key().decode()}")

    def ssh(self, served: Served | int, **changes: object) -> Ssh:
        """How to reach a server as the box."""
        port = served if isinstance(served, int) else served.port
        ssh = Ssh(
            host=LOOPBACK,
            host_key_alias=NAME,
            port=port,
            user="pi",
            identity_files=(str(self.identity),),
            known_hosts=(str(self.known_hosts),),
            config_files=(),
            connect_timeout=PATIENCE,
            keepalive_interval=0,
            python=sys.executable,
        )
        return replace(ssh, **changes)  # type: ignore[arg-type]

    def target(self, served: Served | int, **changes: object) -> Target:
        """The box as the inventory has it."""
        return Target(desired=REQUEST.desired, connection=ConnectionKind.SSH, ssh=self.ssh(served, **changes))

    @asynccontextmanager
    async def serve(
        self,
        handler: Handler | None = None,
        *,
        host_keys: Sequence[HostKey] = (),
        forwards: bool = False,
        password: str | None = None,
        options: Mapping[str, object] | None = None,
        runs_commands: bool = True,
    ) -> AsyncIterator[Served]:
        """Run a server.

        Args:
            runs_commands: it has a shell that runs the command by which we ask whether it has one.
        """
        served = Served(forwards=forwards, password=password)

        async def handle(process: Process) -> None:
            if process.command == PROBE and runs_commands:
                process.stdout.write(f"{LIVES}\n".encode())
                process.exit(0)
                return
            served.commands.append(process.command or "")
            assert handler is not None
            served.work.append(asyncio.create_task(handle_quietly(handler, process)))
            await asyncio.shield(served.work[-1])

        server = await asyncssh.create_server(
            lambda: _Server(served),
            LOOPBACK,
            0,
            server_host_keys=list(host_keys) or [self.host_key],
            authorized_client_keys=str(self.authorized),
            process_factory=None if handler is None else handle,
            encoding=None,
            **(options or {}),
        )
        served.port = server.sockets[0].getsockname()[1]
        async with server:
            yield served
            for connection in served.connections:
                connection.abort()
        await served.left_alone()
        await asyncio.gather(*served.work)


async def handle_quietly(handler: Handler, process: Process) -> None:
    """Run a handler whose client may go at any time."""
    with suppress(OSError, asyncssh.Error):
        await handler(process)


def go(scenario: Awaitable[None]) -> None:
    """Run a test's coroutine; it does not hang."""

    async def within() -> None:
        async with asyncio.timeout(PATIENCE * 1.5):
            await scenario

    asyncio.run(within())
