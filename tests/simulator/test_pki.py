"""The test authority: what it signs is accepted where it should be, and refused where it should not."""

from __future__ import annotations

import datetime as dt
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

from iotbox_simulator import pki

NOW = dt.datetime.now(dt.UTC)
HASH = "111111112222"
BOX = f"192-168-1-50.{HASH}.odoo-iot.com"
AUTHORITY = pki.make_authority("Test", now=NOW)


def strict_client(root_pem: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=root_pem)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def handshake(pair: pki.Pair, name: str, root_pem: str, folder: Path) -> None:
    """A whole handshake in memory; raises what the client would see."""
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (folder / "crt").write_text(pair.certificate_pem)
    (folder / "key").write_text(pair.private_key_pem)
    server_context.load_cert_chain(folder / "crt", folder / "key")
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = strict_client(root_pem).wrap_bio(to_client, to_server, server_hostname=name)
    server = server_context.wrap_bio(to_server, to_client, server_side=True)
    finished: set[ssl.SSLObject] = set()
    while len(finished) < 2:
        for side in (client, server):
            try:
                side.do_handshake()
                finished.add(side)
            except ssl.SSLWantReadError:
                continue


def leaf(pair: pki.Pair) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pair.certificate_pem.encode())


@pytest.mark.parametrize("key_type", ["ec", "rsa"])
@pytest.mark.parametrize("name", [BOX, f"{HASH}.odoo-iot.com"])
def test_wildcard_pair_passes_strict_verification(key_type: pki.KeyType, name: str, tmp_path: Path) -> None:
    handshake(pki.issue_wildcard_pair(AUTHORITY, HASH, now=NOW, key_type=key_type), name, AUTHORITY.root_pem, tmp_path)


def test_authority_without_intermediate_signs_with_its_root(tmp_path: Path) -> None:
    authority = pki.make_authority("Flat", now=NOW, intermediate=False)
    pair = pki.issue_server_pair(authority, ["127.0.0.1"], now=NOW)
    assert authority.chain_pem == ""
    handshake(pair, "127.0.0.1", authority.root_pem, tmp_path)


BAD = {
    "leaf without its chain": (pki.issue_wildcard_pair(AUTHORITY, HASH, now=NOW, include_chain=False), BOX),
    "name of another customer": (pki.issue_wildcard_pair(AUTHORITY, "222222223333", now=NOW), BOX),
    "expired": (
        pki.issue_wildcard_pair(
            AUTHORITY, HASH, now=NOW, not_before=NOW - dt.timedelta(days=90), not_after=NOW - dt.timedelta(days=1)
        ),
        BOX,
    ),
    "signed by a stranger": (pki.issue_wildcard_pair(pki.make_authority("Stranger", now=NOW), HASH, now=NOW), BOX),
    "temporary": (pki.temporary_pair(), BOX),
}


@pytest.mark.parametrize(("pair", "name"), BAD.values(), ids=BAD.keys())
def test_a_client_refuses(pair: pki.Pair, name: str, tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(pair, name, AUTHORITY.root_pem, tmp_path)


def test_wildcard_pair_says_what_is_in_its_certificate() -> None:
    pair = pki.issue_wildcard_pair(AUTHORITY, HASH, now=NOW)
    names = leaf(pair).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert pair.subject == f"*.{HASH}.odoo-iot.com"
    assert names.get_values_for_type(x509.DNSName) == [pair.subject, f"{HASH}.odoo-iot.com"]
    assert leaf(pair).not_valid_after_utc == (NOW + pki.LIFETIME).replace(microsecond=0)
    assert pair.certificate_pem.count("BEGIN CERTIFICATE") == 2


def test_mismatched_pair_keeps_the_certificate_and_changes_the_key() -> None:
    pair = pki.issue_wildcard_pair(AUTHORITY, HASH, now=NOW)
    other = pki.mismatched(pair)
    assert other.certificate_pem == pair.certificate_pem
    assert public_key_of(other) != leaf(other).public_key().public_bytes(*SPKI)
    assert public_key_of(pair) == leaf(pair).public_key().public_bytes(*SPKI)


def test_temporary_pair_looks_like_that_of_a_new_box() -> None:
    certificate = leaf(pki.temporary_pair())
    assert certificate.subject == certificate.issuer
    assert certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "OdooTempIoTBoxCertificate"
    assert certificate.serial_number == 0xC0B0B3AE1A2B7225
    assert certificate.not_valid_before_utc == dt.datetime(2018, 9, 28, 16, 23, 43, tzinfo=dt.UTC)
    assert certificate.not_valid_after_utc == dt.datetime(2118, 9, 4, 16, 23, 43, tzinfo=dt.UTC)
    assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    with pytest.raises(x509.ExtensionNotFound):
        certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)


SPKI = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def public_key_of(pair: pki.Pair) -> bytes:
    key = serialization.load_pem_private_key(pair.private_key_pem.encode(), password=None)
    return key.public_key().public_bytes(*SPKI)
