"""What is in a project: where each file goes, its mode, and its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from .file import TO_OWN, File
from .inventory import EXAMPLE, files_of_inventory, text_of

VAULT_PASSWORD: Final = ".vault-password"  # noqa: S105 - the name of a file
"""Not named by ansible.cfg: Ansible fails where a file is missing that it names, and AWX has passwords of its own."""
_INVENTORY: Final = "inventory"
_BEFORE: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".gitignore": "gitignore",
        "README.md": "README.md",
        "ansible.cfg": "ansible.cfg",
        "collections/requirements.yml": "requirements.yml",
    }
)
"""Templates by where they go. Those of hidden files are not hidden, or tools would obey them here."""
_AFTER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "playbooks/check.yml": "check.yml",
        "playbooks/reconcile.yml": "reconcile.yml",
        "playbooks/rollout.yml": "rollout.yml",
    }
)


def files_of_project(version: str, password: str) -> tuple[File, ...]:
    """Return every file of a new project in the order in which they are put there: no password before git ignores it.

    Args:
        version: of this program, which is that of the collection.
        password: of the vault.
    """
    before, after = (
        [File(path, text_of(template).replace("@version@", version)) for path, template in table.items()]
        for table in (_BEFORE, _AFTER)
    )
    inside = [replace(each, path=f"{_INVENTORY}/{each.path}") for each in files_of_inventory(EXAMPLE)]
    return (*before, *inside, *after, File(VAULT_PASSWORD, f"{password}\n", TO_OWN, is_kept=True))


def templates() -> tuple[str, ...]:
    """Return the templates of a project, those of its inventory left out."""
    return (*_BEFORE.values(), *_AFTER.values())
