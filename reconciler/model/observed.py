"""What one box is. Every part can say that it could not be read: unknown never counts as in sync."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from .certificate_name import certificate_name
from .generation import Generation
from .inquiry import DnsAnswer
from .part import Part
from .secret import Secret
from .statement import Statement

_LAST_THAT_NEEDS_A_COMMON_NAME = (18, 2)
OPTIONS_OF_REACH = ("http_enable", "http_port", "http_interface", "server_wide_modules", "proxy_mode")
"""Options of Odoo that decide whether a till reaches it. None of them is a secret."""
MOST_RESOLVERS = 3
"""glibc asks the first three DNS servers and ignores the rest (resolv.conf(5), MAXNS)."""


class StoreFormat(StrEnum):
    """How the code branch on the box writes its values down."""

    FLAT = "flat"
    INI_INTERPOLATED = "ini_interpolated"
    INI_RAW = "ini_raw"


_GENERATIONS = {
    StoreFormat.FLAT: Generation.FLAT,
    StoreFormat.INI_INTERPOLATED: Generation.CACHED,
    StoreFormat.INI_RAW: Generation.NEWEST,
}
"""A branch's name does not tell: early and late 17.0 have the same one, and a checkout may have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Paths, user and formats of a box, from its image and its code branch, which are independent.

    Args:
        image_version: content of the image's version file, such as `24.10`.
        branch: the vendor's code branch, such as `17.0`; `None` when the checkout is detached.
        bypass: where the disk below the ramdisks can be reached.
        read_only_root: what the box's fstab says of `/`.
        problem: why this tool must not touch the box, when it must not.
    """

    store_format: StoreFormat
    service_user: str
    home: str = "/home/pi"
    image_version: str | None = None
    branch: str | None = None
    os_codename: str | None = None
    python: str = ""
    bypass: str | None = "/root_bypass_ramdisks"
    read_only_root: bool = False
    problem: Statement | None = None

    @property
    def generation(self) -> Generation:
        """That of the vendor's program, which the format of its store gives away."""
        return _GENERATIONS[self.store_format]

    @property
    def keeps_values_in_memory(self) -> bool:
        """Whether it reads all values at its start and writes them back from memory: each change takes a restart."""
        return self.generation is Generation.CACHED

    @property
    def reads_subject_at_start(self) -> bool:
        """Whether it takes notice of another subject only at its start."""
        return self.generation is not Generation.NEWEST

    @property
    def keeps_database_name(self) -> bool:
        """Whether the name of the database is among the values that it stores."""
        return self.generation is Generation.NEWEST

    @property
    def looks_database_up_at_start(self) -> bool:
        """Whether it needs to reach its database at its start, and gives up for good where it cannot."""
        return self.generation is Generation.NEWEST

    @property
    def dies_of_unreadable_certificate(self) -> bool:
        """Whether its manager ends at a certificate file that its own user cannot read."""
        return self.generation is Generation.NEWEST

    @property
    def needs_common_name(self) -> bool:
        """Whether the vendor's program on this branch fails on a certificate without one: up to saas-18.2."""
        version = re.fullmatch(r"(?:saas-)?(\d+)\.(\d+)", self.branch or "")
        if version is None:
            return self.generation is not Generation.NEWEST
        return (int(version[1]), int(version[2])) <= _LAST_THAT_NEEDS_A_COMMON_NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which box this is: device-tree serial number and the address of its default-route interface."""

    serial: str | None = None
    address: str | None = None
    access_point: bool = False

    @property
    def host(self) -> str:
        """First label of the name by which clients ask for the box: the dashed address."""
        return self.address.replace(".", "-") if self.address else "iotbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The box's clock. `skew_seconds`: box minus controller, `None` where there is nothing to compare with."""

    skew_seconds: float | None = None
    ntp_enabled: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """Space that a repair needs, in bytes; `None` where it could not be read.

    Args:
        no_files: those of `live`, `mirror`, `home` and `run` where no new file can be made, however much space is left.
        run_problem: why the lock in `/run` could not be written, in the kernel's words.
    """

    live_free: int | None = None
    mirror_free: int | None = None
    home_free: int | None = None
    run_free: int | None = None
    no_files: tuple[str, ...] = ()
    run_problem: str | None = None


class ResolverOwner(StrEnum):
    """Who writes `/etc/resolv.conf`."""

    STATIC = "static_file"
    NETWORK_MANAGER = "network_manager"
    DHCPCD = "dhcpcd"
    DHCLIENT = "dhclient"
    CONNMAN = "connman"
    RESOLVED = "systemd_resolved"
    RESOLVCONF = "resolvconf"
    OPENRESOLV = "openresolv"
    NETPLAN = "netplan"
    CLOUD_INIT = "cloud_init"
    TAILSCALE = "tailscale"
    NETBIRD = "netbird"
    VPNC = "vpnc"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolvers:
    """The box's own DNS servers.

    Args:
        live: addresses in `/etc/resolv.conf`, in order.
        sign: what shows who writes the file.
        persistent: addresses that the box will have after a reboot, `None` where that cannot be read.
        resolves: whether the box resolves the authority's name through the system resolver.
        error: why the last lookup failed.
    """

    owner: ResolverOwner = ResolverOwner.UNKNOWN
    sign: Statement | None = None
    live: tuple[str, ...] = ()
    persistent: tuple[str, ...] | None = None
    resolves: bool | None = None
    error: Statement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The values that the box keeps: link to its database, credentials, certificate subject.

    Args:
        place: the file, or the folder of the files, in which `malformed` and `warnings` were seen.
        unreadable: the file could not be opened (path, and reason in the kernel's words).
        malformed: why the vendor's program cannot read what is there, as `codes.store` words it; empty when it can.
        warnings: what is wrong without stopping the vendor's program.
    """

    server_url: str | None = None
    token: Secret | None = None
    db_name: str | None = None
    db_uuid: Secret | None = None
    enterprise_code: Secret | None = None
    subject: str | None = None
    place: str | None = None
    unreadable: Statement | None = None
    malformed: tuple[Statement, ...] = ()
    warnings: tuple[Statement, ...] = ()


class PairProblem(StrEnum):
    """Why a certificate and its key cannot be used, the first reason found."""

    CERTIFICATE_MISSING = "certificate_missing"
    CERTIFICATE_UNREADABLE = "certificate_unreadable"
    CERTIFICATE_MALFORMED = "certificate_malformed"
    KEY_MISSING = "key_missing"
    KEY_UNREADABLE = "key_unreadable"
    KEY_MALFORMED = "key_malformed"
    KEY_ENCRYPTED = "key_encrypted"
    KEY_MISMATCH = "key_mismatch"


class ChainState(StrEnum):
    """What a client that trusts what the box trusts makes of the chain; one that is refused, no client takes."""

    OK = "ok"
    INCOMPLETE = "incomplete"
    UNTRUSTED = "untrusted"
    REFUSED = "refused"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The leaf of a pair. Times are UTC. `fingerprint` is SHA-256 of the DER, lower-case hex.

    `name` is what the certificate is for; the common name is what the vendor's older branches read.
    """

    subject_cn: str | None
    issuer: str
    names: tuple[str, ...]
    serial_number: str
    not_before: datetime
    not_after: datetime
    fingerprint: str
    temporary: bool = False

    @property
    def name(self) -> str | None:
        """The name that the box must store, and from which its public name is made."""
        return certificate_name(self.names, self.subject_cn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intermediate:
    """A certificate of the chain that narrows the time in which the leaf is accepted. Times are UTC."""

    subject: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A certificate and its key as two files of one tree, live or mirror.

    Args:
        narrowed_by: intermediates that clients need and that begin after the leaf or end before it.
        digest: SHA-256 over both files' contents, for telling two trees apart; `None` if either is unreadable.
        generation: name of the generation behind the links, `None` for plain files.
    """

    certificate: Certificate | None = None
    problem: PairProblem | None = None
    detail: Statement | None = None
    chain: ChainState = ChainState.NOT_CHECKED
    chain_detail: Statement | None = None
    narrowed_by: tuple[Intermediate, ...] = ()
    digest: str | None = None
    generation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """Both trees, what nginx serves, and whether the box can go on renewing by itself.

    Args:
        unreadable: why the service user cannot read the live certificate, which root can.
        not_renewable: what the service user cannot write or pass through (path and reason), empty when fine.
        exposed_keys: key files that others than their owner and root can read.
        served: SHA-256 fingerprint of what a handshake on the HTTPS port returned.
        serve_error: why the handshake failed.
    """

    live: Pair
    mirror: Pair | None = None
    unreadable: Statement | None = None
    not_renewable: tuple[Statement, ...] = ()
    exposed_keys: tuple[str, ...] = ()
    served: str | None = None
    serve_error: Statement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCertificate:
    """A certificate file that the configuration of nginx names, and the place where it does."""

    path: str
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nginx:
    """The web server.

    Args:
        config_error: what `nginx -t` complains of when the configuration itself is broken.
        served_instead: certificate files that it was told to serve in place of the box's own.
        listens: addresses on which the HTTPS port is open, `None` where the kernel did not tell.
    """

    running: bool | None = None
    config_error: Statement | None = None
    served_instead: tuple[NamedCertificate, ...] = ()
    listens: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Odoo:
    """The vendor's program.

    Args:
        answers: `/hw_proxy/hello` answered.
        stopped: the process exists and is stopped by a signal.
        manager_dead: the thread which renews and reports has died since the last start.
        manager_error: kind of the exception that ended it, where the log has it.
        manager_threads: how many threads the process has, where nothing else tells that it died.
        database_error: why the box does not reach its database, asked where the manager is dead and needs it to start.
        restart_pending: an earlier run of this tool changed what only a restart makes it read.
        options: those of `OPTIONS_OF_REACH` that its file sets.
        listens: addresses on which its port is open, `None` where the kernel did not tell.
    """

    answers: bool | None = None
    stopped: bool = False
    manager_dead: bool = False
    manager_error: str | None = None
    manager_threads: int | None = None
    database_error: Statement | None = None
    restart_pending: bool = False
    options: dict[str, str] = field(default_factory=dict)
    listens: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revival:
    """Restarts that were to bring the vendor's manager back, since it was last seen alive.

    Args:
        at: the last of them.
        tries: how many, all in the same state.
        state: digest of what a start depends on.
    """

    at: datetime
    tries: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What earlier runs left on the box.

    Args:
        applied: digest per concern (`link`, `credentials`, `resolvers`) of the desired state last reached.
        unchanged_at: when the authority last returned the certificate that the box already had.
        revival: restarts for a dead manager.
    """

    applied: dict[str, str]
    unchanged_at: datetime | None = None
    revival: Revival | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignName:
    """What somebody else than root may have put where a plain file should be.

    Args:
        path: in a folder in which others than root may rename.
        target: of a symbolic link, as written.
        names: how many names the file has (hard links), where it is none.
    """

    path: str
    target: str | None = None
    names: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One look at one box.

    Args:
        gaps: what could not be observed, part -> reason.
        foreign_names: links and second names of files that nothing follows.
        client_dns: what the DNS servers of tills and terminals say of the box's public name, and of the authority's.
    """

    observed_at: datetime
    layout: Layout
    identity: Identity
    clock: Clock
    disk: Disk
    resolvers: Resolvers
    store: Store
    certificates: Certificates
    nginx: Nginx
    odoo: Odoo
    memory: Memory
    gaps: dict[Part, Statement]
    client_dns: tuple[DnsAnswer, ...] = ()
    foreign_names: tuple[ForeignName, ...] = ()
