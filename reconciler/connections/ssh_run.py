"""Run the box program over an SSH connection: answer `sudo`, send program and request, take the reply."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import asyncssh

from ..codes import CodeName
from ..model.desired import Request
from ..model.reveal import reveal
from ..model.statement import say
from ..model.target import Ssh
from ..results.finding import finding
from ..results.result import Result
from . import carrier, reply, ssh_ended
from .ssh_command import LIVES, PROBE, BoxCommand
from .ssh_exchange import Exchange
from .threads import in_daemon_thread

GRACE_SECONDS = 30.0
"""More than the box program gives itself: it finishes or undoes alone, and its answer has to travel."""
_SMALL = 64 << 10
"""Bytes of output that are read in the loop; more, as no healthy box sends, must not hold up the other boxes."""
PROBE_SECONDS = 5.0
"""For a command that only says a word, after the box program gave no answer."""


async def run(connection: asyncssh.SSHClientConnection, ssh: Ssh, request: Request) -> Result:
    """Run the box program once; whatever goes wrong is a finding of the result."""
    started = datetime.now(UTC)
    exchange = Exchange()
    lock = sudo_of(connection, ssh)
    sent = request
    try:
        async with asyncio.timeout(request.deadline_seconds + GRACE_SECONDS):
            channel, _ = await connection.create_session(
                lambda: exchange, command(connection, ssh, lock).text, encoding=None, request_pty=False
            )
            try:
                if lock is None or await lock.opened(channel, exchange):
                    started = datetime.now(UTC)
                    sent = replace(request, sent_at=started)
                    send(channel, carrier.message(sent))
                await exchange.until_over()
            finally:
                channel.close()
    except TimeoutError:
        waited = say("no_answer", seconds=request.deadline_seconds + GRACE_SECONDS)
        return reply.without(sent, started, finding(CodeName.DEADLINE, waited))
    except (OSError, asyncssh.Error) as error:
        return reply.without(sent, started, ssh_ended.not_begun(error, ssh))
    refused = lock is not None and lock.has_refused
    ended = ssh_ended.EndedCall(exchange, ssh, sent, started, who=who(connection, ssh), password_refused=refused)
    if ended.is_unexplained:
        ended = replace(ended, runs_commands=await _runs_commands(connection))
    if len(exchange.output) <= _SMALL:
        return ended.result()
    return await in_daemon_thread(ended.result)


async def _runs_commands(connection: asyncssh.SSHClientConnection) -> bool | None:
    """Tell whether the box runs any command of ours; None where the connection broke instead."""
    exchange = Exchange()
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            channel, _ = await connection.create_session(lambda: exchange, PROBE, encoding=None, request_pty=False)
            try:
                channel.write_eof()
                await exchange.until_over()
            finally:
                channel.close()
    except TimeoutError:
        return False
    except (OSError, asyncssh.Error):  # what was printed before tells more than that
        return None
    return LIVES.encode() in exchange.output.splitlines()


def who(connection: asyncssh.SSHClientConnection, ssh: Ssh) -> str:
    """Return user and box."""
    return f"{connection.get_extra_info('username')}@{ssh.host}"


def command(connection: asyncssh.SSHClientConnection, ssh: Ssh, lock: Sudo | None = None) -> BoxCommand:
    """Return what the login shell is asked to run."""
    return lock.command if lock is not None else BoxCommand(ssh.python, become=_becomes_root(connection, ssh))


def _becomes_root(connection: asyncssh.SSHClientConnection, ssh: Ssh) -> bool:
    return ssh.become and connection.get_extra_info("username") != "root"


def sudo_of(connection: asyncssh.SSHClientConnection, ssh: Ssh) -> Sudo | None:
    """Return what answers `sudo`, where that may ask for a password."""
    return Sudo(ssh) if _asks_password(connection, ssh) else None


def _asks_password(connection: asyncssh.SSHClientConnection, ssh: Ssh) -> bool:
    return bool(ssh.become_password) and _becomes_root(connection, ssh)


class Sudo:
    """A `sudo` that may ask for a password, or may not.

    It asks with a prompt that nobody can guess; what it starts says a word that nobody can guess. The password is
    sent only after the one, and the program only after the other, so neither can be taken for the other.
    """

    def __init__(self, ssh: Ssh) -> None:
        self.command = BoxCommand.asking(ssh.python)
        self.has_refused = False
        self._password = ssh.become_password

    async def opened(self, channel: asyncssh.SSHClientChannel[bytes], exchange: Exchange) -> bool:
        """Answer as often as a right password is asked for, once; tell whether the program waits for its stream."""
        has_answered, ready, looked = False, self.command.ready.encode(), 0
        while not exchange.is_over:
            if exchange.output.find(ready, max(0, looked - len(ready))) >= 0:
                return True
            looked = len(exchange.output)
            if self.command.prompt.encode() in exchange.errors:
                exchange.errors.clear()
                if has_answered or self._password is None:
                    self.has_refused = True
                    channel.write_eof()
                    return False
                channel.write(f"{reveal(self._password)}\n".encode())
                has_answered = True
            exchange.news.clear()
            await exchange.news.wait()
        return False


def send(channel: asyncssh.SSHClientChannel[bytes], message: bytes) -> None:
    """Send all that the program gets, and that there is no more."""
    try:
        channel.write(message)
        channel.write_eof()
    except BrokenPipeError:  # it has ended already, and what it printed tells why
        return
