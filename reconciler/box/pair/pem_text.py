"""PEM in a file that anybody may have written: the blocks as OpenSSL finds them, and why it does not find them.

OpenSSL decides whether a file is loaded (`openssl.py`); this reads the same certificates out of it. Both go through the
file once: time grows with its length and no faster.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from itertools import pairwise

from ...model.statement import Statement, say

_CERTIFICATES = (b"CERTIFICATE", b"X509 CERTIFICATE")
_FIRST = (*_CERTIFICATES, b"TRUSTED CERTIFICATE")
"""Names of blocks that OpenSSL takes for a certificate, the last one only where the leaf is looked for."""
_BEGIN, _END, _DASHES = b"-----BEGIN ", b"-----END ", b"-----"
_LINE_FEED = b"\n"
_LINE = 254
"""Bytes that OpenSSL reads at a time; the rest of a longer line is a line of its own to it."""
_BLANK = bytes(range(33))
_DER_SEQUENCE = b"\x30"
_SHORT_LENGTH = 0x7F
_INDENTED = re.compile(rb"^[ \t]+-----BEGIN ", re.MULTILINE)
_JOINED = re.compile(rb"-----END [^-\r\n]*-----+BEGIN ")
_TEXT_BEFORE = re.compile(rb"^[^\r\n-][^\r\n]*-----BEGIN ", re.MULTILINE)


def certificates(pem: bytes) -> list[bytes]:
    """Return the DER of each certificate in a file that OpenSSL loads, the leaf first.

    Raises:
        ValueError: a block is no base64 or no DER.
    """
    found: list[bytes] = []
    for name, content in _blocks(pem):
        if name in (_CERTIFICATES if found else _FIRST):
            found.append(_first_element(_decoded(content)))
    return found


def why_no_certificate(pem: bytes) -> Statement:
    """Say why OpenSSL loads no certificate from a file, and where to look."""
    return _why(pem, b" CERTIFICATE-----") or say("undecodable_certificate")


def why_no_key(pem: bytes) -> Statement:
    """Say the same of a private key."""
    return _why(pem, b"PRIVATE KEY-----") or say("undecodable_key")


def _blocks(pem: bytes) -> Iterator[tuple[bytes, list[bytes]]]:
    name, content = b"", list[bytes]()
    for line in _lines(pem):
        if not name and line.startswith(_BEGIN) and line.endswith(_DASHES):
            name, content = line[len(_BEGIN) : -len(_DASHES)], []
        elif name and line.startswith(_END):
            yield name, content
            name = b""
        elif name:
            content.append(line)


def _lines(pem: bytes) -> Iterator[bytes]:
    # a byte order mark is passed over since OpenSSL 3.0
    for line in pem.removeprefix(b"\xef\xbb\xbf").split(_LINE_FEED):
        for at in range(0, len(line) or 1, _LINE):
            yield line[at : at + _LINE].rstrip(_BLANK)


def _decoded(content: list[bytes]) -> bytes:
    try:
        return b64decode(b"".join(content), validate=False)
    except binascii.Error as error:
        raise ValueError(str(error)) from None


def _first_element(der: bytes) -> bytes:
    """Return a DER element without what follows: trust settings, or anything else that OpenSSL does not look at."""
    if not der.startswith(_DER_SEQUENCE) or not der[1:]:
        raise ValueError("no DER sequence")
    size, after = der[1], 2
    if size > _SHORT_LENGTH:
        after += size & _SHORT_LENGTH
        size = int.from_bytes(der[2:after], "big")
    return der[: after + size]


def _why(content: bytes, name: bytes) -> Statement | None:
    if not content.strip():
        return say("pem_empty")
    if not content.strip(b"\0"):
        return say("pem_nul", count=len(content))
    if content.startswith(_DER_SEQUENCE) and _BEGIN not in content:
        return say("pem_der")
    if name not in content:
        return say("pem_no_block")
    return why_passed_over(content) or _why_cut_off(content)


def why_passed_over(content: bytes) -> Statement | None:
    """Say why OpenSSL does not see a block that a person sees: it must begin with its line."""
    if b"\r" in content and b"\n" not in content:
        return say("pem_cr")
    says = {_JOINED: "pem_joined", _INDENTED: "pem_indented", _TEXT_BEFORE: "pem_text_before"}
    for pattern, name in says.items():
        if found := pattern.search(content):
            return Statement(name, {"line": content[: found.end()].count(_LINE_FEED) + 1})
    return None


def _why_cut_off(content: bytes) -> Statement | None:
    ends = [line.startswith(_END) for line in _lines(content) if line.startswith((_BEGIN, _END))]
    if not ends or not ends[-1] or any(not first and not second for first, second in pairwise(ends)):
        return say("pem_cut_off")
    if any(b":" in line for _, block in _blocks(content) for line in block):
        return say("pem_headers")
    return None
