"""What is in a project: where each file goes, its mode, and its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Final

VAULT_PASSWORD: Final = ".vault-password"  # noqa: S105 - the name of a file
"""Not named by ansible.cfg: Ansible fails where a file is missing that it names, and AWX has passwords of its own."""
TO_READ: Final = 0o644
TO_OWN: Final = 0o600
_TEMPLATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".gitignore": "gitignore",
        "README.md": "README.md",
        "ansible.cfg": "ansible.cfg",
        "collections/requirements.yml": "requirements.yml",
        "inventory/hosts.yml": "hosts.yml",
        "inventory/keyed_groups.yml": "keyed_groups.yml",
        "inventory/group_vars/all.yml": "all.yml",
        "inventory/group_vars/customer_lotus.yml": "customer.yml",
        "playbooks/check.yml": "check.yml",
        "playbooks/reconcile.yml": "reconcile.yml",
        "playbooks/rollout.yml": "rollout.yml",
    }
)
"""Templates by where they go. Those of hidden files are not hidden, or tools would obey them here."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a project.

    Args:
        path: from the project's folder.
        is_kept: what is there is right, whatever it says.
    """

    path: str
    text: str
    mode: int = TO_READ
    is_kept: bool = False


def files_of_project(version: str, password: str) -> tuple[File, ...]:
    """Return every file of a new project in the order in which they are put there: no password before git ignores it.

    Args:
        version: of this program, which is that of the collection.
        password: of the vault.
    """
    folder = files(__package__) / "template"
    texts = {path: (folder / template).read_text(encoding="utf-8") for path, template in _TEMPLATES.items()}
    made = (File(path, text.replace("@version@", version)) for path, text in texts.items())
    return (*made, File(VAULT_PASSWORD, f"{password}\n", TO_OWN, is_kept=True))
