"""The box program on an SSH connection: let `sudo` have its way, send program and request, take the reply."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import asyncssh

from ..codes import CodeName, finding
from ..model import framing
from ..model.desired import Request
from ..model.result import Finding, Result
from ..model.reveal import reveal
from ..model.secret import Secret, redact
from ..model.target import Ssh
from . import carrier, reply
from .ssh_command import Command
from .ssh_meter import TooMuch
from .threads import in_daemon_thread

GRACE_SECONDS = 30.0
"""More than the box program gives itself: it finishes or undoes alone, and its answer has to travel."""
LONGEST_OUTPUT = 256 << 10
"""Bytes of all that comes: the reply, what a login shell prints before it, messages on standard error."""
LONGEST_ERRORS = 64 << 10
"""Bytes kept of what comes on standard error, the last ones."""
_SMALL = 64 << 10
"""Bytes of output that are read in the loop; more, as no healthy box sends, must not hold up the other boxes."""
_HEAD = 64
"""More bytes than the line in front of a reply has."""
_SUDO_FAILED = 1
_NOT_FOUND = 127
_CORRECT_VAULT = "Correct ansible_become_password in the vault: it is the password of the user on the box."


class Exchange(asyncssh.SSHClientSession[bytes]):
    """What came back so far. `news` is set at every change."""

    def __init__(self) -> None:
        self.output = bytearray()
        self.errors = bytearray()
        self.status: int | None = None
        self.signal: str | None = None
        self.has_ended = False
        self.is_flooded = False
        self.news = asyncio.Event()
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None
        self._reply_ends: int | None = None
        self._announced = 0
        self._received = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be waited for: the reply is whole, or the channel has ended or is cut off."""
        return (
            self.has_ended or self.is_flooded or (self._reply_ends is not None and len(self.output) >= self._reply_ends)
        )

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        """Take the channel; called by asyncssh, as the following are."""
        self._channel = chan

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Keep what comes, within limits."""
        if self.is_flooded:
            return
        self._received += len(data)
        if datatype == asyncssh.EXTENDED_DATA_STDERR:
            self.errors += data
            del self.errors[:-LONGEST_ERRORS]
        else:
            self._take(data)
        if self._received > LONGEST_OUTPUT or self._announced > reply.BOUNDS.size:
            self._cut_off()
        self.news.set()

    def exit_status_received(self, status: int) -> None:
        """Note how the program ended."""
        self.status = status

    def exit_signal_received(self, signal: str, core_dumped: bool, msg: str, lang: str) -> None:  # noqa: ARG002, FBT001
        """Note what ended the program."""
        self.signal = signal

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more will come."""
        self.has_ended = True
        self.is_flooded = self.is_flooded or isinstance(exc, TooMuch)
        self.news.set()

    def _take(self, data: bytes) -> None:
        begin = max(0, len(self.output) - _HEAD)
        self.output += data
        if self._reply_ends is None and (found := framing.find(self.output, begin)) is not None:
            self._reply_ends = found[1]
            self._announced = found[1] - found[0]

    def _cut_off(self) -> None:
        self.is_flooded = True
        self.output.clear()
        if self._channel is not None:
            self._channel.abort()


async def run(connection: asyncssh.SSHClientConnection, ssh: Ssh, request: Request) -> Result:
    """Run the box program once; whatever goes wrong is a finding of the result."""
    started = datetime.now(UTC)
    exchange = Exchange()
    lock = _Sudo(ssh) if _asks_password(connection, ssh) else None
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
                    _send(channel, carrier.message(sent))
                await _until_over(exchange)
            finally:
                channel.close()
    except TimeoutError:
        waited = f"{request.deadline_seconds + GRACE_SECONDS:.0f} s"
        return reply.without(sent, started, finding(CodeName.DEADLINE, f"no answer came within {waited}"))
    except (OSError, asyncssh.Error) as error:
        return reply.without(sent, started, _not_begun(error, ssh))
    if len(exchange.output) <= _SMALL:
        return _result(exchange, ssh, sent, started, lock)
    return await in_daemon_thread(lambda: _result(exchange, ssh, sent, started, lock))


def command(connection: asyncssh.SSHClientConnection, ssh: Ssh, lock: _Sudo | None = None) -> Command:
    """Return what the login shell is asked to run."""
    return lock.command if lock is not None else Command(ssh.python, become=_becomes_root(connection, ssh))


def _becomes_root(connection: asyncssh.SSHClientConnection, ssh: Ssh) -> bool:
    return ssh.become and connection.get_extra_info("username") != "root"


def _asks_password(connection: asyncssh.SSHClientConnection, ssh: Ssh) -> bool:
    return bool(ssh.become_password) and _becomes_root(connection, ssh)


class _Sudo:
    """A `sudo` that may ask for a password, or may not.

    It asks with a prompt that nobody can guess; what it starts says a word that nobody can guess. The password is
    sent only after the one, and the program only after the other, so neither can be taken for the other.
    """

    def __init__(self, ssh: Ssh) -> None:
        self.command = Command.asking(ssh.python)
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


def _send(channel: asyncssh.SSHClientChannel[bytes], message: bytes) -> None:
    try:
        channel.write(message)
        channel.write_eof()
    except BrokenPipeError:  # it has ended already, and what it printed tells why
        return


async def _until_over(exchange: Exchange) -> None:
    while not exchange.is_over:
        exchange.news.clear()
        await exchange.news.wait()


def _not_begun(error: OSError | asyncssh.Error, ssh: Ssh) -> Finding:
    reason = redact(
        error.reason if isinstance(error, asyncssh.Error) else str(error), ssh.password, ssh.become_password
    )
    return finding(CodeName.CONNECTION_FAILED, f"the box's SSH server runs no command for us: {reason}")


def _result(exchange: Exchange, ssh: Ssh, request: Request, started: datetime, lock: _Sudo | None) -> Result:
    output, errors = bytes(exchange.output), exchange.errors.decode(errors="replace")
    found = framing.find(output)
    has_ended_alone = exchange.status is not None or exchange.signal is not None
    of_the_way = (ssh.password, ssh.become_password)
    if exchange.is_flooded:
        return reply.read(b"", request, started, "more came from it, or was announced, than any reply needs")
    if found is not None and (len(output) >= found[1] or has_ended_alone):
        return reply.read(output, request, started, also=of_the_way)
    if lock is not None and lock.has_refused:
        why = finding(CodeName.SUDO_REFUSED, "sudo does not accept the become password", remedy=_CORRECT_VAULT)
    elif not has_ended_alone:
        why = finding(CodeName.REPLY_CUT_OFF, f"the connection ended after {len(output)} bytes of the reply")
    elif (refused := _refused(exchange.status, errors, (*of_the_way, *reply.secrets_of(request)))) is not None:
        why = refused
    else:
        ended = f"it was ended by signal {exchange.signal}" if exchange.signal else ""
        shown = ended or errors or output.decode(errors="replace")
        return reply.read(output, request, started, shown, also=of_the_way)
    return reply.without(request, started, why)


def _refused(status: int | None, errors: str, known: tuple[Secret | None, ...]) -> Finding | None:
    """Return why the program was not even started, as far as that can be told from what was printed."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    of_sudo = [line for line in lines if line.startswith("sudo: ") and "unable to resolve host" not in line]
    last = redact((of_sudo or lines or [f"exit status {status}"])[-1], *known)
    if status == _SUDO_FAILED and any("command not found" in line for line in of_sudo):
        return finding(CodeName.PYTHON_MISSING, last)
    if status == _SUDO_FAILED and (of_sudo or any("is not allowed to" in line for line in lines)):
        return finding(CodeName.SUDO_REFUSED, last)
    if status == _NOT_FOUND:
        is_sudo = any("sudo" in line for line in lines)
        return finding(CodeName.SUDO_REFUSED if is_sudo else CodeName.PYTHON_MISSING, last)
    return None
