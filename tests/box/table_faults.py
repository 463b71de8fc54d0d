"""One thing broken on a box that was in sync: which codes name it, and which are left after a repair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from cryptography.hazmat.primitives import serialization

from iotbox_simulator.boxes.arrange import install_pair, link
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.image import CERTIFICATE, KEY, shared_temporary_pair
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.pki import issue_server_pair, issue_wildcard_pair, mismatched
from reconciler.codes import CodeName

from ..support import runs
from ..support.runs import Fleet

INI: tuple[LayoutKind, ...] = ("ro_ini", "rw_ini", "rw_newest")
FLAT: tuple[LayoutKind, ...] = ("ro_flat",)
STATIC: tuple[LayoutKind, ...] = ("ro_ini", "rw_ini")
CONF = "/home/pi/odoo.conf"
OWN, OWN_KEY = "/etc/ssl/shop.crt", "/etc/ssl/shop.key"
SERVER = f"""# for the kitchen
server {{
    listen 443 ssl default_server;
    ssl_certificate {OWN};
    ssl_certificate_key {OWN_KEY};
}}
""".encode()


@dataclass(frozen=True)
class Fault:
    """`found`: every code of the first look. `left`: every code after the repair."""

    title: str
    spoil: Callable[[Fleet], None]
    found: tuple[CodeName, ...]
    left: tuple[CodeName, ...] = ()
    kinds: tuple[LayoutKind, ...] = runs.KINDS
    changes: bool = True


def put(path: str, content: bytes, *trees: str) -> Callable[[Fleet], None]:
    """Overwrite a file in some trees, durable, as somebody with an editor does."""

    def spoil(fleet: Fleet) -> None:
        fleet.box.storage.make_writable()
        for tree in trees or runs.TREES:
            fleet.box.host.write(tree + path, content)
        fleet.box.storage.disk.sync_all()

    return spoil


def edit(path: str, change: Callable[[bytes], bytes], *trees: str) -> Callable[[Fleet], None]:
    """Change a file in some trees."""

    def spoil(fleet: Fleet) -> None:
        for tree in trees or runs.TREES:
            put(path, change(fleet.box.host.read(tree + path)), tree)(fleet)

    return spoil


def temporary(*trees: str) -> Callable[[Fleet], None]:
    """Bring back the pair of the image, and let nginx read it."""
    pair = shared_temporary_pair()

    def spoil(fleet: Fleet) -> None:
        put(CERTIFICATE, pair.certificate_pem.encode(), *trees)(fleet)
        put(KEY, pair.private_key_pem.encode(), *trees)(fleet)
        fleet.box.nginx.restart()

    return spoil


def issued(days: int = 90, began: int = 1, *, chain: bool = True, key_type: str = "ec") -> Callable[[Fleet], None]:
    """Put a pair of the box's own name in place, with other dates or without its chain."""

    def spoil(fleet: Fleet) -> None:
        now = fleet.box.now()
        pair = issue_wildcard_pair(
            runs.CA,
            runs.SUBJECT.split(".")[1],
            now=now,
            not_before=now - timedelta(days=began),
            not_after=now + timedelta(days=days),
            include_chain=chain,
            key_type=key_type,  # type: ignore[arg-type]
        )
        put(CERTIFICATE, pair.certificate_pem.encode())(fleet)
        put(KEY, pair.private_key_pem.encode())(fleet)
        fleet.box.nginx.restart()

    return spoil


def of_two_stars(fleet: Fleet) -> None:
    """Put a pair in place whose name no client takes: a star stands for one label."""
    subdomain = f"*.{runs.SUBJECT.split('.')[1]}"
    install_pair(fleet.box, issue_wildcard_pair(runs.CA, subdomain, now=fleet.box.now()))
    fleet.box.nginx.restart()


def without_common_name(fleet: Fleet) -> None:
    """Put a pair in place as authorities issue it that leave the common name out."""
    subdomain = runs.SUBJECT.split(".")[1]
    install_pair(fleet.box, issue_wildcard_pair(runs.CA, subdomain, now=fleet.box.now(), common_name=False))
    fleet.box.nginx.restart()


def shops_files(fleet: Fleet) -> None:
    """Put a pair of the shop's own on the box."""
    pair = issue_server_pair(runs.CA, ["till.shop.example"], now=fleet.box.now())
    put(OWN, pair.certificate_pem.encode())(fleet)
    put(OWN_KEY, pair.private_key_pem.encode())(fleet)


def shops_own(fleet: Fleet) -> None:
    """Let nginx serve a pair of the shop's own, by a server that answers first."""
    shops_files(fleet)
    put("/etc/nginx/conf.d/kitchen.conf", SERVER)(fleet)
    fleet.box.nginx.restart()


def other_key(*trees: str) -> Callable[[Fleet], None]:
    """Put the key of another pair beside the certificate."""

    def spoil(fleet: Fleet) -> None:
        pair = mismatched(issue_wildcard_pair(runs.CA, runs.SUBJECT.split(".")[1], now=runs.NOW))
        put(KEY, pair.private_key_pem.encode(), *trees)(fleet)

    return spoil


def encrypted(fleet: Fleet) -> None:
    """Protect the key with a password, as somebody careful does."""
    key = serialization.load_pem_private_key(fleet.box.host.read(KEY), None)
    protection = serialization.BestAvailableEncryption(b"password")
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)
    put(KEY, pem)(fleet)


def der(fleet: Fleet) -> None:
    """Save the certificate in the other format."""
    from reconciler.box.pair.parse import parse_chain

    chain = parse_chain(fleet.box.host.read(CERTIFICATE))
    put(CERTIFICATE, chain[0].public_bytes(serialization.Encoding.DER))(fleet)


def removed(path: str, *trees: str) -> Callable[[Fleet], None]:
    """Delete what a path shows, and the link with it."""

    def spoil(fleet: Fleet) -> None:
        fleet.box.storage.make_writable()
        for tree in trees or runs.TREES:
            fleet.box.host.remove(tree + path)
        fleet.box.storage.disk.sync_all()

    return spoil


def mode(path: str, bits: int, owner: int | None = None, *trees: str) -> Callable[[Fleet], None]:
    """Change mode, and owner if given, of what a path leads to."""

    def spoil(fleet: Fleet) -> None:
        fleet.box.storage.make_writable()
        for tree in trees or runs.TREES:
            fleet.box.host.set_mode(tree + path, bits)
            if owner is not None:
                fleet.box.host.set_owner(tree + path, owner, owner)
        fleet.box.storage.disk.sync_all()

    return spoil


def linked(**values: str) -> Callable[[Fleet], None]:
    """Store other values as the vendor's program would."""
    return lambda fleet: link(fleet.box, values)


def on_box(act: Callable[[SimulatedBox], object]) -> Callable[[Fleet], None]:
    """Do something to the machine itself."""
    return lambda fleet: void(act(fleet.box))


def void(_: object) -> None:
    """Drop a value."""


def crlf(content: bytes) -> bytes:
    """Return text as an editor on Windows saves it, with something written above it."""
    return b"Bag Attributes\r\n  friendlyName: till\r\n" + content.replace(b"\n", b"\r\n")


C = CodeName
CERTIFICATE_FAULTS = (
    Fault("temporary in both trees", temporary(), (C.TEMPORARY_CERTIFICATE,)),
    Fault("temporary in live only", temporary(""), (C.TEMPORARY_CERTIFICATE, C.NOT_PERSISTED)),
    Fault("temporary in the mirror only", temporary(BYPASS), (C.NOT_PERSISTED,)),
    Fault("certificate cut off", edit(CERTIFICATE, lambda pem: pem[:400]), (C.CERTIFICATE_MALFORMED,)),
    Fault("certificate is DER", der, (C.CERTIFICATE_MALFORMED,)),
    Fault("certificate empty", put(CERTIFICATE, b""), (C.CERTIFICATE_MALFORMED,)),
    Fault("certificate missing", removed(CERTIFICATE), (C.CERTIFICATE_MISSING,)),
    Fault("key empty", put(KEY, b""), (C.KEY_MALFORMED,)),
    Fault("key cut off", edit(KEY, lambda pem: pem[:100]), (C.KEY_MALFORMED,)),
    Fault("key missing", removed(KEY), (C.KEY_MISSING,)),
    Fault("key encrypted", encrypted, (C.KEY_ENCRYPTED,)),
    Fault("key of another pair", other_key(), (C.KEY_MISMATCH,)),
    Fault("key of another pair in live only", other_key(""), (C.KEY_MISMATCH,)),
    Fault("key of another pair in the mirror only", other_key(BYPASS), (C.NOT_PERSISTED,)),
    Fault("expired", issued(-1, 91), (C.EXPIRED,)),
    Fault("not yet valid", issued(90, -2), (C.NOT_YET_VALID,)),
    Fault("due", issued(7, 80), (C.RENEWAL_DUE,)),
    Fault("overdue", issued(4, 80), (C.RENEWAL_OVERDUE,)),
    Fault("without its chain", issued(chain=False), (C.CHAIN_INCOMPLETE,)),
    Fault("of a name that no client takes", of_two_stars, (C.CERTIFICATE_REFUSED, C.SUBJECT_MISMATCH)),
    Fault("live removed, mirror good", removed(CERTIFICATE, ""), (C.CERTIFICATE_MISSING,)),
    Fault("generations deleted", removed("/etc/ssl/iot-https/current"), (C.CERTIFICATE_MISSING,)),
    Fault("with CRLF and text around", edit(CERTIFICATE, crlf), (), changes=False),
    Fault("an RSA key", issued(key_type="rsa"), (), changes=False),
    Fault("an EC key", issued(key_type="ec"), (), changes=False),
)
PERMISSION_FAULTS = (
    Fault(
        "certificate root's alone, live",
        mode(CERTIFICATE, 0o600, 0, ""),
        (C.CHECK_CERT_READ_EXCEPTION, C.NOT_RENEWABLE),
    ),
    Fault("certificate root's, live", mode(CERTIFICATE, 0o644, 0, ""), (C.NOT_RENEWABLE,)),
    Fault("certificate root's, mirror", mode(CERTIFICATE, 0o600, 0, BYPASS), (C.NOT_RENEWABLE,)),
    Fault("key root's, live", mode(KEY, 0o600, 0, ""), (C.NOT_RENEWABLE,)),
    Fault("key root's, mirror", mode(KEY, 0o600, 0, BYPASS), (C.NOT_RENEWABLE,)),
    Fault("directory closed", mode("/etc/ssl/private", 0o700, 0), (C.NOT_RENEWABLE,)),
    Fault("key open to the world", mode(KEY, 0o644), (C.KEY_EXPOSED,)),
)
RESOLVER_FAULTS = (
    Fault(
        "resolver in live only",
        put("/etc/resolv.conf", b"nameserver 8.8.8.8\n", ""),
        (C.RESOLVERS_DIFFER,),
        kinds=STATIC,
    ),
    Fault(
        "resolver in the mirror only",
        put("/etc/resolv.conf", b"nameserver 192.0.2.1\n", BYPASS),
        (C.RESOLVERS_NOT_PERSISTED,),
        kinds=STATIC,
    ),
    Fault(
        "resolver dead",
        put("/etc/resolv.conf", b"nameserver 192.0.2.53\n"),
        (C.RESOLVERS_DIFFER, C.RESOLVERS_DO_NOT_WORK),
        kinds=STATIC,
    ),
)
POWER_CUTS = (
    Fault("certificate of NUL bytes", edit(CERTIFICATE, lambda pem: bytes(len(pem))), (C.CERTIFICATE_MALFORMED,)),
    Fault("key of NUL bytes", edit(KEY, lambda pem: bytes(len(pem))), (C.KEY_MALFORMED,)),
    Fault(
        "memory of NUL bytes",
        edit("/var/lib/iot-https/memory.json", lambda text: bytes(len(text)), BYPASS),
        (),
        changes=False,
    ),
    Fault(
        "resolv.conf of NUL bytes",
        edit("/etc/resolv.conf", lambda text: bytes(len(text))),
        (C.RESOLVERS_DIFFER, C.RESOLVERS_DO_NOT_WORK),
        kinds=STATIC,
    ),
)
STORE_FAULTS = (
    Fault("server lost", linked(remote_server=""), (C.CHECK_NO_SERVER,), kinds=INI),
    Fault("UUID lost", linked(db_uuid=""), (C.LOAD_NO_CREDENTIAL,), kinds=INI),
    Fault("UUID differs", linked(db_uuid="x"), (C.CREDENTIALS_DIFFER,)),
    Fault("code differs", linked(enterprise_code="M1"), (C.CREDENTIALS_DIFFER,)),
    Fault("subject differs", linked(subject="*.0.odoo-iot.com"), (C.SUBJECT_MISMATCH,)),
    Fault(
        "another customer's",
        linked(remote_server="https://x.example"),
        (C.LINKED_ELSEWHERE,),
        (C.LINKED_ELSEWHERE,),
        changes=False,
    ),
    Fault(
        "section twice",
        edit(CONF, lambda text: text + b"\n[options]\na = 1\n", ""),
        (C.STORE_MALFORMED,),
        (C.STORE_MALFORMED,),
        INI,
        changes=False,
    ),
    Fault(
        "byte order mark",
        edit(CONF, lambda text: b"\xef\xbb\xbf" + text, ""),
        (C.STORE_MALFORMED,),
        (C.STORE_MALFORMED,),
        INI,
        changes=False,
    ),
    Fault(
        "no options",
        edit(CONF, lambda text: text[text.index(b"[iot.box]") :], ""),
        (C.STORE_WARNING,),
        (C.STORE_WARNING,),
        INI,
        changes=False,
    ),
    Fault(
        "percent sign in a value of ours",
        edit(CONF, lambda text: text.replace(b"CANARY210101", b"50%off"), ""),
        (C.STORE_WARNING, C.CREDENTIALS_DIFFER),
        kinds=("ro_ini",),
    ),
    Fault("conf missing", removed(CONF, ""), (C.STORE_UNREADABLE,), (C.STORE_UNREADABLE,), INI, changes=False),
    Fault(
        "spaces around a flat value",
        edit("/home/pi/odoo-db-uuid.conf", lambda text: b" " + text, ""),
        (C.STORE_WARNING, C.CREDENTIALS_DIFFER),
        kinds=FLAT,
    ),
    Fault(
        "CRLF behind a flat value",
        edit("/home/pi/odoo-db-uuid.conf", lambda text: text.strip() + b"\r\n", ""),
        (),
        kinds=FLAT,
        changes=False,
    ),
    Fault(
        "flat value without a line break",
        edit("/home/pi/odoo-db-uuid.conf", lambda text: text.strip(), ""),
        (),
        kinds=FLAT,
        changes=False,
    ),
    Fault(
        "server file of NUL bytes",
        put("/home/pi/odoo-remote-server.conf", bytes(19), ""),
        (C.CHECK_NO_SERVER, C.STORE_WARNING),
        kinds=FLAT,
    ),
    Fault(
        "UUID file of NUL bytes",
        put("/home/pi/odoo-db-uuid.conf", bytes(37), ""),
        (C.LOAD_NO_CREDENTIAL, C.STORE_WARNING),
        kinds=FLAT,
    ),
    Fault(
        "subject file of NUL bytes",
        put("/home/pi/odoo-subject.conf", bytes(24), ""),
        (C.SUBJECT_MISMATCH, C.STORE_WARNING),
        kinds=FLAT,
    ),
    Fault(
        "end of the server file of NUL bytes",
        edit("/home/pi/odoo-remote-server.conf", lambda text: text[:9] + bytes(10), ""),
        (C.CHECK_NO_SERVER, C.STORE_WARNING),
        kinds=FLAT,
    ),
    Fault(
        "server of NUL bytes in the conf",
        edit(CONF, lambda text: text.replace(b"https://db.example", bytes(18)), ""),
        (C.CHECK_NO_SERVER, C.STORE_WARNING),
        kinds=INI,
    ),
    Fault(
        "conf of NUL bytes",
        edit(CONF, lambda text: bytes(len(text)), ""),
        (C.STORE_MALFORMED,),
        (C.STORE_MALFORMED,),
        INI,
        changes=False,
    ),
    Fault(
        "end of the conf of NUL bytes",
        edit(CONF, lambda text: text + b"\n" + bytes(40), ""),
        (C.STORE_MALFORMED,),
        (C.STORE_MALFORMED,),
        INI,
        changes=False,
    ),
    Fault(
        "byte that is not UTF-8",
        put("/home/pi/odoo-subject.conf", b"\xff\n", ""),
        (C.STORE_MALFORMED,),
        (C.STORE_MALFORMED,),
        FLAT,
        changes=False,
    ),
)
SERVICE_FAULTS = (
    Fault("nginx stopped", on_box(lambda box: box.nginx.stop()), (C.NGINX_DOWN,)),
    Fault("Odoo killed", on_box(lambda box: box.odoo.signal(9)), (C.ODOO_DOWN,)),
    Fault("Odoo stopped", on_box(lambda box: box.odoo.signal(19)), (C.ODOO_STOPPED,)),
    Fault(
        "restart left to do",
        put("/run/iot-https/odoo-restart-pending", b"", ""),
        (C.ODOO_RESTART_PENDING,),
    ),
)
FAULTS = (*CERTIFICATE_FAULTS, *POWER_CUTS, *PERMISSION_FAULTS, *RESOLVER_FAULTS, *STORE_FAULTS, *SERVICE_FAULTS)
CASES = [(fault, kind) for fault in FAULTS for kind in fault.kinds]
