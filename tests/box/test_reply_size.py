"""Whatever the box's own user writes into his files, the reply of a run is one that the control machine reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.image import CERTIFICATE, KEY
from reconciler.box import layout
from reconciler.codes import CodeName
from reconciler.codes.writing.sentences import MOST
from reconciler.connections.reply import BOUNDS
from reconciler.model import wire
from reconciler.model.bounded_json import loads
from reconciler.model.framing import find, frame
from reconciler.model.statement import say

from ..support import runs

HEAD = b"[options]\nserver_wide_modules = web\n[iot.box]\n"
LONG = b"h" * 200_000


def _store(content: bytes) -> Callable[[SimulatedBox], None]:
    return lambda box: box.host.write("/home/pi/odoo.conf", content)


def _many_names(box: SimulatedBox) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "*.d73e7513.odoo-iot.com")])
    names = x509.SubjectAlternativeName([x509.DNSName(f"n{number}.example") for number in range(5000)])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(runs.NOW).not_valid_after(runs.NOW.replace(year=2099))
    certificate = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    box.host.write(CERTIFICATE, certificate.public_bytes(serialization.Encoding.PEM))
    plain, pkcs8 = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
    box.host.write(KEY, key.private_bytes(serialization.Encoding.PEM, pkcs8, plain))


def _long_links(box: SimulatedBox) -> None:
    box.host.set_owner("/etc/ssl/private", 1000, 1000)
    box.host.set_owner("/etc/ssl/certs", 1000, 1000)
    for path in (CERTIFICATE, KEY, "/home/pi/odoo.conf"):
        box.host.remove(path)
        box.host.symlink("/" + "\xff" * 2000, path)


@pytest.mark.parametrize(
    "make",
    [
        _store(HEAD + b"a = b\n" + b" c\n" * 80_000),
        _store(HEAD + b"remote_server = " + LONG + b"\n"),
        _store(HEAD + b"subject = " + LONG + b"\ndb_name = " + b"x" * 50_000 + b"\n"),
        lambda box: box.host.write("/var/odoo/iotbox_version", LONG * 4),
        lambda box: box.host.write("/home/pi/odoo/.git/HEAD", b"ref: refs/heads/" + LONG * 4),
        _many_names,
        _long_links,
    ],
    ids=["warnings", "server", "other values", "version", "branch", "names of a certificate", "links"],
)
def test_a_reply_stays_within_its_bounds(make: Callable[[SimulatedBox], None]) -> None:
    box = runs.managed("rw_newest").box
    make(box)
    reply = frame({"result": wire.encode(runs.check(box))})
    begin, end = find(reply) or (0, 0)
    assert end - begin < 1 << 15
    read = loads(reply[begin:end], BOUNDS)
    assert isinstance(read, dict)
    assert "result" in read


def test_what_is_left_out_is_counted() -> None:
    box = runs.managed("rw_newest").box
    _store(HEAD + b"a = b\n" + b" c\n" * 50)(box)
    store = (runs.check(box).observed or pytest.fail("nothing was seen")).store
    assert len(store.warnings) == MOST
    assert store.warnings[-1] == say("more_of_this", more=35)


def test_mounts_that_cannot_be_read_are_no_missing_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    box = runs.managed("ro_ini").box
    monkeypatch.setattr(layout, "_MOUNTS_LIMIT", 10)
    assert runs.codes(runs.check(box)) == [CodeName.UNSUPPORTED_LAYOUT]
