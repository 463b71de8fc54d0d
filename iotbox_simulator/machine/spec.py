"""Which box it is: the combinations of image and code branch that behave differently, and what tells two apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from reconciler.checks.box import OLDEST_PYTHON
from reconciler.machine.system import User
from reconciler.model.observed import StoreFormat

from .code import CODES, BranchCode

LayoutKind = Literal["ro_oldest", "ro_flat", "ro_ini", "ro_ini_18", "rw_ini", "rw_newest"]
NGINX_SITE = "/etc/nginx/sites-enabled/default"
NGINX_CONF = "/etc/nginx/conf.d/iot.conf"
FRESH_RESOLVERS = ("192.0.2.53",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What follows from the image and from the code branch.

    Args:
        uid: of the service user, whose group has the same number.
        network_manager_owns_dns: NetworkManager writes `/etc/resolv.conf`; otherwise the file is static.
        sysv: Odoo is started by a script of `/etc/init.d`.
        respawn_seconds: after how long systemd starts a failed Odoo again.
        start_limited: systemd gives up on an Odoo that is started too often.
        mirrored: what is written below `/etc` has to be written to the disk behind the ramdisk, too.
        coloured: the unit makes the program colour its log.
        system: as the homepage names it.
        python: what runs there, on which the box program depends.
    """

    version: str
    branch: str
    codename: str
    store_format: StoreFormat
    service_user: str
    uid: int
    read_only_root: bool
    network_manager_owns_dns: bool
    nginx_file: str
    sysv: bool = False
    respawn_seconds: float = 10.0
    start_limited: bool = True
    mirrored: bool = True
    coloured: bool = False
    system: Literal["Linux", "Windows"] = "Linux"
    python: str = "3.11.2"

    @property
    def code(self) -> BranchCode:
        """Return what follows from the branch alone."""
        return CODES[self.branch]

    @property
    def runs_program(self) -> bool:
        """Return whether its Python is new enough for the box program."""
        major, minor, _ = self.python.split(".")
        return (int(major), int(minor)) >= OLDEST_PYTHON

    @property
    def shown_version(self) -> str:
        """Return the image version as routes show it."""
        return (self.code.version_prefix if self.system == "Linux" else "") + self.version

    @property
    def addon(self) -> str:
        """Return the vendor's module that holds the helpers."""
        return "iot_drivers" if self.store_format is StoreFormat.INI_RAW else "hw_drivers"

    @property
    def flips_read_only(self) -> bool:
        """Return whether this code makes the root read-only after each of its writes."""
        return self.store_format is not StoreFormat.INI_RAW and self.system == "Linux"

    def users(self) -> dict[str, User]:
        """Return the accounts that matter."""
        pi = User("pi", 1000, (1000, 27))
        root = User("root", 0, (0,))
        if self.service_user == "pi":
            return {"root": root, "pi": pi}
        return {"root": root, "pi": pi, "odoo": User("odoo", self.uid, (self.uid, 1000))}


_RO_FLAT = Image(
    version="23.11",
    branch="16.0",
    codename="bookworm",
    store_format=StoreFormat.FLAT,
    service_user="pi",
    uid=1000,
    read_only_root=True,
    network_manager_owns_dns=True,
    nginx_file=NGINX_SITE,
    sysv=True,
)
_RO_INI = replace(
    _RO_FLAT,
    version="24.10",
    branch="17.0",
    store_format=StoreFormat.INI_INTERPOLATED,
    network_manager_owns_dns=False,
    sysv=False,
    respawn_seconds=5.0,
)
_RW_INI = Image(
    version="25.07",
    branch="19.0",
    codename="bookworm",
    store_format=StoreFormat.INI_RAW,
    service_user="odoo",
    uid=999,
    read_only_root=False,
    network_manager_owns_dns=False,
    nginx_file=NGINX_CONF,
    start_limited=False,
    coloured=True,
)
_RW_NEWEST = replace(
    _RW_INI,
    version="2025.10.31",
    branch="saas-19.1",
    codename="trixie",
    uid=1001,
    network_manager_owns_dns=True,
)
IMAGES: dict[LayoutKind, Image] = {
    "ro_oldest": replace(_RO_FLAT, version="21.10", branch="15.0", codename="buster", python="3.7.3"),
    "ro_flat": _RO_FLAT,
    "ro_ini": _RO_INI,
    "ro_ini_18": replace(_RO_INI, version="24.11", branch="18.0"),
    "rw_ini": _RW_INI,
    "rw_newest": _RW_NEWEST,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxSpec:
    """One box.

    Args:
        resolvers: of a static file, or what DHCP offers where NetworkManager owns the file.
        clock: the true time at which the box is switched on.
        skew_seconds: by how much its wall clock is ahead of that.
        branch: the code on it, where that is not the one that the kind's image came with.
        tends_certificate: the vendor's program looks after the certificate at its start and at midnight, as real ones
            do; otherwise only when it is told to, so that a test can count who asked the authority.
    """

    kind: LayoutKind = "rw_ini"
    serial: str = "10000000a1b2c3d4"
    address: str = "192.168.1.143"
    gateway: str = "192.168.1.1"
    resolvers: tuple[str, ...] = FRESH_RESOLVERS
    clock: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    skew_seconds: float = 0.0
    branch: str | None = None
    tends_certificate: bool = False

    @property
    def mac(self) -> str:
        """Return its hardware address; as on a Pi, the end of the serial number is in it."""
        return ":".join(("b8", "27", "eb", self.serial[-6:-4], self.serial[-4:-2], self.serial[-2:]))

    @property
    def image(self) -> Image:
        """Return what the kind stands for."""
        image = IMAGES[self.kind]
        return image if self.branch is None else replace(image, branch=self.branch)
