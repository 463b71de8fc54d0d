"""Where things are on a box.

Live `/etc` is a ramdisk; the mirror is the same tree below the bypass mount and is what a reboot brings back.
"""

from __future__ import annotations

from dataclasses import dataclass

CERTIFICATE = "/etc/ssl/certs/nginx-cert.crt"
KEY = "/etc/ssl/private/nginx-cert.key"
GENERATIONS = "/etc/ssl/iot-https"
CURRENT = "current"
TRUSTED_ROOTS = "/etc/ssl/certs/ca-certificates.crt"
RESOLV_CONF = "/etc/resolv.conf"
NM_SNIPPET = "/etc/NetworkManager/conf.d/zz-iot-https-dns.conf"
RUN = "/run"
RUNTIME = f"{RUN}/iot-https"
LOCK = f"{RUNTIME}/lock"
RESTART_PENDING = f"{RUNTIME}/odoo-restart-pending"
MEMORY = "/var/lib/iot-https/memory.json"


@dataclass(frozen=True, slots=True)
class Tree:
    """One of the two copies of `/etc`: `root` is empty for live and the bypass mount for the mirror."""

    root: str

    def path(self, path: str) -> str:
        """Return where `path` lies in this tree."""
        return self.root + path

    @property
    def name(self) -> str:
        """Say which copy this is."""
        return "mirror" if self.root else "live"
