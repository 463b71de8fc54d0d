"""What people and broken tools leave on a box: each has one clear finding, and is mended or left alone on purpose."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

import boxes
from iotbox_simulator.pki import Pair, issue_wildcard_pair
from reconciler.codes import CodeName
from reconciler.connections import reply
from reconciler.connections.carrier import BOOTSTRAP, message
from reconciler.model.desired import Mode
from reconciler.model.repair import RepairKind

from . import look
from .lab import Lab, Unit, ca, codes, names

CONF = "/home/pi/odoo.conf"
Spoil = Callable[[Pair], tuple[bytes, bytes]]


def on(*kinds: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("kind", kinds)


@pytest.fixture
def unit(lab: Lab, kind: str) -> Unit:
    return lab.converged(kind, "work")


def pem(pair: Pair) -> tuple[bytes, bytes]:
    return pair.certificate_pem.encode(), pair.private_key_pem.encode()


def truncated(pair: Pair) -> tuple[bytes, bytes]:
    certificate, key = pem(pair)
    return certificate[: len(certificate) // 3], key


def empty(pair: Pair) -> tuple[bytes, bytes]:
    return b"", pem(pair)[1]


def binary(pair: Pair) -> tuple[bytes, bytes]:
    certificate, key = pem(pair)
    der = serialization.Encoding.DER
    return x509.load_pem_x509_certificate(certificate).public_bytes(der), key


def truncated_key(pair: Pair) -> tuple[bytes, bytes]:
    certificate, key = pem(pair)
    return certificate, key[: len(key) // 2]


def encrypted_key(pair: Pair) -> tuple[bytes, bytes]:
    certificate, key = pem(pair)
    locked = serialization.BestAvailableEncryption(b"nobody knows")
    return certificate, _rewritten(key, serialization.PrivateFormat.PKCS8, locked)


def foreign_key(pair: Pair) -> tuple[bytes, bytes]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return pem(pair)[0], key.private_bytes(serialization.Encoding.PEM, form, plain)


def carriage_returns(pair: Pair) -> tuple[bytes, bytes]:
    certificate, key = pem(pair)
    return certificate.replace(b"\n", b"\r\n"), key.replace(b"\n", b"\r\n")


def text_around(pair: Pair) -> tuple[bytes, bytes]:
    certificate, key = pem(pair)
    return b"Bag Attributes\n  friendlyName: till\n" + certificate + b"\nthe end\n", b"copied from a mail:\n\n" + key


def traditional_key(pair: Pair) -> tuple[bytes, bytes]:
    certificate, key = pem(pair)
    return certificate, _rewritten(key, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())


def _rewritten(key: bytes, form: serialization.PrivateFormat, lock: serialization.KeySerializationEncryption) -> bytes:
    loaded = serialization.load_pem_private_key(key, None)
    return loaded.private_bytes(serialization.Encoding.PEM, form, lock)


BAD_PAIRS = [
    (truncated, CodeName.CERTIFICATE_MALFORMED, "cut off"),
    (empty, CodeName.CERTIFICATE_MALFORMED, "empty"),
    (binary, CodeName.CERTIFICATE_MALFORMED, "DER"),
    (truncated_key, CodeName.KEY_MALFORMED, "cut off"),
    (encrypted_key, CodeName.KEY_ENCRYPTED, "password"),
    (foreign_key, CodeName.KEY_MISMATCH, "does not belong"),
]


@on("rw_ini", "ro_ini")
@pytest.mark.parametrize(("spoil", "code", "evidence"), BAD_PAIRS)
def test_bad_pair_is_named_and_replaced(unit: Unit, spoil: Spoil, code: CodeName, evidence: str) -> None:
    look.plant(unit, *spoil(unit.pair()))
    seen = unit.check()
    assert names(seen.before) == [code, CodeName.NOT_PERSISTED]
    assert evidence in seen.before[0].evidence
    assert "Traceback" not in str(seen)
    assert codes(unit.reconcile().after) == []
    assert {look.served(unit)} == set(look.whole(unit).values())


@on("rw_ini", "ro_ini")
def test_bad_pair_in_use_is_replaced_by_the_good_one_on_the_disk(unit: Unit) -> None:
    good = look.served(unit)
    look.plant(unit, *truncated(unit.pair()), trees=("live",))
    mended = unit.reconcile()
    assert [each.repair.kind for each in mended.outcomes][:1] == [RepairKind.COPY_CERTIFICATE]
    assert codes(mended.after) == []
    assert look.served(unit) == good


@on("rw_ini", "ro_ini")
@pytest.mark.parametrize("shape", [carriage_returns, text_around, traditional_key])
def test_odd_but_usable_pair_is_left_alone(unit: Unit, shape: Spoil) -> None:
    look.put_in_use(unit, *shape(unit.pair()))
    boxes.wait_for(lambda: codes(unit.check().before) == [], "it is not taken as usable", 5)
    assert not unit.reconcile().changed


@on("rw_ini")
def test_rsa_pair_is_left_alone(unit: Unit) -> None:
    pair = issue_wildcard_pair(ca(), unit.subdomain, now=datetime.now(UTC), key_type="rsa")
    look.put_in_use(unit, *pem(pair))
    boxes.wait_for(lambda: codes(unit.check().before) == [], "it is not taken as usable", 5)


BAD_STORES = [
    ("\n[iot.box]\ntoken = twice\n", CodeName.STORE_MALFORMED, "section is there already"),
    ("\nno equals sign here\n", CodeName.STORE_MALFORMED, "line"),
]


@on("rw_ini", "ro_ini")
@pytest.mark.parametrize(("added", "code", "evidence"), BAD_STORES)
def test_store_that_odoo_cannot_read_is_named_and_not_touched(
    unit: Unit, added: str, code: CodeName, evidence: str
) -> None:
    with edited(unit, CONF, lambda text: text + added) as spoiled:
        result = unit.reconcile()
        # newer branches read the file every few seconds, and their manager dies of it
        assert [name for name in names(result.before) if name != CodeName.ODOO_MANAGER_DEAD] == [code]
        assert evidence in result.before[0].evidence
        assert not result.changed
        assert unit.box.read(CONF) == spoiled


@on("ro_ini")
def test_single_per_cent_sign_is_mended_where_it_is_special(unit: Unit) -> None:
    with edited(unit, CONF, lambda text: text.replace("enterprise_code = ", "enterprise_code = 100%")):
        assert CodeName.STORE_WARNING in names(unit.check().before)
        assert codes(unit.reconcile().after) == []


@on("rw_ini")
def test_single_per_cent_sign_is_only_another_value_where_it_is_literal(unit: Unit) -> None:
    with edited(unit, CONF, lambda text: text.replace("enterprise_code = ", "enterprise_code = 100%")):
        assert names(unit.check().before) == [CodeName.CREDENTIALS_DIFFER]
        assert codes(unit.reconcile().after) == []


@on("rw_ini", "ro_ini")
def test_missing_options_section_is_a_warning_that_is_left_to_a_person(unit: Unit) -> None:
    with edited(unit, CONF, lambda text: text[text.index("[iot.box]") :]) as spoiled:
        result = unit.reconcile()
        assert names(result.after) == [CodeName.STORE_WARNING]
        assert "[options]" in result.after[0].evidence
        assert unit.box.read(CONF) == spoiled


@on("ro_flat")
@pytest.mark.parametrize(
    ("ending", "expected"),
    [("", []), ("\n", []), ("\r\n", []), (" \n", [CodeName.STORE_WARNING, CodeName.CREDENTIALS_DIFFER])],
)
def test_flat_value_is_read_as_the_box_reads_it(unit: Unit, ending: str, expected: list[CodeName]) -> None:
    with edited(unit, "/home/pi/odoo-db-uuid.conf", lambda text: text.strip() + ending):
        assert names(unit.check().before) == expected
        assert codes(unit.reconcile().after) == []


@on("rw_ini", "ro_flat")
def test_no_room_in_memory_is_named_and_nothing_is_written(unit: Unit) -> None:
    due = look.due(unit)
    unit.box.shell("dd if=/dev/zero of=/etc/filler bs=64k", check=False)
    try:
        result = unit.reconcile()
        assert CodeName.DISK_FULL in names(result.after)
        assert "/etc in memory has 0.0 MiB free" in " ".join(each.evidence for each in result.after)
        assert not result.changed
        assert set(look.whole(unit).values()) == {due}
    finally:
        unit.box.shell("rm /etc/filler")
    assert codes(unit.reconcile().after) == []


@on("rw_ini", "ro_flat")
def test_nginx_configuration_broken_by_hand_is_named_and_the_pair_is_left(unit: Unit) -> None:
    site = unit.box.shell("grep -lr ssl_certificate_key /etc/nginx/conf.d /etc/nginx/sites-enabled").split()[0]
    due = unit.pair(days=3)
    look.plant(unit, due.certificate_pem, due.private_key_pem)
    with edited(unit, site, lambda text: text + "\nserver { this is no directive\n"):
        result = unit.reconcile()
        assert CodeName.NGINX_CONFIG_BROKEN in names(result.after)
        assert set(look.whole(unit).values()) == {look.fingerprint(due.certificate_pem)}
        assert look.answers(unit, 80)
    assert codes(unit.reconcile().after) == []


@on("rw_ini")
def test_old_python_is_named(unit: Unit) -> None:
    pretend = "import sys; sys.version_info = (3, 7, 3); sys.version = '3.7.3 (old)'; exec(sys.argv[1])"
    request = unit.request(Mode.CHECK)
    done = unit.box.exec(["python3", "-I", "-c", pretend, BOOTSTRAP], input=message(request))
    result = reply.read(done.stdout.encode(), request, datetime.now(UTC), done.stderr)
    assert names(result.after) == [CodeName.UNSUPPORTED_PYTHON]
    assert "3.7.3" in result.after[0].evidence
    assert result.failed


@pytest.mark.parametrize("version", ["3.6", "3.7", "3.8", "3.9", "3.10"])
@on("rw_ini")
def test_bootstrap_in_a_real_old_python_says_so(unit: Unit, version: str) -> None:
    python = _python(version)
    if python is None:
        pytest.skip(f"there is no Python {version} here, which is fine")
    request = unit.request(Mode.CHECK)
    done = subprocess.run([python, "-I", "-c", BOOTSTRAP], input=message(request), capture_output=True, check=True)
    result = reply.read(done.stdout, request, datetime.now(UTC))
    assert names(result.after) == [CodeName.UNSUPPORTED_PYTHON]
    assert f"Python {version}." in result.after[0].evidence


def test_bootstrap_is_valid_syntax_for_every_python_3_that_boxes_ever_had() -> None:
    ast.parse(BOOTSTRAP, feature_version=(3, 5))


@contextmanager
def edited(unit: Unit, path: str, change: Callable[[str], str]) -> Iterator[str]:
    """A file of the box with a change in it, for a moment; on the disk, too, if it lies below /etc."""
    before = unit.box.read(path)
    after = change(before)
    assert after.strip() or not before.strip()
    _write(unit, path, after)
    try:
        yield after
    finally:
        _write(unit, path, before)


def _write(unit: Unit, path: str, text: str) -> None:
    script = 'mount -o remount,rw /; mount -o remount,rw /root_bypass_ramdisks; cat > "$1"'
    unit.box.exec(["unshare", "-m", "sh", "-c", script, "sh", path], input=text)


def _python(version: str) -> str | None:
    managed = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python3"))
    return str(managed[-1]) if managed else shutil.which(f"python{version}")
