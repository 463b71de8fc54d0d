"""Rows about the box as a machine, its clock and its services."""

from __future__ import annotations

from reconciler.checks import box, clock, manager, odoo_options, services, store
from reconciler.codes import CodeName
from reconciler.model.observed import ForeignName, NamedCertificate, Revival
from reconciler.model.severity import FindingClass
from reconciler.model.statement import say, told

from ..support.observed import NOW
from .case import Case

CASES = (
    Case(
        "unknown layout",
        box.check_layout,
        CodeName.UNSUPPORTED_LAYOUT,
        {"layout.problem": say("no_mounts", path="/proc/self/mounts")},
    ),
    Case(
        "Python 3.7 of image 21.10",
        box.check_python,
        CodeName.UNSUPPORTED_PYTHON,
        {"layout.python": "3.7.3"},
        evidence="3.7.3",
    ),
    Case("Python 3.13", box.check_python, None, {"layout.python": "3.13.5"}),
    Case("Python not told", box.check_python, None, {"layout.python": ""}),
    Case(
        "another serial number",
        box.check_identity,
        CodeName.WRONG_BOX,
        {"identity.serial": "10000000ffffffff"},
        kind=FindingClass.BLOCKED,
        evidence="10000000ffffffff, the inventory says 10000000abcdef01",
    ),
    Case(
        "serial number not readable",
        box.check_identity,
        CodeName.WRONG_BOX,
        {"identity.serial": None},
        evidence="could not be read",
    ),
    Case("serial number in capitals", box.check_identity, None, {"identity.serial": " 10000000ABCDEF01\0"}),
    Case("serial number not pinned", box.check_identity, None, {"identity.serial": None}, {"serial": None}),
    Case(
        "access point",
        box.check_access_point,
        CodeName.ACCESS_POINT_MODE,
        {"identity.access_point": True, "identity.address": "10.11.12.1"},
        evidence="10.11.12.1",
    ),
    Case("ramdisk full", box.check_disk, CodeName.DISK_FULL, {"disk.live_free": 0}, evidence="/etc in memory has 0.0"),
    Case("card nearly full", box.check_disk, CodeName.DISK_FULL, {"disk.mirror_free": (2 << 20) - 1}),
    Case("home nearly full", box.check_disk, CodeName.DISK_FULL, {"disk.home_free": 1 << 20}, evidence="1.0 MiB"),
    Case("just enough room", box.check_disk, None, {"disk.home_free": 2 << 20}),
    Case(
        "links in the place of the pair",
        box.check_foreign_links,
        CodeName.FOREIGN_LINK,
        {
            "foreign_names": (
                ForeignName(path="/etc/ssl/private/nginx-cert.key", target="/etc/shadow"),
                ForeignName(path="/root_bypass_ramdisks/etc/ssl/certs/nginx-cert.crt", names=2),
            )
        },
        kind=FindingClass.DRIFTED,
        repairable=True,
        evidence="/etc/ssl/private/nginx-cert.key is a link to /etc/shadow; "
        "/root_bypass_ramdisks/etc/ssl/certs/nginx-cert.crt is a file with 2 names (hard links)",
    ),
    Case(
        "store is a link",
        box.check_foreign_links,
        CodeName.FOREIGN_LINK,
        {"foreign_names": (ForeignName(path="/home/pi/odoo.conf", target="x" * 5000),)},
        kind=FindingClass.BLOCKED,
        repairable=False,
        evidence=f"/home/pi/odoo.conf is a link to {'x' * 120}...",
    ),
    Case("only plain files", box.check_foreign_links, None),
    Case("room not read", box.check_disk, None, {"disk.home_free": None}),
    Case("/run full", box.check_disk, CodeName.DISK_FULL, {"disk.run_free": 0}, evidence="/run has 0.0"),
    Case("/run small", box.check_disk, None, {"disk.run_free": 1 << 20}),
    Case(
        "/run full of files",
        box.check_disk,
        CodeName.DISK_FULL,
        {"disk.no_files": ("run",), "disk.run_problem": "No space left on device"},
        evidence="/run can take no more files",
    ),
    Case(
        "card full of files",
        box.check_disk,
        CodeName.DISK_FULL,
        {"disk.no_files": ("mirror",)},
        evidence="the SD card can take no more files",
    ),
    Case(
        "/run read-only",
        box.check_disk,
        CodeName.DISK_FULL,
        {"disk.run_problem": "Read-only file system"},
        evidence="/run cannot be written: Read-only file system",
    ),
    Case(
        "clock ahead",
        clock.check_clock,
        CodeName.WRONG_CLOCK,
        {"clock.skew_seconds": 7500.0, "clock.ntp_enabled": False},
        kind=FindingClass.DRIFTED,
        repairable=True,
        evidence="2 hours ahead of the control machine",
    ),
    Case(
        "clock behind, network time unknown",
        clock.check_clock,
        CodeName.WRONG_CLOCK,
        {"clock.skew_seconds": -301.0, "clock.ntp_enabled": None},
        repairable=True,
        evidence="5 minutes behind",
    ),
    Case(
        "clock wrong although network time is on",
        clock.check_clock,
        CodeName.WRONG_CLOCK,
        {"clock.skew_seconds": 86400.0, "clock.ntp_enabled": True},
        kind=FindingClass.BLOCKED,
        repairable=False,
    ),
    Case("clock 300 seconds off", clock.check_clock, None, {"clock.skew_seconds": -300.0}),
    Case("no clock to compare with", clock.check_clock, None, {"clock.skew_seconds": None}),
    Case(
        "nginx configuration edited",
        services.check_nginx_config,
        CodeName.NGINX_CONFIG_BROKEN,
        {"nginx.config_error": told('unknown directive "sssl" in /etc/nginx/nginx.conf:3')},
        kind=FindingClass.BLOCKED,
        evidence="nginx.conf:3",
    ),
    Case(
        "nginx serves another file",
        services.check_nginx_certificate,
        CodeName.NGINX_OTHER_CERTIFICATE,
        {"nginx.served_instead": (NamedCertificate(path="/etc/shop.crt", file="/etc/nginx/conf.d/a.conf", line=7),)},
        kind=FindingClass.BLOCKED,
        repairable=False,
        evidence="on port 443 nginx serves /etc/shop.crt (/etc/nginx/conf.d/a.conf, line 7)",
    ),
    Case("nginx down", services.check_nginx, CodeName.NGINX_DOWN, {"nginx.running": False}, repairable=True),
    Case("nginx not looked at", services.check_nginx, None, {"nginx.running": None}),
    Case("Odoo down", services.check_odoo, CodeName.ODOO_DOWN, {"odoo.answers": False}, evidence="8069"),
    Case("Odoo not asked", services.check_odoo, None, {"odoo.answers": None}),
    Case("Odoo silent because stopped", services.check_odoo, None, {"odoo.answers": False, "odoo.stopped": True}),
    Case("Odoo stopped", services.check_odoo_stopped, CodeName.ODOO_STOPPED, {"odoo.stopped": True}),
    Case(
        "manager dead",
        manager.check_odoo_manager,
        CodeName.ODOO_MANAGER_DEAD,
        {"odoo.manager_dead": True, "odoo.manager_error": "KeyError"},
        repairable=True,
        evidence="(KeyError)",
    ),
    Case(
        "manager missing among the threads",
        manager.check_odoo_manager,
        CodeName.ODOO_MANAGER_DEAD,
        {"odoo.manager_dead": True, "odoo.manager_threads": 2},
        evidence="has 2 threads",
    ),
    Case(
        "manager dead and its database down",
        manager.check_odoo_manager,
        CodeName.ODOO_MANAGER_DEAD,
        {"odoo.manager_dead": True, "odoo.database_error": "timed out"},
        evidence="does not reach its database: timed out",
    ),
    Case(
        "manager dead, revived in another state",
        manager.check_odoo_manager,
        CodeName.ODOO_MANAGER_DEAD,
        {"odoo.manager_dead": True, "memory.revival": Revival(at=NOW, tries=1, state="another")},
        repairable=True,
    ),
    Case(
        "manager dead and Odoo down",
        manager.check_odoo_manager,
        None,
        {"odoo.manager_dead": True, "odoo.answers": False},
    ),
    Case(
        "Odoo's port moved",
        odoo_options.check_odoo_options,
        CodeName.ODOO_OPTIONS,
        {"odoo.options": {"http_port": "8070"}, "odoo.answers": False},
        kind=FindingClass.BLOCKED,
        repairable=False,
        evidence="http_port = 8070: nginx and tills ask port 8069",
    ),
    Case("restart left", services.check_odoo_restart, CodeName.ODOO_RESTART_PENDING, {"odoo.restart_pending": True}),
    Case(
        "store cannot be opened",
        store.check_store_readable,
        CodeName.STORE_UNREADABLE,
        {"store.unreadable": told("/home/pi/odoo.conf: Input/output error")},
        kind=FindingClass.BLOCKED,
        evidence="Input/output error",
    ),
    Case(
        "store has a key twice",
        store.check_store_form,
        CodeName.STORE_MALFORMED,
        {"store.place": "/home/pi/odoo.conf", "store.malformed": (say("key_twice", line=12, key="token"),)},
        kind=FindingClass.BLOCKED,
        evidence="/home/pi/odoo.conf: line 12: the key token is there already",
    ),
    Case(
        "store has doubtful lines",
        store.check_store_warnings,
        CodeName.STORE_WARNING,
        {
            "store.place": "/home/pi",
            "store.warnings": (say("spaces_in", file="token"), say("comment_or_quotes", line=4, key="token")),
        },
        evidence="/home/pi: token has spaces around its value, which the box takes as part of it; remove them; "
        "/home/pi: line 4: a comment or quotes behind token =",
    ),
)
