"""Boxes over SSH, inside this process: no program is started per box, and nothing is left behind on it.

    async with ssh.session(target.ssh) as box:
        result = await box.run(request)
        reader, writer = await box.dial("192.168.1.20", 443)

Importing this costs 0.2 s, for asyncssh: do it where it is needed.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import asyncssh

from ..codes import CodeName
from ..model.desired import Request
from ..model.errors import TemporaryFailure
from ..model.reveal import reveal
from ..model.statement import say
from ..model.target import Ssh
from ..results.finding import Finding, finding
from ..results.result import Result
from . import ssh_failures, ssh_hops, ssh_meter, ssh_presented, ssh_run, ssh_way
from .ssh_failures import Attempt
from .ssh_hops import Hop
from .ssh_known_hosts import KnownHost
from .ssh_presented import Presented
from .ssh_way import Direct, ProxyCommand, Streams, Through, Way

MOST_HOPS = 8
LONGEST_GREETING = 4 << 10
"""Characters that are kept of what a server shows before a login, the last ones."""
FAST_CIPHER = "^aes128-gcm@openssh.com"
"""Asked for first: for asyncssh its usual first choice costs a third more of a whole check."""
NO_FREE_GROUPS = "-gss-gex-*,diffie-hellman-group-exchange-*,diffie-hellman-group17-*,diffie-hellman-group18-*"
"""Key exchanges that are left out: over a group of the server's choice, which is tested for a minute before anybody
knows who the server is, and over groups whose arithmetic takes long. Every server has others."""
_LOG = logging.getLogger(__name__)

asyncssh.set_log_level(logging.CRITICAL)  # what it would log is in the finding


class NoConnection(TemporaryFailure):
    """There is no connection to the box.

    Args:
        why: what happened and what to do.
        may_pass: another try may come through; not where the answer was a refusal.
        broke_early: a server took the connection and dropped it before anybody logged in, as a busy one does.
        presented: the box's host key, where it is not known and no other one is.
    """

    def __init__(
        self,
        why: Finding,
        *,
        may_pass: bool = False,
        broke_early: bool = False,
        presented: Presented | None = None,
    ) -> None:
        super().__init__(why.evidence)
        self.finding = why
        self.may_pass = may_pass
        self.broke_early = broke_early
        self.presented = presented


@dataclass(frozen=True, slots=True)
class Session:
    """One connection to one box."""

    ssh: Ssh
    connection: asyncssh.SSHClientConnection
    way: Way

    async def run(self, request: Request) -> Result:
        """Run the box program, as often as wanted; raises nothing.

        The request is dated at the moment at which it is sent, so that the box's clock can be judged.
        """
        return await ssh_run.run(self.connection, self.ssh, request)

    @property
    def is_direct(self) -> bool:
        """Whether this machine itself reaches the box, without a jump host or a command in between."""
        return isinstance(self.way, Direct)

    @property
    def address(self) -> str:
        """Where the box is reached from there: the address that was connected to, or the name that a jump host got."""
        peer = self.connection.get_extra_info("peername") if self.is_direct else None
        return str(peer[0]) if peer else self.ssh.host

    async def dial(self, host: str, port: int) -> Streams:
        """Connect to a TCP port from where the box is reached: from this machine, or from the last jump host.

        The streams are closed with the session. TLS can be started on them.

        Raises:
            OSError: no connection; refused, timed out and unknown names have their usual subclasses.
        """
        return await self.way.dial(host, port)


@asynccontextmanager
async def session(ssh: Ssh) -> AsyncIterator[Session]:
    """Connect to a box, and close the connection at the end whatever happens.

    Raises:
        NoConnection: with the finding that explains it.
    """
    async with AsyncExitStack() as stack:
        yield await _Connecting(ssh, stack).box()


@dataclass(slots=True)
class _Connecting:
    """The way to one box while it is being made."""

    ssh: Ssh
    stack: AsyncExitStack
    attempt: Attempt | None = field(default=None)

    async def box(self) -> Session:
        """Go all the way, within the one time limit."""
        try:
            async with asyncio.timeout(self.ssh.connect_timeout):
                hop = ssh_hops.box(self.ssh)
                way = await self._reach(hop)
                return Session(self.ssh, await self._login(hop, way), way)
        except NoConnection:
            raise
        except Exception as error:  # asyncssh passes on whatever a hostile server makes it trip over
            _LOG.debug("no connection to %s", self.ssh.host, exc_info=True)
            raise self._no_connection(error) from error

    def _no_connection(self, error: Exception) -> NoConnection:
        broke_early = self.attempt is not None and ssh_failures.broke_early(self.attempt, error)
        why = self._why(error)
        may_pass = ssh_failures.may_pass(error) and why.code != CodeName.LOGIN_BLOCKED
        return NoConnection(why, may_pass=may_pass, broke_early=broke_early, presented=self._presented(why))

    def _presented(self, why: Finding) -> Presented | None:
        if self.attempt is None or self.attempt.presented is None or why.code != CodeName.HOST_KEY_UNKNOWN:
            return None
        key = self.attempt.presented
        return ssh_presented.of_hop(self.attempt.hop, key, ssh_hops.key_text(key))

    def _why(self, error: Exception) -> Finding:
        if self.attempt is not None:
            return ssh_failures.explain(self.attempt, error, self.ssh)
        if isinstance(error, ValueError):
            return ssh_failures.misconfigured(error)
        return finding(CodeName.CONNECTION_FAILED, say("failed", address=self.ssh.host, reason=type(error).__name__))

    async def _reach(self, hop: Hop, depth: int = 1) -> Way:
        """Come to where this server can be connected to."""
        if hop.jumps:
            if depth > MOST_HOPS:
                raise ValueError(f"more than {MOST_HOPS} jump hosts, or they lead in a circle")
            *before, last = hop.jumps
            jump = ssh_hops.jump_host(self.ssh, last, tuple(before) or None)
            return Through(await self._login(jump, await self._reach(jump, depth + 1)), self.stack)
        if hop.command is not None:
            return ProxyCommand(hop, self.stack)
        return Direct()

    async def _login(self, hop: Hop, way: Way) -> asyncssh.SSHClientConnection:
        self.attempt = Attempt(hop, said=way.said if isinstance(way, ProxyCommand) else None)
        connection = await way.login(_options(hop, self.ssh, self.attempt))
        self.stack.push_async_callback(ssh_way.close, connection)
        self.attempt = None
        return connection


class _Client(asyncssh.SSHClient):
    """Notes how far a login comes, and looks up a host key that was not found at once."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        self._attempt.connection = conn
        of_box = self._attempt.hop.is_box
        ssh_meter.limit(conn, ssh_meter.MOST_OF_A_BOX if of_box else ssh_meter.MOST_OF_A_JUMP_HOST)

    def begin_auth(self, username: str) -> None:  # noqa: ARG002 - as asyncssh has it
        self._attempt.has_key = True

    def auth_banner_received(self, msg: str, lang: str) -> None:  # noqa: ARG002
        self._attempt.greeting = f"{self._attempt.greeting}{msg}"[-LONGEST_GREETING:]

    def validate_host_public_key(  # what asyncssh knows of the host does not matter, only its name
        self,
        host: str,  # noqa: ARG002
        addr: str,  # noqa: ARG002
        port: int,  # noqa: ARG002
        key: asyncssh.SSHKey,
    ) -> bool:
        hop = self._attempt.hop
        if hop.known.vouches(hop.names, ssh_hops.key_text(key)):
            return True
        self._attempt.presented = key
        return False


def _options(hop: Hop, ssh: Ssh, attempt: Attempt) -> asyncssh.SSHClientConnectionOptions:
    entries = ssh_hops.known_entries(hop)
    identities = hop.keys.identities if hop.identities_only else None
    configured = hop.options.config
    return asyncssh.SSHClientConnectionOptions(
        hop.options,
        config=None,
        client_factory=lambda: _Client(attempt),
        known_hosts=_trust(entries),
        host_key_alias=hop.names[0] if hop.is_box else (),
        server_host_key_algs=() if configured.get("HostKeyAlgorithms") else ssh_hops.algorithms(entries),
        client_keys=hop.keys.offer,
        agent_identities=identities,
        agent_path=None if identities == [] else (),
        password=reveal(ssh.password) if ssh.password and hop.is_box else None,
        compression_algs="none" if configured.get("Compression") is None else (),  # the program is a zip
        kex_algs=() if configured.get("KexAlgorithms") else NO_FREE_GROUPS,
        encryption_algs=() if configured.get("Ciphers") else FAST_CIPHER,
        connect_timeout=None,
        login_timeout=0,
        keepalive_interval=ssh.keepalive_interval,
        keepalive_count_max=max(1, ssh.keepalive_count),
        agent_forwarding=False,
        x11_forwarding=False,
        request_pty=False,
        command=None,
        env=None,
        send_env=None,
    )


def _trust(entries: Iterable[KnownHost]) -> tuple[list[asyncssh.SSHKey], list[asyncssh.SSHKey], list[asyncssh.SSHKey]]:
    """Sort known keys as asyncssh wants them: host keys, authorities, revoked ones."""
    sorted_keys: dict[str, list[asyncssh.SSHKey]] = {"": [], "@cert-authority": [], "@revoked": []}
    for entry in entries:
        if (key := _parsed(entry.key)) is not None:
            sorted_keys[entry.marker].append(key)
    return sorted_keys[""], sorted_keys["@cert-authority"], sorted_keys["@revoked"]


@functools.lru_cache(maxsize=512)
def _parsed(key: str) -> asyncssh.SSHKey | None:
    try:
        return asyncssh.import_public_key(key)
    except asyncssh.KeyImportError:  # a type that is not known here, or a damaged line
        return None
