"""How one run of the box program over SSH ended: its reply, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import asyncssh

from ..codes import CodeName, Variant
from ..model import framing
from ..model.desired import Request
from ..model.secret import Secret, redact
from ..model.statement import Statement, say, told
from ..model.target import Ssh
from ..results.finding import Finding, finding
from ..results.result import Result
from . import login_table, reply
from .login_table import Recognised
from .ssh_exchange import Exchange

_SUDO_FAILED: Final = 1
_NOT_FOUND: Final = 127


def not_begun(error: OSError | asyncssh.Error, ssh: Ssh) -> Finding:
    """Say why no command could even be asked for."""
    said = error.reason if isinstance(error, asyncssh.Error) else str(error)
    reason = redact(said, ssh.password, ssh.become_password)
    if isinstance(error, asyncssh.ChannelOpenError):
        return finding(CodeName.LOGIN_BLOCKED, say("no_session", reason=reason), variant=Variant.NO_SESSION)
    return finding(CodeName.CONNECTION_FAILED, say("no_command", reason=reason))


@dataclass(frozen=True, slots=True)
class EndedCall:
    """A call that is over.

    Args:
        who: user and box.
        password_refused: `sudo` asked for the become password again.
        runs_commands: whether the box ran another command afterwards; None where nobody asked, or no answer came.
    """

    exchange: Exchange
    ssh: Ssh
    request: Request
    started: datetime
    who: str = field(kw_only=True)
    password_refused: bool = field(default=False, kw_only=True)
    runs_commands: bool | None = field(default=None, kw_only=True)

    @property
    def is_unexplained(self) -> bool:
        """Whether there is no reply, and nothing that was printed tells why: then another command is worth a try."""
        exchange = self.exchange
        if exchange.is_flooded or self.password_refused or exchange.status is None:
            return False
        return framing.find(exchange.output) is None and self._recognised() is None and not self._of_sudo()

    def result(self) -> Result:
        """Return what it comes to."""
        output, found = bytes(self.exchange.output), framing.find(self.exchange.output)
        has_ended_alone = self.exchange.status is not None or self.exchange.signal is not None
        if self.exchange.is_flooded:
            return self._read(b"", say("flooded"))
        if found is not None and (len(output) >= found[1] or has_ended_alone):
            return self._read(output)
        if self.password_refused:
            said = say("wrong_password", who=self.who)
            return self._without(finding(CodeName.SUDO_REFUSED, said, variant=Variant.WRONG_PASSWORD))
        if not has_ended_alone:
            return self._without(finding(CodeName.REPLY_CUT_OFF, say("cut_off", size=len(output))))
        if (why := self._refused()) is not None:
            return self._without(why)
        ended = say("ended_by_signal", signal=self.exchange.signal) if self.exchange.signal else None
        return self._read(output, ended or self._errors or output.decode(errors="replace"))

    def _refused(self) -> Finding | None:
        """Return why the program was not even started, as far as that can be told."""
        if (known := self._recognised()) is not None:
            return known.finding(*self._known, who=self.who)
        if self._of_sudo():
            return finding(CodeName.SUDO_REFUSED, *self._seen(self._printed(self._of_sudo()[-1])))
        status = self.exchange.status
        lines = self._lines(self._errors) or self._lines(bytes(self.exchange.output).decode(errors="replace"))
        if self.runs_commands is False:
            said = (
                (say("printed_instead"), self._printed(lines[-1]))
                if lines
                else (say("silent_end", exit_status=status),)
            )
            return finding(CodeName.LOGIN_BLOCKED, *self._seen(*said))
        if status == _NOT_FOUND:
            last = self._printed(lines[-1]) if lines else say("exit_status", exit_status=status)
            return finding(CodeName.PYTHON_MISSING, *self._seen(last))
        return None

    @property
    def _errors(self) -> str:
        return self.exchange.errors.decode(errors="replace")

    @property
    def _known(self) -> tuple[Secret | None, ...]:
        return (self.ssh.password, self.ssh.become_password, *reply.secrets_of(self.request))

    def _recognised(self) -> Recognised | None:
        if self.exchange.status is None:
            return None
        texts = (self._errors, bytes(self.exchange.output).decode(errors="replace"))
        return login_table.recognised(texts, self.exchange.status)

    def _of_sudo(self) -> list[str]:
        """Return what `sudo` says that is in no row of the table, where it ended the call."""
        if self.exchange.status != _SUDO_FAILED:
            return []
        lines = (line for line in self._lines(self._errors) if line.startswith("sudo: "))
        return [line for line in lines if not line.startswith("sudo: unable to resolve host ")]

    @staticmethod
    def _lines(text: str) -> list[str]:
        return [line.strip() for line in text.splitlines() if line.strip()]

    def _printed(self, line: str) -> Statement:
        return told(redact(line, *self._known))

    def _seen(self, *said: Statement) -> tuple[Statement, ...]:
        return say("at", who=self.who), *said

    def _read(self, output: bytes, errors: str | Statement = "") -> Result:
        also = (self.ssh.password, self.ssh.become_password)
        return reply.read(output, self.request, self.started, errors, also=also)

    def _without(self, why: Finding) -> Result:
        return reply.without(self.request, self.started, why)
