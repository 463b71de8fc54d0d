"""Boxes over SSH, inside this process: no program is started per box, and nothing is left behind on it.

    async with ssh.session(target.ssh) as box:
        result = await box.run(request)
        reader, writer = await box.dial("192.168.1.20", 443)

Importing this costs 0.2 s, for asyncssh: do it where it is needed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

import asyncssh

from ..codes import CodeName
from ..model.desired import Request
from ..model.statement import say
from ..model.target import Ssh
from ..results.finding import Finding, finding
from ..results.result import Result
from . import ssh_client, ssh_failures, ssh_hops, ssh_presented, ssh_run, ssh_way
from .reached import Unreached
from .ssh_failures import Attempt
from .ssh_hops import Hop, Offering
from .ssh_presented import Presented
from .ssh_way import Direct, ProxyCommand, Streams, Through, Way

MOST_HOPS = 8
_LOG = logging.getLogger(__name__)

asyncssh.set_log_level(logging.CRITICAL)  # what it would log is in the finding


class NoConnection(Unreached):
    """There is no connection to the box.

    Args:
        why: what happened and what to do.
        may_pass: another try may come through; not where the answer was a refusal.
        broke_early: a server took the connection and dropped it before anybody logged in, as a busy one does.
        presented: the box's host key, where it is not known and no other one is.
        takes_password: the box has asked for a password; `None` where it did not come so far.
    """

    def __init__(
        self,
        why: Finding,
        *,
        may_pass: bool = False,
        broke_early: bool = False,
        presented: Presented | None = None,
        takes_password: bool | None = None,
    ) -> None:
        super().__init__(why)
        self.may_pass = may_pass
        self.broke_early = broke_early
        self.presented = presented
        self.takes_password = takes_password


@dataclass(frozen=True, slots=True)
class LoginTerms:
    """How a login differs from what the inventory says.

    Args:
        accepted: a host key that somebody has compared, as files of known hosts have it; it counts where none is known.
        by: what is offered, to the box alone.
        carries: bytes that may come beside what programs usually print: files of a box.
    """

    accepted: str | None = None
    by: Offering = Offering.ALL
    carries: int = 0


USUAL_TERMS = LoginTerms()


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
    def standpoint(self) -> Session:
        """From where the box is looked at from outside: where its SSH server is connected to."""
        return self

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
async def session(ssh: Ssh, terms: LoginTerms = USUAL_TERMS) -> AsyncIterator[Session]:
    """Connect to a box, and close the connection at the end whatever happens.

    Args:
        terms: how the login differs from what the inventory says.

    Raises:
        NoConnection: with the finding that explains it.
    """
    async with AsyncExitStack() as stack:
        yield await _Connecting(ssh, stack, terms).box()


@asynccontextmanager
async def way_to(ssh: Ssh) -> AsyncIterator[tuple[Way, str]]:
    """Come to where the box is reached, without logging in on it; give the way from there and the box's address.

    Raises:
        NoConnection: with the finding that explains it.
    """
    async with AsyncExitStack() as stack:
        yield await _Connecting(ssh, stack, USUAL_TERMS).there()


@dataclass(slots=True)
class _Connecting:
    """The way to one box while it is being made."""

    ssh: Ssh
    stack: AsyncExitStack
    terms: LoginTerms
    attempt: Attempt | None = field(default=None)

    async def box(self) -> Session:
        """Go all the way, within the one time limit."""
        async with self._explained():
            hop = replace(ssh_hops.box(self.ssh), accepted=self.terms.accepted, by=self.terms.by)
            way = await self._reach(hop)
            return Session(self.ssh, await self._login(hop, way), way)

    async def there(self) -> tuple[Way, str]:
        """Go all the way but for the login on the box."""
        async with self._explained():
            hop = ssh_hops.box(self.ssh)
            return await self._reach(hop), hop.options.host

    @asynccontextmanager
    async def _explained(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self.ssh.connect_timeout):
                yield
        except NoConnection:
            raise
        except Exception as error:  # asyncssh passes on whatever a hostile server makes it trip over
            _LOG.debug("no connection to %s", self.ssh.host, exc_info=True)
            raise self._no_connection(error) from error

    def _no_connection(self, error: Exception) -> NoConnection:
        broke_early = self.attempt is not None and ssh_failures.broke_early(self.attempt, error)
        why = self._why(error)
        may_pass = ssh_failures.may_pass(error) and why.code != CodeName.LOGIN_BLOCKED
        return NoConnection(
            why,
            may_pass=may_pass,
            broke_early=broke_early,
            presented=self._presented(why),
            takes_password=ssh_failures.takes_password(self.attempt, error) if self.attempt is not None else None,
        )

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
        said = way.said if isinstance(way, ProxyCommand) else None
        self.attempt = Attempt(hop, said=said, carries=self.terms.carries)
        connection = await way.login(ssh_client.options(hop, self.ssh, self.attempt))
        self.stack.push_async_callback(ssh_way.close, connection)
        self.attempt = None
        return connection
