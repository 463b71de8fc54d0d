"""How asyncssh logs in on one server: what it offers and trusts, and what is noted of how far it comes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

import asyncssh

from ..model.reveal import reveal
from ..model.target import Ssh
from . import ssh_hops, ssh_meter
from .ssh_failures import Attempt
from .ssh_hops import Hop, Offering
from .ssh_keys import Offer
from .ssh_known_hosts import KnownHost

LONGEST_GREETING = 4 << 10
"""Characters that are kept of what a server shows before a login, the last ones."""
FAST_CIPHER = "^aes128-gcm@openssh.com"
"""Asked for first: for asyncssh its usual first choice costs a third more of a whole check."""
NO_FREE_GROUPS = "-gss-gex-*,diffie-hellman-group-exchange-*,diffie-hellman-group17-*,diffie-hellman-group18-*"
"""Key exchanges that are left out: over a group of the server's choice, which is tested for a minute before anybody
knows who the server is, and over groups whose arithmetic takes long. Every server has others."""


class _Client(asyncssh.SSHClient):
    """Notes how far a login comes, and looks up a host key that was not found at once."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        self._attempt.connection = conn
        usual = ssh_meter.MOST_OF_A_BOX if self._attempt.hop.is_box else ssh_meter.MOST_OF_A_JUMP_HOST
        ssh_meter.limit(conn, usual + self._attempt.carries)

    def begin_auth(self, username: str) -> None:  # noqa: ARG002 - as asyncssh has it
        self._attempt.has_key = True

    def auth_banner_received(self, msg: str, lang: str) -> None:  # noqa: ARG002
        self._attempt.greeting = f"{self._attempt.greeting}{msg}"[-LONGEST_GREETING:]

    def validate_host_public_key(  # what asyncssh knows of the host does not matter, only its name
        self,
        host: str,  # noqa: ARG002
        addr: str,  # noqa: ARG002
        port: int,  # noqa: ARG002
        key: asyncssh.SSHKey,
    ) -> bool:
        hop = self._attempt.hop
        text = ssh_hops.key_text(key)
        if hop.known.vouches(hop.names, text) or (text == hop.accepted and not ssh_hops.known_entries(hop)):
            return True
        self._attempt.presented = key
        return False


def options(hop: Hop, ssh: Ssh, attempt: Attempt) -> asyncssh.SSHClientConnectionOptions:
    """Return what to log in with; nothing is trusted but the known keys of this server."""
    entries = ssh_hops.known_entries(hop)
    has_keys = hop.by is not Offering.PASSWORD
    identities = [] if not has_keys else hop.keys.identities if hop.identities_only else None
    configured = hop.options.config
    return asyncssh.SSHClientConnectionOptions(
        hop.options,
        config=None,
        client_factory=lambda: _Client(attempt),
        known_hosts=_trust(entries),
        host_key_alias=hop.names[0] if hop.is_box else (),
        server_host_key_algs=() if configured.get("HostKeyAlgorithms") else ssh_hops.algorithms(entries, hop.accepted),
        client_keys=hop.keys.offer if has_keys else Offer(),
        agent_identities=identities,
        agent_path=None if identities == [] else (),
        password=_password(hop, ssh, attempt),
        compression_algs="none" if configured.get("Compression") is None else (),  # the program is a zip
        kex_algs=() if configured.get("KexAlgorithms") else NO_FREE_GROUPS,
        encryption_algs=() if configured.get("Ciphers") else FAST_CIPHER,
        connect_timeout=None,
        login_timeout=0,
        keepalive_interval=ssh.keepalive_interval,
        keepalive_count_max=max(1, ssh.keepalive_count),
        agent_forwarding=False,
        x11_forwarding=False,
        request_pty=False,
        command=None,
        env=None,
        send_env=None,
    )


def _password(hop: Hop, ssh: Ssh, attempt: Attempt) -> str | Callable[[], str | None] | None:
    """Return the password, or what is asked for it where somebody wants to know whether the server takes one."""
    password = reveal(ssh.password) if ssh.password and hop.is_box else None
    if hop.by is Offering.ALL:
        return password

    def asked() -> str | None:
        attempt.takes_password = True
        return password if hop.by is Offering.PASSWORD else None

    return asked


def _trust(entries: Iterable[KnownHost]) -> tuple[list[asyncssh.SSHKey], list[asyncssh.SSHKey], list[asyncssh.SSHKey]]:
    """Sort known keys as asyncssh wants them: host keys, authorities, revoked ones."""
    sorted_keys: dict[str, list[asyncssh.SSHKey]] = {"": [], "@cert-authority": [], "@revoked": []}
    for entry in entries:
        if (key := _parsed(entry.key)) is not None:
            sorted_keys[entry.marker].append(key)
    return sorted_keys[""], sorted_keys["@cert-authority"], sorted_keys["@revoked"]


@functools.lru_cache(maxsize=512)
def _parsed(key: str) -> asyncssh.SSHKey | None:
    try:
        return asyncssh.import_public_key(key)
    except asyncssh.KeyImportError:  # a type that is not known here, or a damaged line
        return None
