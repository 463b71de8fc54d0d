"""One client of one box, from its TCP connection to the end of its last command."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Coroutine
from typing import Any, Protocol

import asyncssh

from reconciler.box.__main__ import MARKER
from reconciler.connections import ssh_command

from . import logins, program, sftp, shell
from .box import SshBox
from .faults import SshFault
from .program import ProgramThreads
from .scratch import Scratch
from .session import ServerSession

_LOG = logging.getLogger(__name__)
_CHUNK = 1 << 12
_DEFECT = 255
_GREETING = b"Welcome to the IoT Box. It is managed: what you change by hand is changed back.\n"
_STRANGER = b"this is a box program, and not the one that the simulated box runs: nothing was done\n"


class Shared(Protocol):
    """What the SSH servers of many boxes have in common."""

    @property
    def connections(self) -> set[asyncssh.SSHServerConnection]:
        """Those of all clients that are there."""

    @property
    def programs(self) -> ProgramThreads:
        """What runs the box program."""

    @property
    def scratch(self) -> Scratch:
        """Where other commands run."""

    @property
    def mark(self) -> str:
        """What their processes are known by."""

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Let the command of a client run, which may outlive its connection."""


async def attend(box: SshBox, host: Shared, sock: socket.socket) -> None:
    """Serve one client until it leaves."""
    if box.has(SshFault.CLOSES):
        sock.close()
    elif box.has(SshFault.STALLS):
        await _say_nothing(sock)
    else:
        await _speak(box, host, sock)


async def _speak(box: SshBox, host: Shared, sock: socket.socket) -> None:
    server = _Server(box, host)
    try:
        connection = await asyncssh.run_server(
            sock,
            config=None,
            server_factory=lambda: server,
            server_host_keys=[box.shown_key],
            gss_host=None,
            encoding=None,
            line_editor=False,
            agent_forwarding=False,
            compression_algs="none",
            kbdint_auth=False,
        )
        await connection.wait_closed()
    except (OSError, asyncssh.Error) as error:  # clients that leave or may not come in
        _LOG.debug("%s: a client did not come in", box.name, exc_info=error)
    finally:
        if not server.has_begun:
            sock.close()


async def _say_nothing(sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    with sock:
        try:
            while await loop.sock_recv(sock, _CHUNK):
                pass
        except ConnectionError as error:
            _LOG.debug("a client lost its patience: %s", error)


class _Server(asyncssh.SSHServer):
    """Lets one client in, and has its commands run."""

    def __init__(self, box: SshBox, host: Shared) -> None:
        self._box = box
        self._host = host
        self._connection: asyncssh.SSHServerConnection | None = None

    @property
    def has_begun(self) -> bool:
        """Whether the socket belongs to a connection now."""
        return self._connection is not None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._host.connections.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - as asyncssh has it
        if self._connection is not None:
            self._host.connections.discard(self._connection)

    def public_key_auth_supported(self) -> bool:
        return True

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        if not self._is_open:
            return False
        if not self._box.access.admits_key(username, key) and not await self._box.reads_key(username, key):
            return False
        self._greet()
        return True

    def _greet(self) -> None:
        """Say what PAM has against the user, and end the connection as sshd does where that is the end."""
        found = logins.blocked(self._box.faults)
        if found is None or not found.greeting or self._connection is None:
            return
        self._connection.send_auth_banner(found.greeting)
        if found.closes:
            raise ConnectionAbortedError("PAM lets the user not in")

    def password_auth_supported(self) -> bool:
        return not self._box.has(SshFault.NO_PASSWORDS)

    async def validate_password(self, username: str, password: str) -> bool:
        if not self._is_open or self._box.has(SshFault.NO_PASSWORDS):
            return False
        if not self._box.access.admits_password(username, password) and not await self._box.takes(username, password):
            return False
        self._greet()
        return True

    def session_requested(self) -> ServerSession:
        return ServerSession(lambda session: self._host.begin(_obey(session, self._box, self._host)))

    @property
    def _is_open(self) -> bool:
        return not self._box.has(SshFault.LOGIN_REFUSED)


async def _obey(session: ServerSession, box: SshBox, host: Shared) -> None:
    try:
        await _run(session, box, host)
    finally:
        session.exit(_DEFECT)  # where it has not ended yet


async def _run(session: ServerSession, box: SshBox, host: Shared) -> None:
    call = ssh_command.read(session.command or "")
    if (found := logins.blocked(box.faults)) is not None:
        session.say(found.output)
        session.complain(found.errors)
        session.exit(found.status)
        return
    if box.has(SshFault.SHELL_PRINTS) and session.subsystem is None:
        session.say(_GREETING)
    if call is not None:
        await program.answer(session, call, box, host.programs)
    elif MARKER in (session.command or ""):
        session.complain(_STRANGER)
        session.exit(1)
    else:
        variables = shell.environment(session, box, host.scratch, host.mark)
        home = host.scratch.home(box.name)
        host.scratch.protect(box.name, read_only=box.has(SshFault.HOME_READ_ONLY))
        if session.subsystem is None:
            await shell.run(session, shell.ShellPlace(home, variables, host.scratch.account), box, host.programs)
        else:
            await sftp.run(session, home, variables, host.scratch.account)
