"""Without any one of Ansible's inner parts an inventory is still read, and customers are still kept apart."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from reconciler.inventory import InventoryError, VaultOptions, inner, load

from .conftest import Read, Write, encrypted, hosts, target

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("_ORIGIN", "_TAGS")
_INNER = re.compile(r"ansible(\.\w+)*\._\w+")


@pytest.fixture(params=PARTS)
def lacking(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Take one part away."""
    part: str = request.param
    monkeypatch.setattr(inner, part, None)
    monkeypatch.setattr(inner, "PLACES_ARE_KNOWN", part != "_ORIGIN")
    return part


def test_each_part_is_there_in_this_version() -> None:
    assert [part for part in PARTS if getattr(inner, part) is None] == []


@pytest.mark.parametrize(("module", "name"), [("ansible._internal._no_such", "Origin"), ("ansible.release", "Origin")])
def test_a_part_that_has_moved_is_none(module: str, name: str) -> None:
    assert inner._part(module, name) is None


def test_what_is_encrypted_is_read(read: Read, lacking: str) -> None:
    token = encrypted("12345678")
    said = f"iot_https_customer: lotus\niot_https_server_url: https://lotus.example\niot_https_token: {token}\n"
    found = target(read({**hosts("till"), "group_vars/all.yml": said}), "till")
    assert found.desired.token is not None
    assert "12345678" not in repr(found)


def test_a_password_that_is_missing_is_told(read: Read, lacking: str) -> None:
    files = {**hosts("till"), "group_vars/all.yml": f"iot_https_token: {encrypted('12345678')}\n"}
    with pytest.raises(InventoryError, match="no vault password was given"):
        read(files, vault=VaultOptions())


def test_customers_are_kept_apart(write: Write, lacking: str) -> None:
    files = {
        f"{name}/{file}": text
        for name in ("lotus", "atlas")
        for file, text in {
            "hosts.yml": f"all: {{hosts: {{{name}-till: }}}}",
            "group_vars/all.yml": f"iot_https_customer: {name}\niot_https_server_url: https://{name}.example\n",
        }.items()
    }
    folder = write(files)
    inventory = load([str(folder / "lotus"), str(folder / "atlas")])
    assert {each.name for each in inventory.invalid} == {"lotus-till", "atlas-till"}
    assert all("say different things" in " ".join(each.problems) for each in inventory.invalid)


def test_what_an_inventory_says_twice_itself_is_told(write: Write, lacking: str) -> None:
    group = "[tills]\n{name}-till\n[tills:vars]\niot_https_customer={name}\n"
    folder = write({name: group.format(name=name) for name in ("lotus", "atlas")})
    inventory = load([str(folder / "lotus"), str(folder / "atlas")])
    assert {each.name for each in inventory.invalid} == {"lotus-till", "atlas-till"}


def test_a_key_that_stands_twice_is_told(write: Write, lacking: str) -> None:
    folder = write({"hosts.yml": "all: {hosts: {till: }}\nall: {hosts: {other: }}\n"})
    with pytest.raises(InventoryError, match="has all twice"):
        load([str(folder / "hosts.yml")])


def imported(path: Path) -> list[str]:
    """Return the modules that a file imports."""
    tree = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = [name.name for node in tree if isinstance(node, ast.Import) for name in node.names]
    return names + [node.module or "" for node in tree if isinstance(node, ast.ImportFrom)]


def test_they_are_imported_in_one_place_only() -> None:
    names = ("reconciler", "iotbox_simulator", "plugins", "tests", "molecule", "bench", "tools")
    files = [path for folder in names for path in (ROOT / folder).rglob("*.py") if "module_utils" not in path.parts]
    assert len(files) > 100
    assert [path for path in files if any(map(_INNER.match, imported(path)))] == []
