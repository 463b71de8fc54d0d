"""What a box looks like from outside, and from below: what tills see, and every file that it has."""

from __future__ import annotations

import base64
import hashlib
import io
import socket
import ssl
import tarfile
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from cryptography import x509
from cryptography.hazmat.primitives import serialization

import boxes

from .lab import Unit

CERTIFICATE, KEY = "etc/ssl/certs/nginx-cert.crt", "etc/ssl/private/nginx-cert.key"
TREES = {"live": "", "mirror": "root_bypass_ramdisks/"}
CONNECT_SECONDS = 5.0
RESTART_SECONDS = 30.0
AGE = "touch -d '1 minute ago'"
"""Makes files older than a renewal takes: a bad pair that is new passes for half a renewal, and is waited for."""

_LISTING = r"""
cd /
find etc home/pi -xdev -type f -exec sha256sum {} + | sort -k 2
find etc home/pi -xdev -printf '%p %y %m %U %G %l\n' | sort
find root_bypass_ramdisks -xdev -printf '%p %y %m %U %G %s %l %C@\n' | sort
"""
"""Content of what is in use, and of the disk itself every file with the time of its last change of any kind."""


def rewrite(unit: Unit, script: str) -> None:
    """Change files of the disk below a read-only root, in a mount namespace of its own."""
    remount = "mount -o remount,rw / && mount -o remount,rw /root_bypass_ramdisks"
    unit.box.exec(["unshare", "-m", "sh", "-c", f"{remount} && {script}"])


def served(unit: Unit) -> str:
    """Fingerprint of what port 443 presents to a client that trusts the authority and asks for the public name.

    The vendor's program restarts nginx a moment after it begins to answer: a port that refuses is asked again.

    Raises:
        OSError: no connection, or the client does not accept the certificate.
    """
    seen: list[str] = []

    def listens() -> bool:
        try:
            seen.append(_served(unit))
        except ConnectionRefusedError:
            return False
        return True

    boxes.wait_for(listens, "nginx does not listen", RESTART_SECONDS)
    return seen[0]


def _served(unit: Unit) -> str:
    context = ssl.create_default_context(cadata=boxes.peers().ca_pem())
    with (
        socket.create_connection((unit.box.address, 443), CONNECT_SECONDS) as raw,
        context.wrap_socket(raw, server_hostname=unit.public_name) as stream,
    ):
        der = stream.getpeercert(binary_form=True)
    assert der is not None
    return hashlib.sha256(der).hexdigest()


def presented(unit: Unit) -> str | None:
    """Fingerprint of what port 443 presents, to a client that accepts everything; None without a handshake."""
    try:
        return fingerprint(ssl.get_server_certificate((unit.box.address, 443), timeout=CONNECT_SECONDS))
    except OSError:
        return None


def answers(unit: Unit, port: int) -> bool:
    """Whether the page that every branch has comes over plain HTTP."""
    connection = HTTPConnection(unit.box.address, port, timeout=CONNECT_SECONDS)
    try:
        connection.request("GET", "/hw_proxy/hello")
        reply = connection.getresponse()
        return reply.status == HTTPStatus.OK and reply.read() == b"ping"
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def odoo_start(unit: Unit) -> str:
    """A mark of the last start of the vendor's program, which writes its pid file anew at each; empty without one."""
    return unit.box.shell("stat --format %y /run/odoo/odoo.pid", check=False).strip()


def wait_for_start(unit: Unit, before: str) -> None:
    """Wait until a program that was told to restart has done so: until the signal reaches it, it goes on answering.

    Args:
        before: its start before it was told.
    """
    boxes.wait_for(lambda: odoo_start(unit) not in ("", before), "Odoo does not restart", RESTART_SECONDS)
    unit.box.wait_until_up()


def listing(unit: Unit) -> list[str]:
    """Every file of the box, one per line; two of these tell whether anything was written in between."""
    return unit.box.shell(_LISTING).splitlines()


def whole(unit: Unit) -> dict[str, str]:
    """Per tree the fingerprint of the certificate.

    Raises:
        AssertionError: certificate and key of a tree do not belong together.
    """
    files = _files(unit)
    found = {}
    for tree, root in TREES.items():
        certificate = x509.load_pem_x509_certificate(files[root + CERTIFICATE])
        key = serialization.load_pem_private_key(files[root + KEY], None)
        assert _spki(certificate.public_key()) == _spki(key.public_key()), f"the {tree} pair is mixed"
        found[tree] = fingerprint(files[root + CERTIFICATE])
    return found


def fingerprint(pem: bytes | str) -> str:
    """SHA-256 of the first certificate of a file."""
    first = x509.load_pem_x509_certificate(pem.encode() if isinstance(pem, str) else pem)
    return hashlib.sha256(first.public_bytes(serialization.Encoding.DER)).hexdigest()


def plant(unit: Unit, certificate: str | bytes, key: str | bytes, *, trees: tuple[str, ...] = tuple(TREES)) -> None:
    """Write a pair as the vendor's program did long ago: through whatever links are there, owners and modes kept."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in (("crt", certificate), ("key", key)):
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    writes = " && ".join(
        f"cat /tmp/plant/{name} > /{TREES[tree]}{path} && {AGE} /{TREES[tree]}{path}"
        for tree in trees
        for name, path in (("crt", CERTIFICATE), ("key", KEY))
    )
    script = (
        "mount -o remount,rw / && mount -o remount,rw /root_bypass_ramdisks"
        f" && mkdir -p /tmp/plant && tar -xf - -C /tmp/plant && {writes} && rm -r /tmp/plant"
    )
    unit.box.exec(["unshare", "-m", "sh", "-c", script], input=buffer.getvalue())


def put_in_use(
    unit: Unit, certificate: str | bytes, key: str | bytes, *, trees: tuple[str, ...] = tuple(TREES)
) -> None:
    """Plant a pair and have nginx load it; an nginx that the vendor's program restarts just now is asked again."""
    plant(unit, certificate, key, trees=trees)
    reload = ["nginx", "-s", "reload"]
    boxes.wait_for(lambda: unit.box.exec(reload, check=False).returncode == 0, "nginx does not reload", RESTART_SECONDS)


def due(unit: Unit) -> str:
    """Have a box use a pair that must be renewed; return its fingerprint."""
    old = unit.pair(days=4)
    put_in_use(unit, old.certificate_pem, old.private_key_pem)
    return fingerprint(old.certificate_pem)


def root_mounts(unit: Unit) -> dict[str, str]:
    """`ro` or `rw` for the two views of the disk, as the whole box sees them."""
    lines = [line.split() for line in unit.box.read("/proc/1/mounts").splitlines()]
    return {line[1]: line[3].split(",")[0] for line in lines if line[1] in ("/", "/root_bypass_ramdisks")}


def _files(unit: Unit) -> dict[str, bytes]:
    names = " ".join(root + path for root in TREES.values() for path in (CERTIFICATE, KEY))
    encoded = unit.box.shell(f"cd / && tar -chf - {names} | base64 -w0")
    with tarfile.open(fileobj=io.BytesIO(base64.b64decode(encoded))) as archive:
        return {member.name: (archive.extractfile(member) or io.BytesIO()).read() for member in archive}


def _spki(key: object) -> bytes:
    der, form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    encoded: bytes = key.public_bytes(der, form)  # type: ignore[attr-defined]
    return encoded
