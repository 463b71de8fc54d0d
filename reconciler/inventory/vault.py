"""Where vault passwords come from, named on the command line, in ansible.cfg or the environment, as for Ansible."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from getpass import GetPassWarning
from pathlib import Path
from typing import Any, Final

from .errors import InventoryError

_PROMPTS: Final = ("prompt", "prompt_ask_vault_pass")


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultOptions:
    """Vault passwords of the command line.

    Args:
        ids: `id@source` or `source`, where a source is a file, an executable or `prompt` (`--vault-id`).
        password_files: files or executables (`--vault-password-file`).
        ask: ask at the terminal (`--ask-vault-password`).
    """

    ids: tuple[str, ...] = ()
    password_files: tuple[str, ...] = ()
    ask: bool = False

    @property
    def prompts(self) -> tuple[str, ...]:
        """The options for which somebody must be at the terminal."""
        ids = (f"--vault-id {each}" for each in self.ids if _split(each)[1] in _PROMPTS)
        return (*(("--ask-vault-password",) if self.ask else ()), *ids)


NO_VAULT = VaultOptions()


def open_vault(loader: Any, options: VaultOptions, warn: Callable[[str], None]) -> list[tuple[str, Any]]:
    """Give the loader, and the process, the passwords, and return them with their ids.

    Args:
        loader: Ansible's `DataLoader`.
        warn: told of a source that gives no password while another one does.

    Raises:
        InventoryError: no source gives a password; none is known then.
    """
    secrets: list[tuple[str, Any]] = []
    problems: list[str] = []
    for vault_id, source in _sources(options):
        # Each password may be needed to read the next file, which can be encrypted itself.
        loader.set_vault_secrets(secrets)
        try:
            secrets.append((vault_id, _secret(loader, vault_id, source)))
        except InventoryError as error:
            problems += error.problems
    _give(loader, secrets)
    if problems and not secrets:
        raise InventoryError(*problems)
    for problem in problems:
        warn(problem)
    return secrets


def _give(loader: Any, secrets: list[tuple[str, Any]]) -> None:
    from ansible.parsing.vault import VaultSecretsContext

    loader.set_vault_secrets(secrets)
    # Ansible lets the context be set once per process; its list may change.
    context = VaultSecretsContext.current(optional=True)
    if context is None:
        VaultSecretsContext.initialize(VaultSecretsContext(secrets))
    else:
        context.secrets[:] = secrets


def _sources(options: VaultOptions) -> Iterator[tuple[str, str]]:
    """Yield pairs of id and source in Ansible's order of preference."""
    from ansible import constants

    default = str(constants.DEFAULT_VAULT_IDENTITY)
    for each in (*map(str, constants.DEFAULT_VAULT_IDENTITY_LIST or ()), *options.ids):
        vault_id, source = _split(each)
        yield vault_id or default, source
    configured = constants.DEFAULT_VAULT_PASSWORD_FILE
    for file in (*options.password_files, *([str(configured)] if configured else [])):
        yield default, file
    if options.ask or constants.DEFAULT_ASK_VAULT_PASS:
        yield default, "prompt"


def _split(option: str) -> tuple[str, str]:
    """Return id and source of what follows `--vault-id`; without an `@` it is a source."""
    vault_id, at, source = option.partition("@")
    return (vault_id, source) if at else ("", option)


def _secret(loader: Any, vault_id: str, source: str) -> Any:
    """Return a password that was read.

    Raises:
        InventoryError: names the source, never what it said.
    """
    from ansible.errors import AnsibleError
    from ansible.parsing.vault import PromptVaultSecret, get_file_vault_secret

    try:
        if source in _PROMPTS:
            secret = PromptVaultSecret(vault_id=vault_id, prompt_formats=["Vault password (%(vault_id)s): "])
            with warnings.catch_warnings():
                # Without a terminal the password is read from standard input, which cannot echo it.
                warnings.simplefilter("ignore", GetPassWarning)
                secret.load()
        else:
            secret = get_file_vault_secret(filename=source, vault_id=vault_id, loader=loader)
            secret.load()
    except (AnsibleError, OSError, ValueError):
        raise InventoryError(_refusal(source)) from None
    return secret


def _refusal(source: str) -> str:
    if source in _PROMPTS:
        return "no vault password was given at the prompt: give one, or name a file with --vault-password-file"
    path = Path(source).expanduser()
    if not path.exists():
        return f"vault password file {source} does not exist: correct --vault-id, --vault-password-file or ansible.cfg"
    if path.is_dir():
        return f"vault password file {source} is a directory: name a file in it"
    if path.stat().st_mode & 0o111:
        return f"vault password script {source} gives no password: run it by hand; if it is no script, chmod a-x it"
    return f"vault password file {source} cannot be read, or is empty: check its owner, mode and content"
