"""Credentials of a box on their way to one request: sealed there, so that a reply never has them in clear.

A reply is read, kept and shown by many parts of this program. What it carries for `adopt` is therefore encrypted to a
key that is made for one request and never leaves the memory of who asked: X25519, HKDF with SHA-256, AES-256-GCM, the
pattern of RFC 9180. A text of one length for every box tells nothing by its length.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Callable
from typing import Any, Final

from .errors import PermanentFailure
from .observed import Store
from .reveal import reveal
from .secret import Secret

LONGEST: Final = 200
"""Bytes of a value in JSON; a UUID has 38, and a contract some 15."""
_ROOM: Final = 512
"""Bytes of every text that is sealed, for two values of the greatest length and their names."""
_KEY: Final = 32
_LABEL: Final = b"iot-https sealed credentials 1"
_NONCE: Final = bytes(12)
"""Each key encrypts once, so it needs no other nonce."""
LONGEST_SEALED: Final = 4 * ((_ROOM + _KEY + 16 + 2) // 3)
"""Characters of a sealed text: those of every one."""


class NotOpened(PermanentFailure):
    """What came is no sealed text for this key."""


def seal(values: dict[str, Secret], public_key: str, random: Callable[[int], bytes] = os.urandom) -> str:
    """Return values as a text that only the holder of a key can read.

    Args:
        values: by name; one that is longer than `LONGEST` is left out.
        public_key: of the request, in Base64.

    Raises:
        ValueError: the key is none.
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    kept = {name: reveal(value) for name, value in values.items()}
    text = json.dumps({name: value for name, value in kept.items() if len(json.dumps(value)) <= LONGEST}).encode()
    theirs = base64.b64decode(public_key, validate=True)
    ours = X25519PrivateKey.from_private_bytes(random(_KEY))
    mine = _public(ours)
    key = _key(ours.exchange(X25519PublicKey.from_public_bytes(theirs)), mine + theirs)
    return base64.b64encode(mine + AESGCM(key).encrypt(_NONCE, text.ljust(_ROOM), None)).decode("ascii")


def sealed_credentials(store: Store, public_key: str) -> str:
    """Return the database UUID and enterprise code that a box keeps, sealed. The token is never among them.

    Raises:
        ValueError: the key is none.
    """
    kept = {"db_uuid": store.db_uuid, "enterprise_code": store.enterprise_code}
    return seal({name: each for name, each in kept.items() if each}, public_key)


class Opener:
    """The key of one request.

    Args:
        random: gives so many random bytes.
    """

    def __init__(self, random: Callable[[int], bytes] = os.urandom) -> None:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        self._private = X25519PrivateKey.from_private_bytes(random(_KEY))

    @property
    def public_key(self) -> str:
        """What the request carries, in Base64."""
        return base64.b64encode(_public(self._private)).decode("ascii")

    def open(self, sealed: str) -> dict[str, Secret]:
        """Return the values that a box sealed.

        Raises:
            NotOpened: it is not sealed to this key, or holds something else; no text of the other side is told.
        """
        try:
            values = json.loads(self._decrypted(base64.b64decode(sealed, validate=True)))
        except (ValueError, RecursionError, binascii.Error):
            raise NotOpened("what the box sealed cannot be opened") from None
        if not isinstance(values, dict) or not all(_is_value(each) for each in values.values()):
            raise NotOpened("what the box sealed is not what was asked for")
        return {str(name): Secret(value) for name, value in values.items()}

    def _decrypted(self, raw: bytes) -> bytes:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        theirs = raw[:_KEY]
        try:
            key = _key(
                self._private.exchange(X25519PublicKey.from_public_bytes(theirs)), theirs + _public(self._private)
            )
            return AESGCM(key).decrypt(_NONCE, raw[_KEY:], None)
        except InvalidTag:
            raise ValueError("another key") from None


def _public(private: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    raw: bytes = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return raw


def _key(shared: bytes, keys: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_LABEL + keys).derive(shared)


def _is_value(value: object) -> bool:
    return isinstance(value, str) and len(json.dumps(value)) <= LONGEST
