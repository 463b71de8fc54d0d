"""Decrypt each distinct vaulted text once: its key costs milliseconds, and a fleet repeats few texts many times.

Plain texts are kept in memory while an inventory is read, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ansible.parsing.vault import AnsibleVaultError, VaultLib

from .inner import with_marks_of, without_marks


@contextmanager
def each_text_once() -> Iterator[None]:
    """Remember what Ansible decrypts, and what it cannot decrypt, while this is open."""
    known: dict[bytes, bytes | AnsibleVaultError] = {}
    real = VaultLib.decrypt

    def decrypt(self: Any, vaulttext: Any) -> Any:
        text = vaulttext if isinstance(vaulttext, bytes) else str(vaulttext).encode()
        key = bytes(text)
        if key not in known:
            known[key] = _tried(real, self, vaulttext)
        found = known[key]
        if isinstance(found, AnsibleVaultError):
            # With the place of this text, not of the first like it.
            raise type(found)(str(found), obj=vaulttext)
        return with_marks_of(vaulttext, found)

    VaultLib.decrypt = decrypt
    try:
        yield
    finally:
        VaultLib.decrypt = real
        known.clear()


def _tried(real: Any, vault: Any, vaulttext: Any) -> bytes | AnsibleVaultError:
    try:
        return without_marks(real(vault, vaulttext))
    except AnsibleVaultError as error:
        return error
