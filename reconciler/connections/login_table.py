"""A table of what sshd, PAM, `sudo` and shells print when a program cannot be run, with the code of each.

One row for each message, recorded from OpenSSH 9.2 and 10.0, `sudo` 1.9.13 and 1.9.16 and the shells of Debian, older
and newer wordings beside them. A row matches a whole line and nothing less, so that a text which only contains such
words chooses no remedy; the line itself is evidence and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ..codes import CodeName, Variant
from ..model.secret import Secret, redact
from ..model.statement import say, told
from ..results.finding import Finding, finding

C, V = CodeName, Variant
_MOST_LINES: Final = 40
_LONGEST_LINE: Final = 400
"""Characters; no message of the table is longer, and a path in it has its own limit."""
_FAILED: Final = frozenset({1})
_NOT_RUN: Final = frozenset({126, 127})
_ANY: Final[frozenset[int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """One message.

    Args:
        line: what a whole line of it is.
        statuses: exit statuses with which it counts, all where there are none.
    """

    line: re.Pattern[str]
    code: CodeName
    variant: Variant | None = None
    statuses: frozenset[int] = _ANY


@dataclass(frozen=True, slots=True)
class Recognised:
    """A row that fits, and the line that it fits."""

    row: Row
    line: str

    def finding(self, *known: Secret | None, who: str = "") -> Finding:
        """Return what it comes to.

        Args:
            known: secrets that the line must not show.
            who: user and box, as evidence.
        """
        said = redact(self.line, *known)
        seen = (say("at", who=who), told(said)) if who else (told(said),)
        return finding(self.row.code, *seen, variant=self.row.variant)


def _row(line: str, code: CodeName, variant: Variant | None = None, statuses: frozenset[int] = _ANY) -> Row:
    return Row(re.compile(line), code, variant, statuses)


_FILE: Final = r"/[^ :]*sudoers[^ :]*"
_SHELL: Final = r"(?:/\S+: line \d+: |\S+:exec:\d+: |(?:-?[a-z]{2,5}): (?:line )?\d+: )"
_USER: Final = r"[\w.-]+"
_REPORTED: Final = r"(?:  ?This incident (?:will be|has been) reported(?: to the administrator)?\.)?"

TABLE: Final = (
    # the account, by PAM and sshd
    _row(r"You are required to change your password immediately \(.+\)\.?", C.LOGIN_BLOCKED, V.PASSWORD_EXPIRED),
    _row(r"WARNING: Your password has expired\.", C.LOGIN_BLOCKED, V.PASSWORD_EXPIRED),
    _row(r"Password change required but no TTY available\.", C.LOGIN_BLOCKED, V.PASSWORD_EXPIRED),
    _row(r"Your account has expired; please contact your system administrator\.?", C.LOGIN_BLOCKED, V.ACCOUNT_EXPIRED),
    _row(r'"?System is (?:booting up|going down)\..*pam_nologin\(8\)\.?"?', C.CONNECTION_FAILED, V.STARTING),
    _row(r"There were too many logins for '.+'\.", C.LOGIN_BLOCKED, V.TOO_MANY_LOGINS),
    # the shell
    _row(r"This account is currently not available\.", C.LOGIN_BLOCKED, V.NO_LOGIN_SHELL, _FAILED),
    _row(r"This service allows sftp connections only\.", C.LOGIN_BLOCKED, V.FORCED_COMMAND, _FAILED),
    _row(r"fatal: Interactive git shell is not enabled\.", C.LOGIN_BLOCKED, V.FORCED_COMMAND),
    _row(r"[a-z]+: (?:line \d+: )?/\S+: restricted: .+", C.LOGIN_BLOCKED, V.RESTRICTED_SHELL, _FAILED),
    _row(rf"{_SHELL}exec: \S+: not found", C.LOGIN_BLOCKED, V.SHELL_MISSING, _NOT_RUN),
    _row(r"/\S+: line \d+: /\S+: No such file or directory", C.LOGIN_BLOCKED, V.SHELL_MISSING, _NOT_RUN),
    _row(r"/\S+:exec:\d+: (?:command not found|no such file or directory): \S+", C.LOGIN_BLOCKED, V.SHELL_MISSING),
    _row(r"/(?:usr/)?bin/\w+: No such file or directory", C.LOGIN_BLOCKED, V.SHELL_MISSING, _FAILED),
    # sudo that is not whole
    _row(r"sudo: \S+ must be owned by uid 0 and have the setuid bit set", C.SUDO_REFUSED, V.SUDO_BROKEN, _FAILED),
    _row(r"sudo: effective uid is not 0, .+", C.SUDO_REFUSED, V.SUDO_BROKEN, _FAILED),
    _row(r'sudo: The "no new privileges" flag is set, .+', C.SUDO_REFUSED, V.SUDO_BROKEN, _FAILED),
    _row(rf"sudo: {_FILE} is .+", C.SUDO_REFUSED, V.SUDOERS_BROKEN, _FAILED),
    _row(rf"sudo: unable to \w+ {_FILE}: .+", C.SUDO_REFUSED, V.SUDOERS_BROKEN, _FAILED),
    _row(rf"(?:>>> |sudo: )?{_FILE}:\d+(?::\d+)?: (?:syntax|parse) error.*", C.SUDO_REFUSED, V.SUDOERS_BROKEN, _FAILED),
    _row(r"sudo: no valid sudoers sources found, quitting", C.SUDO_REFUSED, V.SUDOERS_BROKEN, _FAILED),
    _row(r"(?:/\S+/)?env: .sudo.: (?:No such file or directory|Permission denied)", C.SUDO_REFUSED, V.SUDO_MISSING),
    _row(r"(?:\S+: )*(?:line )?(?:\d+: )?sudo: (?:command )?not found", C.SUDO_REFUSED, V.SUDO_MISSING, _NOT_RUN),
    # sudo that says no
    _row(r"sudo: (?:sorry, )?you must have a tty to run sudo", C.SUDO_REFUSED, V.TERMINAL_DEMANDED, _FAILED),
    _row(r"sudo: Account or password is expired, .+", C.SUDO_REFUSED, V.ACCOUNT_EXPIRED, _FAILED),
    _row(r"sudo: account validation failure, is your account locked\?", C.SUDO_REFUSED, V.ACCOUNT_EXPIRED, _FAILED),
    _row(r"sudo: Password expired, contact your system administrator", C.SUDO_REFUSED, V.ACCOUNT_EXPIRED, _FAILED),
    _row(r"sudo: PAM account management error: .+", C.SUDO_REFUSED, V.ACCOUNT_EXPIRED, _FAILED),
    _row(rf"{_USER} is not in the sudoers file\.{_REPORTED}", C.SUDO_REFUSED, V.NO_RULE, _FAILED),
    _row(rf"{_USER} is not allowed to run sudo on \S+\.{_REPORTED}", C.SUDO_REFUSED, V.NO_RULE, _FAILED),
    _row(rf"Sorry, user {_USER} may not run sudo on \S+\.", C.SUDO_REFUSED, V.NO_RULE, _FAILED),
    _row(rf"sudo: I'm sorry {_USER}\. I'm afraid I can't do that", C.SUDO_REFUSED, V.NO_RULE, _FAILED),
    _row(
        rf"Sorry, user {_USER} is not allowed to execute '.+' as .+ on \S+", C.SUDO_REFUSED, V.OTHER_COMMANDS, _FAILED
    ),
    _row(r"sudo: \d+ incorrect password attempts?", C.SUDO_REFUSED, V.WRONG_PASSWORD, _FAILED),
    _row(r"sudo: (?:a password is required|no password was provided)", C.SUDO_REFUSED, None, _FAILED),
    _row(r"sudo: interactive authentication is required", C.SUDO_REFUSED, None, _FAILED),
    _row(r"sudo: a terminal is required to (?:read the password|authenticate).*", C.SUDO_REFUSED, None, _FAILED),
    _row(r"sudo: no tty present and no askpass program specified", C.SUDO_REFUSED, None, _FAILED),
    # no Python
    _row(r"sudo: \S+: command not found", C.PYTHON_MISSING, None, _FAILED),
    _row(r"(?:/\S+/)?env: .\S+.: No such file or directory", C.PYTHON_MISSING, None, _NOT_RUN),
)
"""The more telling ones first: after a broken file of rules `sudo` asks for a password as well."""


def recognised(texts: Iterable[str], status: int | None) -> Recognised | None:
    """Return the first row of the table that a line fits.

    Args:
        texts: what came, such as standard error and standard output; of each the last lines count.
        status: exit status, `None` where nothing was run.
    """
    lines = [line for text in texts for line in _lines(text)]
    for row in TABLE:
        if row.statuses and status is not None and status not in row.statuses:
            continue
        found = next((line for line in lines if row.line.fullmatch(line)), None)
        if found is not None:
            return Recognised(row, found)
    return None


def _lines(text: str) -> Iterator[str]:
    last = text[-_MOST_LINES * _LONGEST_LINE :].splitlines()[-_MOST_LINES:]
    return (line for line in map(str.strip, last) if line.isprintable() and 0 < len(line) <= _LONGEST_LINE)
