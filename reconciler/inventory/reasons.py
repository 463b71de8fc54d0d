"""Why Ansible could not read a value, in our own words: its messages quote values and lines of files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ansible.errors import (
    AnsibleParserError,
    AnsibleTemplateError,
    AnsibleTemplateSyntaxError,
    AnsibleUndefinedVariable,
)
from ansible.parsing.vault import AnsibleVaultError, AnsibleVaultFormatError

from . import inner
from .loader import DuplicateKey
from .problem import Position, at

_NOT_GIVEN: Final = "is encrypted, and no vault password was given: use"
_WAYS: Final = "--vault-password-file, --vault-id or --ask-vault-password"
_OF_PROJECT: Final = ".vault-password"
"""Where `project init` puts a password; `ansible.cfg` does not name it, so a new shell knows nothing of it."""
_DOES_NOT_FIT: Final = "cannot be decrypted with the vault passwords given: give the right one"
_MALFORMED: Final = "is not a value of ansible-vault that can be read: encrypt it again"

_UNDEFINED: Final = re.compile(r"'([A-Za-z_][A-Za-z0-9_]*)' is undefined")
_PLUGIN: Final = re.compile(r"The (filter|lookup|test) plugin '([\w.]+)' failed")
_FILE: Final = re.compile(r"Could not process '([^']+)'")
_STRICT: Final = re.compile(
    r"(?:Could not generate group for|Could not set \S+ for|No key or key resulted empty for .{1,200} in)"
    r" host (?P<host>[\w.-]+)|Could not add host (?P<added>[\w.-]+) to group"
)
"""How messages of Ansible's plugins begin that make groups; what follows may hold values."""
_NAME: Final = re.compile(r"[\w.-]{1,80}")
_MOST_CAUSES: Final = 30
"""Ansible's error of a template that refers to itself has a cause per level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why, with the way out, to be put after what it is about.

    Args:
        password: a vault password is missing or wrong, so that other values fail likewise.
    """

    text: str
    password: bool = False

    def __str__(self) -> str:
        return self.text


def explain(error: BaseException) -> Reason:
    """Say why in one line without any value."""
    causes = list(_chain(error))
    for cause in causes:
        if isinstance(cause, DuplicateKey):
            return Reason(text=twice(cause))
        if inner.is_undecryptable(cause) or isinstance(cause, AnsibleVaultError | AnsibleVaultFormatError):
            return _vault(cause)
    return Reason(text=_unvaulted(error, causes))


def twice(error: DuplicateKey) -> str:
    """Say that a key stands in a mapping twice; a key that is no name may be a value in the wrong place."""
    key = error.key if _NAME.fullmatch(error.key) else "a key"
    return f"has {key} twice, of which Ansible drops the first: keep one of them"


def stopped_at(error: BaseException) -> str | None:
    """Say at which host a plugin stopped that is strict, `None` for any other failure."""
    for cause in _chain(error):
        match = _STRICT.match(str(cause))
        if match:
            host = match["host"] or match["added"]
            return f"is strict, and stops every box for {host}: set strict: false, or correct what it says of this host"
    return None


def place_of(value: object) -> str:
    """Return ` (file:line)` of a value that Ansible read from a file, empty when it does not know."""
    return at(inner.place_of(value))


def place(error: BaseException) -> str:
    """Return ` (file:line)` of what an error is about."""
    return at(position(error))


def position(error: BaseException) -> Position | None:
    """Return where an error is, the most precise that any of its causes knows."""
    known = [inner.place_of(getattr(cause, "obj", None)) or _file_of(cause) for cause in _chain(error)]
    return max(filter(None, known), key=lambda each: each.line is not None, default=None)


def _file_of(error: BaseException) -> Position | None:
    """Of a file of variables that is no mapping Ansible tells the name in its message only."""
    match = _FILE.match(str(error))
    return Position(match[1], None) if match else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if cause is None:
            return
        yield cause
        cause = cause.__cause__ or cause.__context__


def _vault(error: Any) -> Reason:
    message = str(error)
    if "no vault secrets found" in message:
        return Reason(text=f"{_NOT_GIVEN} {ways()}", password=True)
    if "no vault secrets were found that could decrypt" in message:
        return Reason(text=f"{_DOES_NOT_FIT}{_vault_id(error.obj)}", password=True)
    return Reason(text=_MALFORMED)


def ways() -> str:
    """Return how a vault password is given: the one that lies in the folder one stands in, where there is one."""
    return f"--vault-password-file {_OF_PROJECT}" if Path(_OF_PROJECT).is_file() else _WAYS


def _vault_id(encrypted: object) -> str:
    """Name the id that an encrypted value carries in its first line, `$ANSIBLE_VAULT;1.2;AES256;id`."""
    header = encrypted.split("\n", 1)[0].split(";") if isinstance(encrypted, str) else []
    return f" for its vault id {header[3].strip()}" if len(header) > 3 else ""  # noqa: PLR2004


def _unvaulted(error: BaseException, causes: list[BaseException]) -> str:
    message = str(error)
    if isinstance(error, AnsibleUndefinedVariable):
        name = _UNDEFINED.fullmatch(message)
        missing = f"{name[1]}, which is" if name else "something that is"
        return f"refers to {missing} not defined for this host: define it, or correct the name"
    if isinstance(error, AnsibleTemplateSyntaxError):
        return "is not a template that can be read: correct its braces, or mark a literal value with !unsafe"
    if any(isinstance(cause, RecursionError) for cause in causes):
        return "refers to itself: correct the template"
    plugin = _PLUGIN.match(message)
    if plugin:
        return f"has a template of which the {plugin[1]} {plugin[2]} fails: correct the template or what it reads"
    if any(isinstance(cause, AnsibleParserError) for cause in causes):
        return "cannot be read as YAML or as a mapping of variables: correct it"
    if any(isinstance(cause, AnsibleTemplateError) for cause in causes):
        return "has a template that fails: correct it, ansible -m ansible.builtin.debug shows what it gives"
    return f"cannot be read, Ansible reports {type(causes[-1]).__name__}: ansible-inventory --host says more"
