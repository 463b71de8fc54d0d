"""Map each failure to connect to a code and its evidence; for a host key, also to the commands that fix it."""

from __future__ import annotations

import errno
import os
import re
import shlex
import socket
from dataclasses import dataclass, replace
from functools import partial

import asyncssh

from ..codes import CodeName, Variant
from ..model.secret import redact
from ..model.statement import Statement, say
from ..model.target import Ssh
from ..results.finding import Finding, finding
from . import ssh_hops, ssh_login
from .ssh_hops import Hop
from .ssh_known_hosts import KnownHost
from .ssh_way import refusal

_NO_ROUTE = {
    errno.EHOSTUNREACH: Variant.HOST_UNREACHABLE,
    errno.ENETUNREACH: Variant.NETWORK_UNREACHABLE,
}
_KEYS_OF_A_JUMP_HOST = {
    CodeName.HOST_KEY_UNKNOWN: Variant.KEY_UNKNOWN,
    CodeName.HOST_KEY_CHANGED: Variant.KEY_CHANGED,
}
"""What to do about a key of which no more is known."""
_ERRNO = re.compile(r"\[Errno (\d+)\]")
_FORWARDING_FAILED = re.compile(r"open failed: connect failed: ([^\r\n]+)")
_SHOWN_NAMES = 3


@dataclass(slots=True)
class Attempt:
    """How far the login to one server came; written while it goes on.

    Args:
        presented: the host key that was not accepted.
        greeting: the last of what the server showed before the login ended; PAM says there why it does not let in.
        said: what a proxy command printed, in place of a jump host's answer.
        takes_password: the server has asked for a password, whether or not it was told one.
        carries: bytes that may come beside what programs usually print.
    """

    hop: Hop
    connection: asyncssh.SSHClientConnection | None = None
    presented: asyncssh.SSHKey | None = None
    has_key: bool = False
    greeting: str = ""
    said: bytearray | None = None
    takes_password: bool = False
    carries: int = 0

    @property
    def awaited(self) -> str:
        """Which sentence tells what did not come."""
        if self.has_key:
            return "no_login"
        if self.is_greeted:
            return "no_key_exchange"
        if self.connection is not None and self.hop.command is None:
            return "no_ssh"
        return "no_answer"

    @property
    def is_greeted(self) -> bool:
        """Whether the other side has said that it is an SSH server."""
        return self.connection is not None and bool(self.connection.get_extra_info("server_version"))


def explain(attempt: Attempt, error: Exception, ssh: Ssh) -> Finding:
    """Say why a login failed."""
    inner = _explain(attempt, error, ssh)
    if attempt.hop.is_box:
        return inner
    is_key = inner.code in _KEYS_OF_A_JUMP_HOST
    variant = inner.variant or _KEYS_OF_A_JUMP_HOST[inner.code] if is_key else None
    seen = (say("at_jump_host", jump_host=attempt.hop.address), *inner.seen)
    return replace(finding(CodeName.JUMP_HOST_FAILED, *seen, variant=variant), of_others=inner.of_others)


def may_pass(error: Exception) -> bool:
    """Tell whether another try may come through: not after a refused login or host key, nor with unusable settings."""
    if isinstance(error, asyncssh.HostKeyNotVerifiable) or _is_refused_login(error):
        return False
    if isinstance(error, asyncssh.ChannelOpenError) and error.code == asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED:
        return False
    return isinstance(error, OSError | asyncssh.Error)


def broke_early(attempt: Attempt, error: Exception) -> bool:
    """Tell whether a server took the connection and dropped it before anybody logged in.

    sshd does so at random while more log in at once than its MaxStartups; a proxy command that says something failed
    for a reason of its own.
    """
    if attempt.connection is None or attempt.has_key or attempt.said:
        return False
    return isinstance(error, asyncssh.ConnectionLost | ConnectionError)


def takes_password(attempt: Attempt, error: Exception) -> bool | None:
    """Tell whether a server takes passwords; None where it ended the login before it was asked."""
    return True if attempt.takes_password else None if _gave_up(error) else False


def misconfigured(error: ValueError) -> Finding:
    """Say that the way could not even be tried."""
    seen = say("settings", reason=redact(str(error)))
    return finding(CodeName.CONNECTION_FAILED, seen, variant=Variant.SETTINGS)


def _explain(attempt: Attempt, error: Exception, ssh: Ssh) -> Finding:
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return _host_key(attempt, error, ssh)
    if _is_refused_login(error):
        return ssh_login.refused(attempt.hop, ssh, gave_up=_gave_up(error))
    if attempt.has_key and isinstance(error, asyncssh.ConnectionLost | asyncssh.DisconnectError | ConnectionError):
        return ssh_login.closed(attempt.hop, attempt.greeting, ssh)
    if attempt.said and not attempt.is_greeted:
        return _proxy_command(attempt, ssh)
    if isinstance(error, asyncssh.ChannelOpenError):
        return _beyond_jump_host(attempt, error)
    if isinstance(error, OSError):
        return _network(attempt, error, ssh)
    if isinstance(error, asyncssh.ConnectionLost) and not attempt.is_greeted:
        return _dropped(attempt)
    if isinstance(error, UnicodeError):  # from the codec for names that are not ASCII
        return finding(CodeName.ADDRESS_NOT_FOUND, say("no_host_name", host=redact(attempt.hop.options.host)))
    return finding(CodeName.CONNECTION_FAILED, say("failed", address=attempt.hop.address, reason=_protocol(error, ssh)))


def _gave_up(error: Exception) -> bool:
    """Tell whether the server ended the login itself; for asyncssh that no way is left is a disconnection, too."""
    return isinstance(error, asyncssh.DisconnectError) and not isinstance(error, asyncssh.PermissionDenied)


def _is_refused_login(error: Exception) -> bool:
    if isinstance(error, asyncssh.DisconnectError) and "authentication failures" in error.reason:
        return True
    return isinstance(error, asyncssh.PermissionDenied)


def _network(attempt: Attempt, error: OSError, ssh: Ssh) -> Finding:
    address = attempt.hop.address
    number = _number(error)
    if isinstance(error, TimeoutError) or number == errno.ETIMEDOUT:
        seen = say(attempt.awaited, address=address, seconds=ssh.connect_timeout)
        return finding(CodeName.CONNECTION_TIMEOUT, seen)
    if isinstance(error, socket.gaierror):
        seen = say("failed", address=attempt.hop.options.host, reason=error.strerror or str(error))
        return finding(CodeName.ADDRESS_NOT_FOUND, seen)
    if isinstance(error, ConnectionRefusedError) or number == errno.ECONNREFUSED:
        return finding(CodeName.CONNECTION_REFUSED, say("refuses", address=address))
    if isinstance(error, ConnectionError) and not attempt.is_greeted:
        return _dropped(attempt)
    # asyncio says "Connect call failed" in place of the kernel's reason
    reason = os.strerror(number) if number is not None and number in errno.errorcode else str(error)
    text = redact(reason or type(error).__name__)
    seen = say("failed", address=address, reason=text)
    return finding(CodeName.CONNECTION_FAILED, seen, variant=_NO_ROUTE.get(number or 0))


def _dropped(attempt: Attempt) -> Finding:
    return finding(CodeName.CONNECTION_FAILED, say("dropped", address=attempt.hop.address), variant=Variant.DROPPED)


def _number(error: OSError) -> int | None:
    """Return the error's number; where several addresses failed, asyncio leaves it in the text only."""
    if error.errno is not None:
        return error.errno
    numbers = [int(each) for each in _ERRNO.findall(str(error))]
    return errno.ECONNREFUSED if errno.ECONNREFUSED in numbers else next(iter(numbers), None)


def _beyond_jump_host(attempt: Attempt, error: asyncssh.ChannelOpenError) -> Finding:
    reason = redact(error.reason)
    if error.code == asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED:
        seen = say("no_forwarding", address=attempt.hop.address, reason=reason)
        return finding(CodeName.JUMP_HOST_FAILED, seen, variant=Variant.NO_FORWARDING)
    return _from_jump_host(attempt, reason)


def _from_jump_host(attempt: Attempt, reason: str) -> Finding:
    seen = say("from_jump_host", address=attempt.hop.address, reason=reason)
    known = refusal(asyncssh.ChannelOpenError(asyncssh.OPEN_CONNECT_FAILED, reason))
    if isinstance(known, TimeoutError):
        return finding(CodeName.CONNECTION_TIMEOUT, seen)
    if isinstance(known, socket.gaierror):
        return finding(CodeName.ADDRESS_NOT_FOUND, seen)
    if isinstance(known, ConnectionRefusedError):
        return finding(CodeName.CONNECTION_REFUSED, seen)
    variant = Variant.HOST_UNREACHABLE if "no route" in reason.lower() else None
    return finding(CodeName.CONNECTION_FAILED, seen, variant=variant)


def _proxy_command(attempt: Attempt, ssh: Ssh) -> Finding:
    said = bytes(attempt.said or b"").decode(errors="replace").strip()
    if (beyond := _FORWARDING_FAILED.search(said)) is not None:
        return _from_jump_host(attempt, redact(beyond[1]))
    last = redact(said.splitlines()[-1] if said else "", ssh.password, ssh.become_password)
    return finding(CodeName.JUMP_HOST_FAILED, say("proxy_command", last=last))


def _protocol(error: Exception, ssh: Ssh) -> str:
    reason = error.reason if isinstance(error, asyncssh.Error) else str(error)
    return redact(reason, ssh.password) or type(error).__name__


def _host_key(attempt: Attempt, error: asyncssh.HostKeyNotVerifiable, ssh: Ssh) -> Finding:
    hop, key = attempt.hop, attempt.presented
    own = hop.known.of(hop.names)
    if key is None:  # a revoked key, or a certificate that does not fit
        code = CodeName.HOST_KEY_CHANGED if own else CodeName.HOST_KEY_UNKNOWN
        return finding(code, say("failed", address=hop.address, reason=redact(error.reason)))
    others = hop.known.others(hop.names, ssh_hops.key_text(key))
    owners = _owners(others)
    shown = partial(
        say,
        address=hop.address,
        algorithm=key.get_algorithm(),
        fingerprint=key.get_fingerprint(),
        name=hop.names[0],
        command_to_accept=_accept_command(hop, ssh),
    )
    if not own:
        variant = None if hop.is_box else Variant.KEY_SHOWN
        unknown = finding(CodeName.HOST_KEY_UNKNOWN, shown("unknown_key"), variant=variant)
        return replace(unknown, of_others=owners)
    seen = shown("another_key", places=tuple(each.place for each in own), commands_to_forget=_forget_commands(hop, own))
    variant = Variant.KEY_SWAPPED if owners else Variant.KEY_REPLACED
    return replace(finding(CodeName.HOST_KEY_CHANGED, seen, variant=variant), of_others=owners)


def _forget_commands(hop: Hop, own: list[KnownHost]) -> str:
    files = sorted({each.file for each in own})
    return "; ".join(shlex.join(["ssh-keygen", "-R", hop.names[0], "-f", file]) for file in files)


def _owners(entries: list[KnownHost]) -> tuple[Statement, ...]:
    if not entries:
        return ()
    names = dict.fromkeys("a hidden name" if each.is_hashed else each.hosts for each in entries)
    return (say("key_of", names=(*names,)[:_SHOWN_NAMES], place=entries[0].place),)


def _accept_command(hop: Hop, ssh: Ssh) -> str:
    """Return the command by which a person accepts a key under the name by which we look it up."""
    options = []
    if hop.is_box:
        options += ["-o", f"HostKeyAlias={hop.names[0]}"]
        options += [text for file in ssh.known_hosts[:1] for text in ("-o", f"UserKnownHostsFile={file}")]
        options += ["-J", ssh.proxy_jump] if ssh.proxy_jump else []
        options += ["-o", f"ProxyCommand={ssh.proxy_command}"] if ssh.proxy_command else []
    port = [] if hop.options.port == ssh_hops.SSH_PORT else ["-p", str(hop.options.port)]
    return shlex.join(["ssh", *options, *port, f"{hop.options.username}@{hop.options.orig_host}", "true"])
