"""Encrypt a value for the vault as `ansible-vault encrypt_string` does, in memory alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible import constants
from ansible.parsing.vault import VaultLib

from ..model.fields import TEMPLATE
from ..model.names import shown
from ..model.reveal import reveal
from ..model.secret import Secret
from . import reasons
from .errors import InventoryError
from .loader import Loader
from .vault import VaultOptions, open_vault

_OPTION = "--encrypt-vault-id"


class Encrypter:
    """Encrypts with one of the passwords that were given.

    Args:
        secrets: ids and passwords, as Ansible has them.
        vault_id: which of them, as after `--encrypt-vault-id`; `None` leaves it to ansible.cfg, and to the only one.
    """

    def __init__(self, secrets: Sequence[tuple[str, Any]], vault_id: str | None) -> None:
        self._secrets = tuple(secrets)
        self._asked = vault_id or constants.DEFAULT_VAULT_ENCRYPT_IDENTITY or None

    @classmethod
    def of(cls, vault: VaultOptions) -> Encrypter:
        """Return one that encrypts with the first of these passwords.

        Raises:
            InventoryError: a password cannot be read.
        """
        return cls(open_vault(Loader(), vault, lambda _: None), None)

    def __call__(self, secret: Secret) -> str:
        """Return a value as the block that Ansible decrypts.

        Raises:
            InventoryError: no password was given, or it is not said which of several; or what is to be encrypted is a
                template, which Ansible fills in when it has decrypted it.
        """
        vault_id, password = self._chosen()
        text = reveal(secret)
        if any(each in text for each in TEMPLATE):
            raise InventoryError("a secret contains what Ansible takes for a template, and is not written")
        raw: bytes = VaultLib(self._secrets).encrypt(text, secret=password, vault_id=vault_id)
        return raw.decode("ascii")

    def _chosen(self) -> tuple[str, Any]:
        """Return id and password; of one id with several passwords the first, as Ansible does."""
        ids = list(dict.fromkeys(str(each) for each, _ in self._secrets))
        if not ids:
            missing = "secrets are written encrypted, and no vault password was given"
            raise InventoryError(f"{missing}: use {reasons.ways()}")
        there = ", ".join(map(shown, ids))
        if self._asked is None and len(ids) > 1:
            raise InventoryError(f"vault passwords of several ids were given ({there}): choose one with {_OPTION}")
        asked = ids[0] if self._asked is None else str(self._asked)
        found = next(((each, password) for each, password in self._secrets if str(each) == asked), None)
        if found is None:
            raise InventoryError(f"{_OPTION} {shown(asked)}: no password of this id was given, only of {there}")
        return asked, found[1]
