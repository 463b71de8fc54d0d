"""What can be wrong with a box, by name.

Each brings it about on a simulated box that was in sync, durable, as it happens in a shop.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from reconciler.box.pair.links import generation
from reconciler.box.paths import GENERATIONS, RESOLV_CONF, Tree

from .boxes.arrange import Machine, install_pair, link, settle, trees_of, with_disk_open
from .boxes.linux import SimulatedBox
from .machine.filesystem import BYPASS
from .machine.image import CERTIFICATE, KEY
from .machine.network import DnsServer
from .pki import Pair, TestAuthority, issue_server_pair, issue_wildcard_pair, make_authority, mismatched

TREES: Final = ("", BYPASS)
AUTHORITY: Final = "www.odoo.com"


@dataclass(frozen=True, slots=True)
class Patient:
    """A box, whose pairs are signed by `ca` for its database's `subdomain`; `now` is the true time."""

    box: Machine
    ca: TestAuthority
    subdomain: str
    now: datetime

    @property
    def linux(self) -> SimulatedBox:
        """The box, for what only Linux has; see `ON_WINDOWS`."""
        if not isinstance(self.box, SimulatedBox):
            raise TypeError("a scenario lets no Windows box have this fault")
        return self.box

    def pair(self, *, days: float = 90, began: float = 1) -> Pair:
        """A pair of the box's own name that began and ends so many days from now."""
        start, end = self.now - timedelta(days=began), self.now + timedelta(days=days)
        return issue_wildcard_pair(self.ca, self.subdomain, now=self.now, not_before=start, not_after=end)

    def put(self, path: str, content: bytes, *trees: str) -> None:
        """Overwrite a file in some trees, all by default, as somebody with an editor does."""
        with_disk_open(self.box)
        for tree in trees or trees_of(self.box):
            self.box.host.write(tree + path, content)
        settle(self.box)


def expired(patient: Patient) -> None:
    """The certificate ended two days ago; the box could not renew it."""
    install_pair(patient.box, patient.pair(days=-2, began=92))


def overdue(patient: Patient) -> None:
    """The certificate ends in three days and should have been renewed a week ago."""
    install_pair(patient.box, patient.pair(days=3, began=87))


def lost_at_restart(patient: Patient) -> None:
    """Somebody installed a certificate by hand and forgot the mirror."""
    install_pair(patient.box, patient.pair(), trees=("",))


def mixed(patient: Patient) -> None:
    """A power cut between two writes left a key that does not belong to its certificate."""
    patient.put(KEY, mismatched(patient.pair()).private_key_pem.encode())


def cut(patient: Patient) -> None:
    """A power cut while the certificate was written left half of the file."""
    whole = patient.box.host.read(CERTIFICATE)
    patient.put(CERTIFICATE, whole[: len(whole) // 2])


def unreadable(patient: Patient) -> None:
    """Somebody restored the certificate from a backup as root, for root alone."""
    with_disk_open(patient.box)
    for tree in TREES:
        patient.box.host.set_owner(tree + CERTIFICATE, 0, 0)
        patient.box.host.set_mode(tree + CERTIFICATE, 0o600)
    settle(patient.box)


def credentials(patient: Patient) -> None:
    """Somebody mistyped the contract on the box's homepage."""
    link(patient.box, {"enterprise_code": "M999999"})


def resolvers(patient: Patient) -> None:
    """Somebody set a DNS server that does not exist."""
    patient.put(RESOLV_CONF, b"nameserver 192.0.2.53\n")


def nginx_down(patient: Patient) -> None:
    """nginx was stopped and nobody started it again."""
    patient.box.nginx.stop()


def nginx_broken(patient: Patient) -> None:
    """Somebody edited the configuration of nginx by hand and forgot a semicolon."""
    path = patient.box.spec.image.nginx_file
    patient.put(path, patient.box.host.read(path) + b"client_max_body_size 10M\n")


def not_renewable(patient: Patient) -> None:
    """A certificate was copied by root, and the box's own user cannot renew it."""
    with_disk_open(patient.box)
    for tree in TREES:
        folder = f"{tree}{GENERATIONS}/{generation(patient.box.host, Tree(tree))}"
        for name in patient.box.host.list(folder):
            patient.box.host.set_owner(f"{folder}/{name}", 0, 0)
            patient.box.host.set_mode(f"{folder}/{name}", 0o600 if name.endswith(".key") else 0o644)
    settle(patient.box)


def other_customer(patient: Patient) -> None:
    """The box was linked to the database of somebody else."""
    link(patient.box, {"remote_server": "https://stranger.example"})


def hidden_name(patient: Patient) -> None:
    """The router of the shop hides public names that lead to private addresses."""
    _router(patient).rebind_protection = True


def old_name(patient: Patient) -> None:
    """The router still has an entry with the address that the box had before."""
    box, before = patient.linux, ipaddress.ip_address(patient.box.spec.address) - 1
    name = f"{box.spec.address.replace('.', '-')}.{patient.subdomain}.odoo-iot.com"
    _router(patient).lies[name] = (str(before),)


def wrong_clock(patient: Patient) -> None:
    """The box was in a cupboard for two years, and nobody switched network time on."""
    patient.linux.programs.ntp = False
    patient.box.clock.skew = -timedelta(days=730).total_seconds()


def database_down(patient: Patient) -> None:
    """A firewall rule of the shop keeps the box from its database."""
    patient.box.network.blocked.add(urlsplit(patient.box.odoo.store.get("remote_server") or "").hostname or "")


def authority_down(patient: Patient) -> None:
    """A firewall rule of the shop keeps the box from www.odoo.com."""
    patient.box.network.blocked.add(AUTHORITY)


def intercepted(patient: Patient) -> None:
    """A firewall of the shop opens TLS, with an authority that the box does not know."""
    firewall = make_authority("Firewall of the shop", now=patient.now)
    pem = issue_server_pair(firewall, [AUTHORITY], now=patient.now).certificate_pem
    leaf = x509.load_pem_x509_certificate(pem.encode())
    patient.box.network.interceptors[AUTHORITY] = leaf.public_bytes(Encoding.DER)


def late_restart(patient: Patient) -> None:
    """A till holds a request open, so that a restart over HTTP begins only 45 s after its answer."""
    patient.box.odoo.long_poll = True


def _router(patient: Patient) -> DnsServer:
    return patient.linux.world.dns[patient.linux.spec.gateway]


FAULTS: Final[Mapping[str, Callable[[Patient], None]]] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            expired,
            overdue,
            lost_at_restart,
            mixed,
            cut,
            unreadable,
            credentials,
            resolvers,
            nginx_down,
            nginx_broken,
            not_renewable,
            other_customer,
            hidden_name,
            old_name,
            wrong_clock,
            database_down,
            authority_down,
            intercepted,
            late_restart,
        )
    }
)
"""By the names that scenarios use."""
ON_WINDOWS: Final = frozenset(
    {
        each.__name__
        for each in (
            expired,
            overdue,
            cut,
            credentials,
            nginx_down,
            other_customer,
            database_down,
            authority_down,
            intercepted,
            late_restart,
        )
    }
)
"""What a Windows box can have, too: it has no mirror, and the other files, services and the clock are not the box's."""
