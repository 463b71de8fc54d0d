"""A Windows virtual box: the vendor's program with its values, its pair and its nginx, and nothing else.

There is no SSH, no ramdisk and no mirror, so only its homepage can be visited. The files lie where those of a Linux box
do, since nobody can look at them but the program itself. nginx is a child of the program and starts with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from reconciler.model.observed import StoreFormat

from ..homepage import ports
from ..machine.clock import Clock
from ..machine.filesystem import FileSystem
from ..machine.image import CERTIFICATE, INI, KEY, LOG, TRUSTED_ROOTS, options, shared_temporary_pair
from ..machine.network import BoxNetwork, SharedWorld
from ..machine.nginx import CONFIGURATION, Nginx
from ..machine.odoo import Odoo
from ..machine.spec import Image
from ..machine.vendor import Vendor
from ..machine.web import WebReply, WebRequest

WindowsKind = Literal["windows_16", "windows_17", "windows_18", "windows_19"]
START_SECONDS = 5.0
_FOLDERS = ("/etc/ssl/certs", "/etc/ssl/private", "/etc/nginx", "/home/pi", "/run", "/var/log/odoo")
_NGINX = (
    f"http {{\n    server {{\n        ssl_certificate {CERTIFICATE};\n        ssl_certificate_key {KEY};\n    }}\n}}\n"
)


def _image(branch: str, store_format: StoreFormat, version: str = "W23_11") -> Image:
    return Image(
        version=version,
        branch=branch,
        codename="windows",
        store_format=store_format,
        service_user="odoo",
        uid=0,
        read_only_root=False,
        network_manager_owns_dns=False,
        nginx_file=CONFIGURATION,
        mirrored=False,
        system="Windows",
    )


WINDOWS_IMAGES = {
    "16.0": _image("16.0", StoreFormat.FLAT, "W22.11"),
    "17.0": _image("17.0", StoreFormat.INI_INTERPOLATED),
    "18.0": _image("18.0", StoreFormat.INI_INTERPOLATED),
    "19.0": _image("19.0", StoreFormat.INI_RAW),
}
"""By code branch."""
WINDOWS_BRANCHES: dict[WindowsKind, str] = {
    "windows_16": "16.0",
    "windows_17": "17.0",
    "windows_18": "18.0",
    "windows_19": "19.0",
}
"""What scenarios call them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsSpec:
    """One Windows box.

    Args:
        serial: the UUID of the computer.
        clock: the true time at which it is switched on.
        tends_certificate: as of a Linux box.
    """

    branch: str = "19.0"
    serial: str = "4c4c4544-0042-3510-8052-b4c04f4a4b32"
    address: str = "192.168.1.160"
    mac: str = "00:15:5d:00:a1:60"
    clock: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    tends_certificate: bool = True

    @property
    def image(self) -> Image:
        """Return what the branch stands for."""
        return WINDOWS_IMAGES[self.branch]


class WindowsBox:
    """Implements what a homepage needs.

    Args:
        spec: which box.
        world: the network that it shares with others.
    """

    def __init__(self, spec: WindowsSpec, world: SharedWorld) -> None:
        image = spec.image
        self.spec = spec
        self.world = world
        self.clock = Clock(spec.clock)
        self.storage = FileSystem(self.clock.timestamp)
        self.host = self.storage.view()
        self._lay_out(image, world)
        self.nginx = Nginx(self.host, self.clock)
        self.network = BoxNetwork(world, self.host, self.clock, self.nginx, spec.address, self._answers)
        self.odoo = Odoo(image, self.storage, self.clock, self.nginx, self.network.reachable)
        self.vendor = Vendor(self.odoo, self.network)
        if spec.tends_certificate:
            self.odoo.tend = self.vendor.tends
        self._boot()

    def reboot(self) -> None:
        """Shut down and start again; every file stays."""
        self.clock.agenda.clear()
        self.odoo.power_off()
        self.nginx.power_off()
        self._boot()

    def _boot(self) -> None:
        self.booted_at = self.clock.elapsed
        self.odoo.start()
        self.clock.advance(START_SECONDS)

    def _answers(self, port: int, request: WebRequest) -> WebReply:
        return ports.answer(self, port, request)

    def _lay_out(self, image: Image, world: SharedWorld) -> None:
        for folder in _FOLDERS:
            self._make_folders(folder)
        pair = shared_temporary_pair()
        resolvers = "".join(f"nameserver {server}\n" for server in world.dns)
        texts = {
            CERTIFICATE: pair.certificate_pem,
            KEY: pair.private_key_pem,
            TRUSTED_ROOTS: world.tls_root,
            CONFIGURATION: _NGINX,
            INI: options(image),
            LOG: "",
            "/etc/hostname": "iot-windows\n",
            "/etc/hosts": "127.0.0.1 localhost\n",
            "/etc/resolv.conf": resolvers,
        }
        for path, text in texts.items():
            self.host.create(path, text.encode(), 0o644, 0, 0)

    def _make_folders(self, path: str) -> None:
        names = path.strip("/").split("/")
        for depth in range(1, len(names) + 1):
            folder = "/" + "/".join(names[:depth])
            if folder.rpartition("/")[2] not in self.host.list(folder.rpartition("/")[0] or "/"):
                self.host.make_directory(folder, 0o755, 0, 0)
