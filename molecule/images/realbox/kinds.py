"""The kinds of box, as data: which image with which code, and what follows from either."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Kind:
    """One kind of box. The image decides users, root and resolvers; the code branch decides store and routes."""

    name: str
    suite: Literal["bookworm", "trixie"]
    image_version: str
    code_branch: str
    generation: Literal["flat", "cached", "raw", "newest"]
    service_user: str
    root_read_only: bool
    odoo_unit: Literal["sysv", "systemd"]
    resolver: Literal["networkmanager", "static"]
    nginx_site: Literal["sites", "conf"]
    ramdisk_sizes: str
    """Of /etc, /var and /tmp."""
    wheels: tuple[str, ...] = ()
    """Python packages that the image pins by pip."""

    def build_arguments(self) -> dict[str, str]:
        """What the recipe of the images calls these facts."""
        return {
            "CODE_BRANCH": self.code_branch,
            "GENERATION": self.generation,
            "IMAGE_VERSION": self.image_version,
            "NGINX_SITE": self.nginx_site,
            "ODOO_UNIT": self.odoo_unit,
            "RESOLVER": self.resolver,
            "ROOT_OPTION": ",ro" if self.root_read_only else "",
            "SERVICE_USER": self.service_user,
            "SIZES": self.ramdisk_sizes,
        }


_KINDS = (
    Kind(
        name="ro_flat",
        suite="bookworm",
        image_version="23.11",
        code_branch="16.0",
        generation="flat",
        service_user="pi",
        root_read_only=True,
        odoo_unit="sysv",
        resolver="networkmanager",
        nginx_site="sites",
        ramdisk_sizes="16M 192M 64M",
    ),
    Kind(
        name="ro_ini",
        suite="bookworm",
        image_version="24.10",
        code_branch="17.0",
        generation="cached",
        service_user="pi",
        root_read_only=True,
        odoo_unit="systemd",
        resolver="static",
        nginx_site="sites",
        ramdisk_sizes="16M 192M 64M",
        wheels=("cryptography==36.0.2",),
    ),
    Kind(
        name="rw_ini",
        suite="bookworm",
        image_version="25.07",
        code_branch="19.0",
        generation="raw",
        service_user="odoo",
        root_read_only=False,
        odoo_unit="systemd",
        resolver="static",
        nginx_site="conf",
        ramdisk_sizes="64M 512M 1G",
    ),
    Kind(
        name="rw_newest",
        suite="trixie",
        image_version="2025.10.31",
        code_branch="saas-19.1",
        generation="newest",
        service_user="odoo",
        root_read_only=False,
        odoo_unit="systemd",
        resolver="networkmanager",
        nginx_site="conf",
        ramdisk_sizes="64M 512M 1G",
    ),
)
KINDS = {kind.name: kind for kind in _KINDS}
PEERS = "peers"
