"""What is on the disk of a box that was just flashed: each file that a tool or the vendor's program looks at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from reconciler.model.observed import StoreFormat

from ..pki import Pair, temporary_pair
from .spec import BoxSpec, Image
from .view import FileView

CERTIFICATE = "/etc/ssl/certs/nginx-cert.crt"
KEY = "/etc/ssl/private/nginx-cert.key"
TRUSTED_ROOTS = "/etc/ssl/certs/ca-certificates.crt"
INI = "/home/pi/odoo.conf"
FLAT_OPTIONS = "/home/pi/odoo/addons/point_of_sale/tools/posbox/configuration/odoo.conf"
LOG = "/var/log/odoo/odoo-server.log"
NM_DIRECTORY = "/etc/NetworkManager/conf.d"

_DIRECTORIES = (
    "/boot",
    "/etc",
    "/etc/NetworkManager",
    "/etc/NetworkManager/conf.d",
    "/etc/NetworkManager/system-connections",
    "/etc/cups",
    "/etc/init.d",
    "/etc/nginx",
    "/etc/nginx/conf.d",
    "/etc/nginx/sites-enabled",
    "/etc/ssl",
    "/etc/ssl/certs",
    "/etc/ssl/private",
    "/etc/systemd",
    "/etc/systemd/system",
    "/home",
    "/home/pi",
    "/proc",
    "/root",
    "/root_bypass_ramdisks",
    "/run",
    "/sys",
    "/tmp",  # noqa: S108
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/var",
    "/var/lib",
    "/var/lib/dpkg",
    "/var/lib/misc",
    "/var/log",
    "/var/log/odoo",
    "/var/odoo",
    "/var/swap",
    "/var/tmp",  # noqa: S108
)
_STICKY = ("/tmp", "/var/tmp")  # noqa: S108

_OPTIONS = """[options]
data_dir = /var/run/odoo
log_handler = {handler}
log_level = {level}
pidfile = /var/run/odoo/odoo.pid
limit_time_cpu = 600
limit_time_real = 1200
max_cron_threads = 0
server_wide_modules = {modules}
"""
_NGINX = """server {{
    listen 80;
    listen 443 ssl http2;
    server_name _;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    location / {{
        proxy_pass http://127.0.0.1:8069;
    }}
}}
"""
_NGINX_MAIN = """user www-data;
pid /run/nginx.pid;
events {
    worker_connections 768;
}
http {
    include /etc/nginx/conf.d/*.conf;
    include /etc/nginx/sites-enabled/*;
}
"""


@cache
def shared_temporary_pair() -> Pair:
    """Return the pair that every flashed box carries; it is the same on all of them."""
    return temporary_pair()


@dataclass(frozen=True, slots=True)
class _Writer:
    """Puts files on the disk of a box that is not running yet."""

    view: FileView

    def directory(self, path: str, mode: int = 0o755, owner: int = 0) -> None:
        parts = path.strip("/").split("/")
        for depth in range(1, len(parts) + 1):
            self._missing("/" + "/".join(parts[:depth]), mode, owner)

    def file(self, path: str, content: str, mode: int = 0o644, owner: int = 0) -> None:
        self.view.create(path, content.encode(), mode, owner, owner)

    def _missing(self, path: str, mode: int, owner: int) -> None:
        try:
            self.view.make_directory(path, mode, owner, owner)
        except FileExistsError:
            return


def lay_out(view: FileView, spec: BoxSpec, trusted_pem: str) -> None:
    """Write the whole image to an empty disk.

    Args:
        trusted_pem: what the box's own trust store holds.
    """
    writer = _Writer(view)
    for path in _DIRECTORIES:
        writer.directory(path, 0o1777 if path in _STICKY else 0o755)
    _system(writer, spec, trusted_pem)
    _certificate(writer, spec.image)
    _code(writer, spec.image)
    _resolvers(writer, spec)


def options(image: Image) -> str:
    """Return the `[options]` section that the vendor ships."""
    if image.store_format is StoreFormat.INI_RAW:
        text = _OPTIONS.format(handler=":INFO,werkzeug:WARNING", level="info", modules="iot_drivers,web")
        return text + "list_db = False\nhttp_interface = 0.0.0.0\n"
    modules = "hw_drivers,hw_escpos,hw_posbox_homepage,web"
    return _OPTIONS.format(handler=":WARNING", level="warn", modules=modules)


def _system(writer: _Writer, spec: BoxSpec, trusted_pem: str) -> None:
    image = spec.image
    root = "defaults,noatime,ro" if image.read_only_root else "defaults,noatime"
    fstab = f"proc /proc proc defaults 0 0\nPARTUUID=6c586e13-01 /boot vfat {root} 0 2\n"
    writer.file("/etc/fstab", fstab + f"PARTUUID=6c586e13-02 / ext4 {root} 0 1\n")
    version = {"buster": "10", "bookworm": "12", "trixie": "13"}[image.codename]
    release = f'PRETTY_NAME="Raspbian GNU/Linux {version} ({image.codename})"\nID=raspbian\n'
    writer.file("/etc/os-release", f'{release}VERSION_ID="{version}"\nVERSION_CODENAME={image.codename}\n')
    accounts = [f"{u.name}:x:{u.uid}:{u.groups[0]}::/home/{u.name}:/bin/bash" for u in image.users().values()]
    writer.file("/etc/passwd", "\n".join(accounts) + "\n")
    writer.file("/etc/hostname", "raspberrypi\n")
    writer.file("/etc/hosts", "127.0.0.1\tlocalhost\n127.0.1.1\traspberrypi\n")
    writer.view.symlink("../proc/self/mounts", "/etc/mtab")
    writer.view.symlink("/run", "/var/run")
    writer.file("/var/odoo/iotbox_version", image.version)
    writer.file(TRUSTED_ROOTS, trusted_pem)
    unit = "/etc/init.d/odoo" if image.sysv else "/etc/systemd/system/odoo.service"
    writer.file(unit, "#!/bin/sh\n" if image.sysv else "[Unit]\nDescription=Odoo\n", 0o755 if image.sysv else 0o644)
    writer.file("/etc/nginx/nginx.conf", _NGINX_MAIN)
    writer.file(image.nginx_file, _NGINX.format(certificate=CERTIFICATE, key=KEY))


def _certificate(writer: _Writer, image: Image) -> None:
    pair = shared_temporary_pair()
    writer.file(CERTIFICATE, pair.certificate_pem, 0o644, image.uid)
    writer.file(KEY, pair.private_key_pem, 0o600, image.uid)


def _code(writer: _Writer, image: Image) -> None:
    code = f"/home/pi/odoo/addons/{image.addon}/tools"
    flat = (FLAT_OPTIONS.rpartition("/")[0],) if image.store_format is StoreFormat.FLAT else ()
    for path in (code, "/home/pi/odoo/.git", *flat):
        writer.directory(path, owner=image.uid)
    writer.view.set_owner("/home/pi", 1000, 1000)
    writer.view.set_owner("/var/log/odoo", image.uid, image.uid)
    writer.file("/home/pi/odoo/.git/HEAD", f"ref: refs/heads/{image.branch}\n", owner=image.uid)
    imports = {
        StoreFormat.FLAT: "import contextlib\nimport logging\n",
        StoreFormat.INI_INTERPOLATED: "import configparser\nimport logging\n",
        StoreFormat.INI_RAW: "import configparser\nimport logging\n\nparser = configparser.RawConfigParser()\n",
    }
    writer.file(f"{code}/helpers.py", imports[image.store_format], owner=image.uid)
    store = FLAT_OPTIONS if image.store_format is StoreFormat.FLAT else INI
    writer.file(store, options(image), owner=image.uid)
    writer.file(LOG, "", owner=image.uid)


def _resolvers(writer: _Writer, spec: BoxSpec) -> None:
    servers = "".join(f"nameserver {server}\n" for server in spec.resolvers)
    if spec.image.network_manager_owns_dns:
        writer.file("/etc/NetworkManager/NetworkManager.conf", "[main]\nplugins=ifupdown,keyfile\n")
        writer.file("/etc/resolv.conf", f"# Generated by NetworkManager\n{servers}")
        return
    writer.file("/etc/NetworkManager/NetworkManager.conf", "[main]\nplugins=keyfile\n")
    writer.file(f"{NM_DIRECTORY}/90-dns-none.conf", "[main]\ndns=none\n")
    writer.file("/etc/resolv.conf", servers)
