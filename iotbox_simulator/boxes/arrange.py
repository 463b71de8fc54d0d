"""Bring a box into a state to start from: linked, with a pair in place, in a world with resolvers that work.

What is arranged is on the disk and known to the services, as if it had always been there.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..machine.authority import Authority, AuthorityModel
from ..machine.filesystem import BYPASS
from ..machine.image import CERTIFICATE, KEY
from ..machine.network import DnsServer, SharedWorld
from ..machine.spec import FRESH_RESOLVERS
from ..machine.store import VendorStore
from ..pki import Pair, TestAuthority
from .linux import SimulatedBox
from .windows import WindowsBox

Machine = SimulatedBox | WindowsBox

NAMES: dict[str, tuple[str, ...]] = {
    "www.odoo.com": ("203.0.113.10",),
    "iot-proxy.odoo.com": ("203.0.113.11",),
    "db.example": ("203.0.113.20",),
    "proxy.example": ("203.0.113.30",),
}
PUBLIC_RESOLVERS = ("1.1.1.1", "8.8.8.8")


def small_world(ca: TestAuthority, authority: Authority | None = None) -> SharedWorld:
    """Return a world in which `ca` signs everything, and the fresh box's and two public resolvers work."""
    dns = {server: DnsServer(NAMES) for server in (*FRESH_RESOLVERS, *PUBLIC_RESOLVERS)}
    return SharedWorld(authority or AuthorityModel(ca), ca.root_pem, dns, proxies={"proxy.example:3128"})


def trees_of(box: Machine) -> tuple[str, ...]:
    """Return where a file below `/etc` has to be, on a Linux box twice."""
    return ("", BYPASS) if box.spec.image.mirrored else ("",)


def install_pair(box: Machine, pair: Pair, trees: tuple[str, ...] | None = None) -> None:
    """Put a pair into the plain files of some trees, all by default, durable, and let nginx load it if it can."""
    with_disk_open(box)
    for tree in trees_of(box) if trees is None else trees:
        box.host.write(tree + CERTIFICATE, pair.certificate_pem.encode())
        box.host.write(tree + KEY, pair.private_key_pem.encode())
    settle(box)
    box.nginx.unit.reset_failed()
    box.nginx.restart()
    box.nginx.unit.reset_failed()


def link(box: Machine, values: Mapping[str, str]) -> None:
    """Store values as the vendor's program would (`remote_server`, `db_uuid`, ...); it has read them at its start."""
    with_disk_open(box)
    store = VendorStore(box.spec.image.store_format, box.host)
    for key, value in values.items():
        store.save(key, value)
    owner = box.odoo.credentials
    for name in box.host.list("/home/pi"):
        if box.host.status(f"/home/pi/{name}").uid == 0:
            box.host.set_owner(f"/home/pi/{name}", owner.uid, owner.groups[0])
    settle(box)
    box.odoo.store.load_at_start()


def with_disk_open(box: Machine) -> None:
    """Make both of the host's views of the disk writable; a Windows box has one, which always is."""
    if box.spec.image.mirrored:
        box.storage.make_writable()


def settle(box: Machine) -> None:
    """Make everything durable and give the root back the state that fstab says."""
    box.storage.disk.sync_all()
    if box.spec.image.read_only_root:
        box.storage.make_read_only(cups=True)
