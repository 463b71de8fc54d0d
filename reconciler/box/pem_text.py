"""The blocks of PEM in a file that anybody may have written, found in time that grows with the file and no faster."""

from __future__ import annotations

import re

BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
_BEGIN_KEY = re.compile(rb"-----BEGIN ((?:RSA |EC |DSA )?PRIVATE KEY)-----\s")
_DER_SEQUENCE = b"\x30"


def certificate_blocks(pem: bytes) -> list[bytes]:
    """Return each block to its END line. A regular expression would look through the rest again for every BEGIN."""
    blocks, at = [], 0
    while (begin := pem.find(BEGIN, at)) >= 0 and (end := pem.find(_END, begin)) >= 0:
        at = end + len(_END)
        blocks.append(pem[begin:at])
    return blocks


def key_block(pem: bytes) -> bytes | None:
    """Return the first block of a key that has its END line."""
    endless = set()
    for begin in _BEGIN_KEY.finditer(pem):
        if begin[1] in endless:
            continue
        last_line = b"-----END " + begin[1] + b"-----"
        end = pem.find(last_line, begin.end())
        if end >= 0:
            return pem[begin.start() : end + len(last_line)]
        endless.add(begin[1])
    return None


def why_no_certificate(pem: bytes) -> str:
    """Say why there is no block of a certificate."""
    return _why_no_block(pem, BEGIN)


def why_no_key(pem: bytes) -> str:
    """Say why there is no block of a private key."""
    return _why_no_block(pem, b"PRIVATE KEY-----")


def _why_no_block(content: bytes, begin: bytes) -> str:
    if not content.strip():
        return "the file is empty"
    if content.startswith(_DER_SEQUENCE):
        return "the file is DER, nginx needs PEM"
    if begin in content:
        return "a PEM block has no END line: the file is cut off"
    return "the file holds no such PEM block"
