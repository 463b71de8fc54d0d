"""Inventories written to a temporary folder, and values encrypted for them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from reconciler.inventory import NOTHING_SAID, CommandLine, Inventory, VaultOptions, load
from reconciler.model.target import Invalid, Ssh, Target

PASSWORD = "the right one"

Write = Callable[[Mapping[str, str]], Path]
Read = Callable[..., Inventory]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes files by name and returns the folder that holds them."""
    folder = tmp_path / "inventory"

    def write_files(files: Mapping[str, str]) -> Path:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(content))
        return folder

    return write_files


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go to the folder of `write`, so that files are told by the names that tests know."""
    (tmp_path / "inventory").mkdir()
    monkeypatch.chdir(tmp_path / "inventory")


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    """Write the password that `encrypted` uses."""
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\n")
    return path


@pytest.fixture
def read(write: Write, password_file: Path) -> Read:
    """Return a function that writes files and loads them, with the right vault password."""

    right = VaultOptions(password_files=(str(password_file),))

    def read_files(
        files: Mapping[str, str],
        *,
        limit: str | None = None,
        patterns: Sequence[str] = (),
        vault: VaultOptions = right,
        said: CommandLine = NOTHING_SAID,
    ) -> Inventory:
        return load([str(write(files))], limit=limit, patterns=patterns, vault=vault, said=said)

    return read_files


def encrypted(text: str, password: str = PASSWORD, vault_id: str | None = None) -> str:
    """Return a value as ansible-vault writes it into a file of variables, on one line of YAML."""
    return f'!vault "{vault_text(text, password, vault_id)}"'.replace("\n", "\\n")


def vault_text(text: str, password: str = PASSWORD, vault_id: str | None = None) -> str:
    """Return a text as ansible-vault encrypts a file."""
    from ansible.parsing.vault import VaultLib, VaultSecret

    raw: bytes = VaultLib([("any", VaultSecret(password.encode()))]).encrypt(text, vault_id=vault_id)
    return raw.decode()


def hosts(*names: str) -> dict[str, str]:
    """Return a file with hosts that say nothing of themselves."""
    return {"hosts.yml": f"all: {{hosts: {{{', '.join(f'{name}: {{}}' for name in names)}}}}}\n"}


def target(inventory: Inventory, name: str) -> Target:
    """Return a box that can be worked on."""
    assert [problem for each in inventory.invalid if each.name == name for problem in each.problems] == []
    return next(each for each in inventory.targets if each.name == name)


def ssh_of(inventory: Inventory, name: str) -> Ssh:
    """Return how a box is reached."""
    ssh = target(inventory, name).ssh
    assert ssh is not None
    return ssh


def invalid(inventory: Inventory, name: str) -> Invalid:
    """Return a box whose entry cannot be used."""
    return next(each for each in inventory.invalid if each.name == name)
