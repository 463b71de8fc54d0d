"""How to reach each server on the way to a box, from the inventory, `ssh_config` and the usual files.

Each file is parsed once and kept, keyed by its time of change: for thousands of boxes that would otherwise cost more
than the connections.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable
from dataclasses import dataclass

import asyncssh

from ..model.names import host_problem, shown, user_problem
from ..model.target import Ssh
from . import ssh_keys, ssh_known_hosts
from .ssh_keys import Keys
from .ssh_known_hosts import KnownHost, KnownHosts, Stamp, stamp

CONFIG_FILES = ("~/.ssh/config", "/etc/ssh/ssh_config")
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


@dataclass(frozen=True, slots=True)
class Hop:
    """One server: the box, or a jump host in front of it.

    Args:
        names: under which its host key is known; the first that has an entry counts.
        jumps: hosts to go through, outermost first; `None` says none.
        command: whose standard streams are the connection, ready for a shell.
        template: the same with its tokens, where it can be asked for other addresses, too.
        adds_to: file of known hosts in which a new key would be noted.
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
    options = _options(_config(ssh), ssh.host, port, ssh.user)
    files = ssh.known_hosts or _configured_known_hosts(options)
    jump = ssh.proxy_jump if ssh.proxy_jump or ssh.proxy_command else _text(options, "ProxyJump")
    if ssh.proxy_command:
        command = _expanded(ssh.proxy_command, options)
    else:
        command = None if ssh.proxy_jump else _text(options, "ProxyCommand")
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
    options = _options(_config(ssh), host, port, user)
    alias = _text(options, "HostKeyAlias")
    at_port = () if options.port == SSH_PORT else (f"[{options.host}]:{options.port}",)
    return Hop(
        options=options,
        names=(alias,) if alias else (*at_port, options.host),
        known=ssh_known_hosts.load((*ssh.known_hosts, *_configured_known_hosts(options))),
        keys=_keys(options, (), beside=ssh.identity_files),
        identities_only=bool(options.config.get("IdentitiesOnly")),
        jumps=before or _jumps(_text(options, "ProxyJump")),
        command=None if before else _text(options, "ProxyCommand"),
    )


def split_login(spec: str) -> tuple[str | None, str, int | None]:
    """Take `[user@]host[:port]` apart; an IPv6 address stands in brackets.

    Raises:
        ValueError: there is no host, or the port is no number.
    """
    user, _, place = spec.strip().removeprefix("ssh://").rstrip("/").rpartition("@")
    host, _, port = place.rpartition(":") if ":" in place.rpartition("]")[2] else (place, "", "")
    host = host.removeprefix("[").removesuffix("]")
    if not host or (port and not port.isdecimal()):
        raise ValueError(f"the jump host {spec!r} is not [user@]host[:port]")
    return user or None, host, int(port) if port else None


def expand(command: str, host: str, port: int, user: str) -> str:
    """Fill in the tokens of a ProxyCommand, see TOKENS in ssh_config(5); unknown ones stay as they are.

    Raises:
        ValueError: a shell would act on the host or the user.
    """
    _checked(host, user)
    values = {"%": "%", "h": host, "n": host, "p": str(port), "r": user}
    pieces = iter(command.split("%"))
    filled = next(pieces)
    for piece in pieces:
        if not piece and (following := next(pieces, None)) is not None:
            filled += f"%{following}"
        else:
            filled += values.get(piece[:1], f"%{piece[:1]}") + piece[1:]
    return filled


def known_entries(hop: Hop) -> list[KnownHost]:
    """Return what is known about a server; hashed names, which cost time, only where nothing else is found."""
    return hop.known.of(hop.names, hashed=False) or hop.known.of(hop.names)


def algorithms(entries: Iterable[KnownHost]) -> list[str]:
    """Return the types of host keys to ask for: those that are known first, so that they are what is shown."""
    types = {each.key.partition(" ")[0] for each in entries if not each.marker}
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


def _config(ssh: Ssh) -> tuple[Stamp, ...]:
    named = CONFIG_FILES if ssh.config_files is None else ssh.config_files
    found = [(path, stamp(path)) for path in named]
    missing = [path for path, at in found if at is None and ssh.config_files is not None and path != os.devnull]
    if missing:
        raise ValueError(f"there is no {missing[0]}, which is named as ssh_config")
    return tuple(at for _, at in found if at is not None)


@functools.lru_cache(maxsize=512)
def _options(
    files: tuple[Stamp, ...], host: str, port: int | None, user: str | None
) -> asyncssh.SSHClientConnectionOptions:
    """Read `ssh_config` for one host. These options alone trust nobody and offer nothing.

    Raises:
        ValueError: a shell that `ssh_config` asks (`Match exec`, ProxyCommand) would act on the host or the user.
    """
    _checked(host, user)
    options = asyncssh.SSHClientConnectionOptions(
        config=[path for path, *_ in files] or None,
        host=host,
        port=() if port is None else port,
        username=() if user is None else user,
        tunnel=None,
        proxy_command=None,
        known_hosts=([], [], []),
        client_keys=None,
        x509_trusted_certs=None,
        x509_trusted_cert_paths=[],
    )
    _checked(options.host, options.username)
    return options


def _checked(host: str, user: str | None) -> None:
    """Refuse what a shell would act on, as OpenSSH does.

    Raises:
        ValueError: names which of the two.
    """
    if (problem := host_problem(host)) is not None:
        raise ValueError(f"the host {shown(host)} {problem}")
    if user is not None and (problem := user_problem(user)) is not None:
        raise ValueError(f"the user {shown(user)} {problem}")


def _text(options: asyncssh.SSHClientConnectionOptions, name: str) -> str | None:
    value = options.config.get(name)
    return value if isinstance(value, str) else None


def _texts(options: asyncssh.SSHClientConnectionOptions, name: str) -> list[str] | None:
    value = options.config.get(name)
    return [str(each) for each in value] if isinstance(value, list) else None


def _configured_known_hosts(options: asyncssh.SSHClientConnectionOptions) -> tuple[str, ...]:
    users, systems = _texts(options, "UserKnownHostsFile"), _texts(options, "GlobalKnownHostsFile")
    return (
        *(USER_KNOWN_HOSTS if users is None else users),
        *(SYSTEM_KNOWN_HOSTS if systems is None else systems),
    )


def _keys(options: asyncssh.SSHClientConnectionOptions, files: tuple[str, ...], beside: tuple[str, ...] = ()) -> Keys:
    """Return the keys to offer: those of the inventory, or of `ssh_config`, or the usual ones."""
    certificates = _texts(options, "CertificateFile") or ()
    named = files or _texts(options, "IdentityFile")
    if named:
        return ssh_keys.load(named, certificates)
    return Keys((*ssh_keys.load(beside, certificates).files, *ssh_keys.usual().files))


def _jumps(text: str | None) -> tuple[str, ...] | None:
    jumps = tuple(each.strip() for each in (text or "").split(",") if each.strip())
    return None if not jumps or jumps == ("none",) else jumps


def _expanded(command: str, options: asyncssh.SSHClientConnectionOptions) -> str | None:
    return None if command == "none" else expand(command, options.host, options.port, options.username)
