"""What sshd, PAM, shells and `sudo` of a box print where they run nothing: the words of Debian 12 and 13."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from .faults import SshFault


@dataclass(frozen=True, slots=True)
class Blocked:
    """One way in which a login comes to nothing.

    Args:
        greeting: what PAM says before the login ends.
        closes: the connection ends there.
        output: what comes in place of the command's standard output.
        errors: the same of standard error.
        status: with which it ends.
    """

    greeting: str = ""
    closes: bool = False
    output: bytes = b""
    errors: bytes = b""
    status: int = 1


_BOOTING: Final = (
    "System is booting up. Unprivileged users are not permitted to log in yet. Please come back later. "
    "For technical details, see pam_nologin(8)."
)

LOGINS: Final[Mapping[SshFault, Blocked]] = MappingProxyType(
    {
        SshFault.PASSWORD_EXPIRED: Blocked(
            greeting="You are required to change your password immediately (administrator enforced).\n",
            errors=b"WARNING: Your password has expired.\nPassword change required but no TTY available.\n",
        ),
        SshFault.ACCOUNT_EXPIRED: Blocked(
            greeting="Your account has expired; please contact your system administrator.\n", closes=True
        ),
        SshFault.STARTING: Blocked(greeting=f"{_BOOTING}\n\n", closes=True),
        SshFault.CLOSED_FOR_USERS: Blocked(greeting="The shop is being rebuilt\n\n", closes=True),
        SshFault.NO_LOGIN_SHELL: Blocked(output=b"This account is currently not available.\n"),
        SshFault.FORCED_COMMAND: Blocked(output=b"backup finished\n", status=0),
        SshFault.SHELL_ENDS: Blocked(status=0),
        SshFault.SHELL_MISSING: Blocked(errors=b"/home/pi/.bashrc: line 1: exec: fish: not found\n", status=127),
    }
)

SUDO_SAYS: Final[Mapping[SshFault, str]] = MappingProxyType(
    {
        SshFault.SUDO_NEEDS_TERMINAL: "sudo: sorry, you must have a tty to run sudo",
        SshFault.SUDO_HAS_NO_RULE: "pi is not in the sudoers file.",
        SshFault.SUDOERS_BROKEN: "sudo: /etc/sudoers is owned by uid 1000, should be 0\n"
        "sudo: error initializing audit plugin sudoers_audit",
    }
)


def blocked(faults: frozenset[SshFault]) -> Blocked | None:
    """Return what logins come to, None where they are well."""
    return next((LOGINS[each] for each in LOGINS if each in faults), None)


def refusal(faults: frozenset[SshFault]) -> str | None:
    """Return what `sudo` says, None where it does its work."""
    return next((SUDO_SAYS[each] for each in SUDO_SAYS if each in faults), None)
