"""How one box is reached: made by the inventory, used by the connections, so that neither knows the other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .desired import Desired
from .marks import NO_OTHERS, Others
from .secret import Secret

CONNECT_SECONDS: Final = 10.0
"""Where nothing says how long it may take until there is a connection."""


class ConnectionKind(StrEnum):
    """Ways to a box, as `iot_https_connection` names them."""

    SSH = "ssh"
    LOCAL = "local"
    HOMEPAGE = "homepage"

    @property
    def is_here(self) -> bool:
        """Whether the box is the control machine itself; every other kind leads elsewhere."""
        return self is ConnectionKind.LOCAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Ssh:
    """An SSH connection as Ansible's variables describe it.

    Args:
        host: what to connect to, an address or a name (`ansible_host`).
        host_key_alias: the name by which the host key is known, the inventory's name of the box: DHCP hands addresses
            around, names stay.
        user: `None` leaves it to `ssh_config` and the local account.
        identity_files: private keys to offer; empty leaves it to the agent and the usual files.
        identities_only: offer nothing but `identity_files`.
        known_hosts: files of known host keys; empty means the user's and the system's.
        config_files: `ssh_config` files to honour; `None` means the user's and the system's.
        proxy_jump: `[user@]host[:port]`, several separated by commas, as of OpenSSH.
        proxy_command: command whose standard streams are the connection, as of OpenSSH.
        connect_timeout: seconds until there must be a usable connection, jump hosts included.
        retries: how often a connection that could not be made is tried again (`ansible_ssh_retries`).
        keepalive_interval: seconds between keep-alive messages, 0 for none.
        keepalive_count: unanswered keep-alive messages after which the connection is given up.
        password: for password authentication; boxes change theirs at every start, so keys are the rule.
        become: run the box program as root by `sudo`; not needed where the user is root.
        become_password: what `sudo` asks for, `None` where it asks for nothing.
        python: interpreter on the box.
    """

    host: str
    host_key_alias: str
    port: int = 22
    user: str | None = None
    identity_files: tuple[str, ...] = ()
    identities_only: bool = False
    known_hosts: tuple[str, ...] = ()
    config_files: tuple[str, ...] | None = None
    proxy_jump: str | None = None
    proxy_command: str | None = None
    connect_timeout: float = CONNECT_SECONDS
    retries: int = 0
    keepalive_interval: float = 10.0
    keepalive_count: int = 3
    password: Secret | None = None
    become: bool = True
    become_password: Secret | None = None
    python: str = "python3"


@dataclass(frozen=True, slots=True, kw_only=True)
class HomepageWay:
    """Where the pages of a box are, for one that is reached by them alone.

    Args:
        host: what to connect to, an address or a name (`ansible_host`).
        port: on which Odoo answers, in clear.
        https_port: on which nginx presents the certificate.
    """

    host: str
    port: int = 8069
    https_port: int = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One box of the inventory: what it should be and how to get there.

    Args:
        ssh, homepage: set for that connection only.
        others: what is not its own, which it is not told.
    """

    desired: Desired
    connection: ConnectionKind
    ssh: Ssh | None = None
    homepage: HomepageWay | None = None
    others: Others = NO_OTHERS

    @property
    def name(self) -> str:
        """What the inventory calls the box."""
        return self.desired.name

    @property
    def connect_seconds(self) -> float:
        """How long it may take until there is a connection."""
        if self.connection.is_here:
            return 0.0
        return CONNECT_SECONDS if self.ssh is None else self.ssh.connect_timeout


@dataclass(frozen=True, slots=True, kw_only=True)
class Invalid:
    """A box whose inventory entry cannot be used.

    Args:
        problems: one line each: variable, what is wrong, the way out; never the value of a secret.
    """

    name: str
    problems: tuple[str, ...]
    customer: str | None = None
    store: str | None = None
