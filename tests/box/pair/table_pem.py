"""Forms in which people and programs leave a certificate and a key: which of them OpenSSL, and so nginx, loads.

A row is a change of a good pair. Without `problem` it is loaded; `why` is a part of what a person reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat

from iotbox_simulator.pki import Pair, issue_wildcard_pair, mismatched
from reconciler.model.observed import PairProblem

from ...support import runs
from ...support.certificates import issue

Files = tuple[bytes, bytes]
Change = Callable[[bytes], bytes]
MALFORMED, KEY_MALFORMED = PairProblem.CERTIFICATE_MALFORMED, PairProblem.KEY_MALFORMED


@dataclass(frozen=True)
class Form:
    """`made`: the two files out of those of a good pair."""

    title: str
    made: Callable[[bytes, bytes], Files]
    problem: PairProblem | None = None
    why: str = ""


@cache
def good() -> Pair:
    """Return a pair with a chain of two and a key on a curve."""
    return issue_wildcard_pair(runs.CA, "d73e7513", now=runs.NOW)


def files(form: Form) -> Files:
    """Return certificate and key in this form."""
    return form.made(good().certificate_pem.encode(), good().private_key_pem.encode())


def both(change: Change) -> Callable[[bytes, bytes], Files]:
    """Change both files alike."""
    return lambda certificate, key: (change(certificate), change(key))


def certificate(change: Change) -> Callable[[bytes, bytes], Files]:
    """Change the certificate's file."""
    return lambda pem, key: (change(pem), key)


def key(change: Change) -> Callable[[bytes, bytes], Files]:
    """Change the key's file."""
    return lambda pem, own: (pem, change(own))


def leaf_in(encoding: Encoding) -> Change:
    """Return the leaf alone, in another format."""
    return lambda pem: x509.load_pem_x509_certificate(pem).public_bytes(encoding)


def key_as(form: PrivateFormat, password: bytes | None = None, encoding: Encoding = Encoding.PEM) -> Change:
    """Return the key in another container."""
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password is not None:
        protection = serialization.BestAvailableEncryption(password)
    return lambda pem: serialization.load_pem_private_key(pem, None).private_bytes(encoding, form, protection)


def weak(_: bytes, __: bytes) -> Files:
    """Return a pair whose key is too short for the security level of Debian's OpenSSL, of nginx and of clients."""
    own = issue("*.d73e7513.odoo-iot.com", key=rsa.generate_private_key(65537, 1024))  # noqa: S505 - on purpose
    return own.pem, own.key_pem


def joined(pem: bytes) -> bytes:
    """Put one certificate behind the other as `cat` does where the first file does not end its line."""
    return pem.replace(b"-----\n-----BEGIN", b"----------BEGIN")


def indented(pem: bytes) -> bytes:
    """Copy out of a block of YAML, spaces included."""
    return re.sub(rb"(?m)^", b"  ", pem)


def with_header(pem: bytes) -> bytes:
    """Put a header into the first block, as RFC 1421 has it and no CA does."""
    return pem.replace(b"-----\n", b"-----\nComment: shop\n\n", 1)


def one_long_line(pem: bytes) -> bytes:
    """Take the line breaks out of the base64, as a web form does."""
    return re.sub(rb"(?<![-])\n(?!-)", b"", pem)


def named(name: bytes) -> Change:
    """Give the blocks another of the names that OpenSSL knows."""
    return lambda pem: pem.replace(b" CERTIFICATE-----", b" " + name + b"-----")


PARAMETERS = b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
OTHER = b"-----BEGIN NOTE-----\nAAAA\n-----END NOTE-----\n"
UNCODED = b"-----BEGIN NOTE-----\n!!!!\n-----END NOTE-----\n"
CUT = b"-----BEGIN EC PRIVATE KEY-----\nAAAA\n"
SEC1, PKCS8 = PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8

LOADED = (
    Form("as it is issued", both(bytes)),
    Form("CR LF", both(lambda pem: pem.replace(b"\n", b"\r\n"))),
    Form("byte order mark", both(lambda pem: b"\xef\xbb\xbf" + pem)),
    Form("blanks at the end of each line", both(lambda pem: pem.replace(b"\n", b" \t\n"))),
    Form("no line break at the end", both(bytes.rstrip)),
    Form("base64 on one line", both(one_long_line)),
    Form("text before", both(lambda pem: b"Bag Attributes\n  friendlyName: till\n" + pem)),
    Form("text between", certificate(lambda pem: pem.replace(b"-----\n-----B", b"-----\n\n  subject: x\n-----B"))),
    Form("text behind", both(lambda pem: pem + b"this is the new one")),
    Form("NUL bytes behind", both(lambda pem: pem + b"\0" * 512)),
    Form("300 KiB of text behind", both(lambda pem: pem + b"#" * (300 << 10))),
    Form("300 KiB of text before", both(lambda pem: b"#" * (300 << 10) + b"\n" + pem)),
    Form("text of one read before", certificate(lambda pem: b"#" * 254 + pem)),
    Form("TRUSTED CERTIFICATE", certificate(named(b"TRUSTED CERTIFICATE"))),
    Form("X509 CERTIFICATE", certificate(named(b"X509 CERTIFICATE"))),
    Form("another block before", both(lambda pem: OTHER + pem)),
    Form("another block behind", both(lambda pem: pem + OTHER)),
    Form("leaf alone", certificate(leaf_in(Encoding.PEM))),
    Form("key in the certificate's file", lambda pem, own: (pem + own, own)),
    Form("certificate in the key's file", lambda pem, own: (pem, pem + own)),
    Form("one file for both, key first", lambda pem, own: (own + pem, own + pem)),
    Form("key as SEC 1", key(key_as(SEC1))),
    Form("key behind the parameters of its curve", key(lambda pem: PARAMETERS + key_as(SEC1)(pem))),
    Form("two keys, its own first", key(lambda pem: pem + mismatched(good()).private_key_pem.encode())),
)
REFUSED = (
    Form("joined without a line break", certificate(joined), MALFORMED, "joined without a line break (line "),
    Form("certificate indented", certificate(indented), MALFORMED, "indented (line 1)"),
    Form("key indented", key(indented), KEY_MALFORMED, "indented (line 1)"),
    Form("CR alone", certificate(lambda pem: pem.replace(b"\n", b"\r")), MALFORMED, "CR alone"),
    Form("key with CR alone", key(lambda pem: pem.replace(b"\n", b"\r")), KEY_MALFORMED, "CR alone"),
    Form("header inside", certificate(with_header), MALFORMED, "headers inside"),
    Form("word before the leaf", certificate(lambda pem: b"leaf: " + pem), PairProblem.KEY_MISMATCH, "before -----BEG"),
    Form(
        "word before the only", certificate(lambda pem: b"leaf: " + leaf_in(Encoding.PEM)(pem)), MALFORMED, "(line 1)"
    ),
    Form("word before the key", key(lambda pem: b"key: " + pem), KEY_MALFORMED, "text before -----BEGIN"),
    Form("cut off", certificate(lambda pem: pem[:400]), MALFORMED, "cut off"),
    Form("chain cut off", certificate(lambda pem: pem[:-100]), MALFORMED, "cut off"),
    Form("a beginning behind", certificate(lambda pem: pem + b"-----BEGIN CERTIFICATE-----\n"), MALFORMED, "cut off"),
    Form("another block that is not base64", certificate(lambda pem: pem + UNCODED), MALFORMED, "decoded"),
    Form("base64 of nothing", certificate(lambda pem: OTHER.replace(b"NOTE", b"CERTIFICATE")), MALFORMED, "decoded"),
    Form("DER", certificate(leaf_in(Encoding.DER)), MALFORMED, "is DER"),
    Form("key as DER", key(key_as(PKCS8, encoding=Encoding.DER)), KEY_MALFORMED, "is DER"),
    Form("empty", certificate(lambda _: b""), MALFORMED, "is empty"),
    Form("key empty", key(lambda _: b""), KEY_MALFORMED, "is empty"),
    Form("blank", certificate(lambda _: b" \n\n"), MALFORMED, "is empty"),
    Form("NUL bytes", certificate(lambda pem: bytes(len(pem))), MALFORMED, "NUL bytes"),
    Form("key of NUL bytes", key(lambda pem: bytes(len(pem))), KEY_MALFORMED, "NUL bytes"),
    Form("key in place of the certificate", lambda _, own: (own, own), MALFORMED, "no such PEM block"),
    Form("certificate in place of the key", lambda pem, _: (pem, pem), KEY_MALFORMED, "no such PEM block"),
    Form("key behind one that is cut off", key(lambda pem: CUT + pem), KEY_MALFORMED, "cut off"),
    Form("RSA of 1024 bits", weak, MALFORMED, "key too small"),
    Form("key encrypted", key(key_as(PKCS8, b"password")), PairProblem.KEY_ENCRYPTED, "password"),
    Form("key encrypted as of old", key(key_as(SEC1, b"password")), PairProblem.KEY_ENCRYPTED, "password"),
    Form("key of another pair", key(lambda _: mismatched(good()).private_key_pem.encode()), PairProblem.KEY_MISMATCH),
    Form(
        "key of another kind",
        key(lambda _: mismatched(good(), key_type="rsa").private_key_pem.encode()),
        PairProblem.KEY_MISMATCH,
    ),
    Form(
        "two keys, its own behind",
        key(lambda pem: mismatched(good()).private_key_pem.encode() + pem),
        PairProblem.KEY_MISMATCH,
    ),
)
FORMS = (*LOADED, *REFUSED)
