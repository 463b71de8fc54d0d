"""A certificate authority for tests: every pair a box can be handed, good or bad, as PEM text.

It stands in for the public authority behind `*.odoo-iot.com` and for the one behind www.odoo.com. Only calls that
exist since cryptography 36.0.2 are used, because the same code builds the box images. The key identifiers and key
usages are there because Python 3.13 verifies strictly and refuses a chain without them.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

KeyType = Literal["ec", "rsa"]
PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Dates: TypeAlias = tuple[dt.datetime, dt.datetime]
"""From when to when."""

LIFETIME = dt.timedelta(days=90)
"""Lifetime seen on real boxes' certificates."""
BACKDATED = dt.timedelta(hours=1)
"""Public authorities backdate by an hour, so that a slightly slow clock accepts a new certificate."""
TEMPORARY_NAME = "OdooTempIoTBoxCertificate"
TEMPORARY_SERIAL = 0xC0B0B3AE1A2B7225


@dataclass(frozen=True)
class Pair:
    """A certificate (leaf first, then its chain if asked for) and its private key, as PEM text."""

    certificate_pem: str
    private_key_pem: str
    subject: str
    not_before: dt.datetime
    not_after: dt.datetime


@dataclass(frozen=True)
class TestAuthority:
    """What signs: `root_pem` goes into trust stores, `chain_pem` behind a leaf (empty without an intermediate)."""

    root_pem: str
    chain_pem: str
    issuer_pem: str
    issuer_key_pem: str

    __test__ = False  # the name starts with Test: pytest would collect it


def make_authority(
    name: str, *, now: dt.datetime, intermediate: bool = True, key_type: KeyType = "ec", dated: Dates | None = None
) -> TestAuthority:
    """Make a root, and an intermediate below it unless told otherwise, both valid for ten years.

    Args:
        dated: of the intermediate, where it is to be another.
    """
    root_key = _new_key(key_type)
    root = _sign_authority(f"{name} Root", root_key, None, root_key, now, path_length=1)
    root_only = TestAuthority(_pem(root), "", _pem(root), _key_pem(root_key))
    if not intermediate:
        return root_only
    key = _new_key(key_type)
    below = _sign_authority(f"{name} R1", key, root, root_key, now, path_length=0, dated=dated)
    return replace(root_only, chain_pem=_pem(below), issuer_pem=_pem(below), issuer_key_pem=_key_pem(key))


def cross_signed(authority: TestAuthority, by: TestAuthority, *, dated: Dates) -> str:
    """Return the root of an authority as another, older one vouches for it, as PEM."""
    root = x509.load_pem_x509_certificate(authority.root_pem.encode())
    older = x509.load_pem_x509_certificate(by.root_pem.encode())
    identifier = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = (
        x509.CertificateBuilder(older.subject, root.subject, root.public_key(), x509.random_serial_number(), *dated)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(_authority_identifier(older), critical=False)
    )
    return _pem(builder.sign(_load_key(by.issuer_key_pem), hashes.SHA256()))


def issue_server_pair(
    authority: TestAuthority,
    names: Sequence[str],
    *,
    now: dt.datetime,
    not_before: dt.datetime | None = None,
    not_after: dt.datetime | None = None,
    key_type: KeyType = "ec",
    include_chain: bool = True,
    common_name: bool = True,
) -> Pair:
    """Issue a pair for host names or addresses; the first is the subject, unless there is to be no common name."""
    starts = not_before or now - BACKDATED
    ends = not_after or now + LIFETIME
    key = _new_key(key_type)
    issuer = x509.load_pem_x509_certificate(authority.issuer_pem.encode())
    builder = (
        _builder(subject_of(names[0]) if common_name else x509.Name([]), issuer.subject, key, starts, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([general_name(name) for name in names]), critical=not common_name)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_authority_identifier(issuer), critical=False)
    )
    leaf = builder.sign(_load_key(authority.issuer_key_pem), hashes.SHA256())
    text = _pem(leaf) + (authority.chain_pem if include_chain else "")
    return Pair(text, _key_pem(key), names[0], starts, ends)


def issue_wildcard_pair(
    authority: TestAuthority,
    subdomain: str,
    *,
    now: dt.datetime,
    not_before: dt.datetime | None = None,
    not_after: dt.datetime | None = None,
    key_type: KeyType = "ec",
    include_chain: bool = True,
    common_name: bool = True,
) -> Pair:
    """Issue the pair of one database: subject `*.<subdomain>.odoo-iot.com`, the bare domain beside it."""
    domain = f"{subdomain}.odoo-iot.com"
    return issue_server_pair(
        authority,
        [f"*.{domain}", domain],
        now=now,
        not_before=not_before,
        not_after=not_after,
        key_type=key_type,
        include_chain=include_chain,
        common_name=common_name,
    )


def mismatched(pair: Pair, *, key_type: KeyType = "ec") -> Pair:
    """The same certificate beside a key that does not belong to it."""
    return replace(pair, private_key_pem=_key_pem(_new_key(key_type)))


def temporary_pair() -> Pair:
    """A look-alike of the pair that every new box carries: self-signed, without names, valid until 2118."""
    starts = dt.datetime(2018, 9, 28, 16, 23, 43, tzinfo=dt.UTC)
    ends = dt.datetime(2118, 9, 4, 16, 23, 43, tzinfo=dt.UTC)
    key = _new_key("rsa")
    fields = [
        (NameOID.COUNTRY_NAME, "BE"),
        (NameOID.STATE_OR_PROVINCE_NAME, "Brabant-Wallon"),
        (NameOID.LOCALITY_NAME, "Grand-Rosi\u00c3\u00a8re"),  # mis-encoded on the real one, too
        (NameOID.ORGANIZATION_NAME, "OdooIoT"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, "IoT"),
        (NameOID.COMMON_NAME, TEMPORARY_NAME),
    ]
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in fields])
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = (
        _builder(name, name, key, starts, ends, serial=TEMPORARY_SERIAL)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier(identifier.digest, None, None), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=False)
    )
    return Pair(_pem(builder.sign(key, hashes.SHA256())), _key_pem(key), TEMPORARY_NAME, starts, ends)


def _sign_authority(
    name: str,
    key: PrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: PrivateKey,
    now: dt.datetime,
    *,
    path_length: int,
    dated: Dates | None = None,
) -> x509.Certificate:
    subject = subject_of(name)
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    above = _authority_identifier(issuer) if issuer else x509.AuthorityKeyIdentifier(own.digest, None, None)
    start, end = dated or (now - dt.timedelta(days=1), now + dt.timedelta(days=3650))
    builder = (
        _builder(subject, issuer.subject if issuer else subject, key, start, end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .add_extension(own, critical=False)
        .add_extension(above, critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: PrivateKey,
    not_before: dt.datetime,
    not_after: dt.datetime,
    *,
    serial: int | None = None,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
    )


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _authority_identifier(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def subject_of(name: str) -> x509.Name:
    """Return a subject that has nothing but a common name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def general_name(name: str) -> x509.GeneralName:
    """Return a name for the extension of names: an address, or a name of DNS."""
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _new_key(key_type: KeyType) -> PrivateKey:
    if key_type == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def _load_key(pem: str) -> PrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)):
        raise TypeError(f"the test authority signs with EC or RSA keys, not {type(key).__name__}")
    return key


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _key_pem(key: PrivateKey) -> str:
    pkcs8 = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, pkcs8, serialization.NoEncryption()).decode()
