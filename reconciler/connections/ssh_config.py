"""What `ssh_config` says of one server, and the forms in which it names servers."""

from __future__ import annotations

import functools
import os

import asyncssh

from ..model.names import host_problem, shown, user_problem
from ..model.target import Ssh
from .ssh_known_hosts import Stamp, stamp

CONFIG_FILES = ("~/.ssh/config", "/etc/ssh/ssh_config")


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


def config_files(ssh: Ssh) -> tuple[Stamp, ...]:
    """Return the files of `ssh_config` for a box, each with its time of change.

    Raises:
        ValueError: one that is named is not there.
    """
    named = CONFIG_FILES if ssh.config_files is None else ssh.config_files
    found = [(path, stamp(path)) for path in named]
    missing = [path for path, at in found if at is None and ssh.config_files is not None and path != os.devnull]
    if missing:
        raise ValueError(f"there is no {missing[0]}, which is named as ssh_config")
    return tuple(at for _, at in found if at is not None)


@functools.lru_cache(maxsize=512)
def options_of(
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


def text(options: asyncssh.SSHClientConnectionOptions, name: str) -> str | None:
    """Return a setting that is one text."""
    value = options.config.get(name)
    return value if isinstance(value, str) else None


def texts(options: asyncssh.SSHClientConnectionOptions, name: str) -> list[str] | None:
    """Return a setting that is a list."""
    value = options.config.get(name)
    return [str(each) for each in value] if isinstance(value, list) else None
