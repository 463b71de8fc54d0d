"""Inventories in a folder of their own, to be edited."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from reconciler.inventory import VaultOptions
from reconciler.inventory_files import InventoryFiles

Write = Callable[[Mapping[str, str]], Path]
Open = Callable[..., InventoryFiles]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for an inventory, in which one stands."""
    folder = tmp_path / "inventory"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def write(folder: Path) -> Write:
    """Return a function that writes files by name."""

    def write_files(files: Mapping[str, str]) -> Path:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(content))
        return folder

    return write_files


@pytest.fixture
def vault(tmp_path: Path) -> VaultOptions:
    """A vault with one password."""
    path = tmp_path / "password"
    path.write_text("the right one\n")
    return VaultOptions(password_files=(str(path),))


@pytest.fixture
def opened(folder: Path, vault: VaultOptions) -> Open:
    """Return a function that opens the inventory."""

    def open_files(*sources: str, vault: VaultOptions = vault, encrypt_vault_id: str | None = None) -> InventoryFiles:
        return InventoryFiles.open([str(folder / each) for each in sources or (".",)], vault, encrypt_vault_id)

    return open_files
