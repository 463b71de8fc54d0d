"""How to reach each server on the way to a box, from the inventory, `ssh_config` and the usual files.

Each file is parsed once and kept, keyed by its time of change: for thousands of boxes that would otherwise cost more
than the connections.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import asyncssh

from ..model.target import Ssh
from . import ssh_keys, ssh_known_hosts
from .ssh_config import config_files, expand, options_of, split_login, text, texts
from .ssh_keys import Keys
from .ssh_known_hosts import KnownHost, KnownHosts

USER_KNOWN_HOSTS = ("~/.ssh/known_hosts", "~/.ssh/known_hosts2")
SYSTEM_KNOWN_HOSTS = ("/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2")
SSH_PORT = 22
_ALGORITHMS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
)
"""Types of host keys in the order of OpenSSH; asyncssh begins with RSA, which would make a known box look changed."""


class Offering(StrEnum):
    """With what somebody logs in."""

    ALL = "all"
    KEY = "key"
    PASSWORD = "password"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class Hop:
    """One server: the box, or a jump host in front of it.

    Args:
        names: under which its host key is known; the first that has an entry counts.
        jumps: hosts to go through, outermost first; `None` says none.
        command: whose standard streams are the connection, ready for a shell.
        template: the same with its tokens, where it can be asked for other addresses, too.
        adds_to: file of known hosts in which a new key would be noted.
        accepted: a host key that somebody has compared, as files of known hosts have it; it counts where none is known.
        by: what is offered.
    """

    options: asyncssh.SSHClientConnectionOptions
    names: tuple[str, ...]
    known: KnownHosts
    keys: Keys
    identities_only: bool
    jumps: tuple[str, ...] | None = None
    command: str | None = None
    template: str | None = None
    is_box: bool = False
    adds_to: str = ""
    accepted: str | None = None
    by: Offering = Offering.ALL

    @property
    def address(self) -> str:
        """Host and port, as people write it."""
        host = f"[{self.options.host}]" if ":" in self.options.host else self.options.host
        return host if self.options.port == SSH_PORT else f"{host}:{self.options.port}"

    @property
    def login(self) -> str:
        """The same with the user."""
        return f"{self.options.username}@{self.address}"

    @property
    def has_agent(self) -> bool:
        """Whether there is an agent that may be asked."""
        agent = self.options.config.get("IdentityAgent", os.environ.get("SSH_AUTH_SOCK"))
        return bool(agent) and not (self.identities_only and not self.keys.identities)


def box(ssh: Ssh) -> Hop:
    """Return the box as the last server on the way.

    Raises:
        ValueError: `ssh_config` cannot be understood.
    """
    port = None if ssh.port == SSH_PORT else ssh.port
    options = options_of(config_files(ssh), ssh.host, port, ssh.user)
    files = ssh.known_hosts or _configured_known_hosts(options)
    jump = ssh.proxy_jump if ssh.proxy_jump or ssh.proxy_command else text(options, "ProxyJump")
    if ssh.proxy_command:
        command = _expanded(ssh.proxy_command, options)
    else:
        command = None if ssh.proxy_jump else text(options, "ProxyCommand")
    return Hop(
        options=options,
        names=(ssh.host_key_alias,),
        known=ssh_known_hosts.load(files),
        keys=_keys(options, ssh.identity_files),
        identities_only=ssh.identities_only or bool(options.config.get("IdentitiesOnly")),
        jumps=_jumps(jump),
        command=command,
        template=ssh.proxy_command,
        is_box=True,
        adds_to=next(iter(files), USER_KNOWN_HOSTS[0]),
    )


def jump_host(ssh: Ssh, spec: str, before: tuple[str, ...] | None) -> Hop:
    """Return a jump host. It is known by its own name, and may be let in by the box's keys or the usual ones.

    Args:
        spec: `[user@]host[:port]` or `ssh://[user@]host[:port]`.
        before: the hosts in front of it; `None` leaves that to `ssh_config`.

    Raises:
        ValueError: `spec` or `ssh_config` cannot be understood.
    """
    user, host, port = split_login(spec)
    options = options_of(config_files(ssh), host, port, user)
    alias = text(options, "HostKeyAlias")
    at_port = () if options.port == SSH_PORT else (f"[{options.host}]:{options.port}",)
    return Hop(
        options=options,
        names=(alias,) if alias else (*at_port, options.host),
        known=ssh_known_hosts.load((*ssh.known_hosts, *_configured_known_hosts(options))),
        keys=_keys(options, (), beside=ssh.identity_files),
        identities_only=bool(options.config.get("IdentitiesOnly")),
        jumps=before or _jumps(text(options, "ProxyJump")),
        command=None if before else text(options, "ProxyCommand"),
    )


def known_entries(hop: Hop) -> list[KnownHost]:
    """Return what is known about a server; hashed names, which cost time, only where nothing else is found."""
    return hop.known.of(hop.names, hashed=False) or hop.known.of(hop.names)


def algorithms(entries: Iterable[KnownHost], accepted: str | None = None) -> list[str]:
    """Return the types of host keys to ask for: those that are known first, so that they are what is shown."""
    types = {each.key.partition(" ")[0] for each in entries if not each.marker}
    if accepted is not None and not types:
        types.add(accepted.partition(" ")[0])
    wanted = {"rsa-sha2-512", "rsa-sha2-256"} if "ssh-rsa" in types else set()
    plain = sorted(_ALGORITHMS, key=lambda each: each not in types | wanted)
    if any(each.marker == "@cert-authority" for each in entries):
        return [*map(_certified, plain), *plain]
    return plain


def key_text(key: asyncssh.SSHKey) -> str:
    """Return a key as files of known hosts have it, without comment."""
    return " ".join(key.export_public_key().decode().split()[:2])


def _certified(algorithm: str) -> str:
    return f"{algorithm}-cert-v01@openssh.com"


def _configured_known_hosts(options: asyncssh.SSHClientConnectionOptions) -> tuple[str, ...]:
    users, systems = texts(options, "UserKnownHostsFile"), texts(options, "GlobalKnownHostsFile")
    return (
        *(USER_KNOWN_HOSTS if users is None else users),
        *(SYSTEM_KNOWN_HOSTS if systems is None else systems),
    )


def _keys(options: asyncssh.SSHClientConnectionOptions, files: tuple[str, ...], beside: tuple[str, ...] = ()) -> Keys:
    """Return the keys to offer: those of the inventory, or of `ssh_config`, or the usual ones."""
    certificates = texts(options, "CertificateFile") or ()
    named = files or texts(options, "IdentityFile")
    if named:
        return ssh_keys.load(named, certificates)
    return Keys((*ssh_keys.load(beside, certificates).files, *ssh_keys.usual().files))


def _jumps(text: str | None) -> tuple[str, ...] | None:
    jumps = tuple(each.strip() for each in (text or "").split(",") if each.strip())
    return None if not jumps or jumps == ("none",) else jumps


def _expanded(command: str, options: asyncssh.SSHClientConnectionOptions) -> str | None:
    return None if command == "none" else expand(command, options.host, options.port, options.username)
