"""The example inventory works as its README says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.inventory import Inventory, VaultOptions, load

from .conftest import ssh_of, target

EXAMPLE = Path(__file__).resolve().parents[2] / "inventories/example"
COMMANDS = re.findall(r"^\$ (ansible.+)$", (EXAMPLE / "README.md").read_text(), re.MULTILINE)
MODULES = {"ansible": "adhoc", "ansible-inventory": "inventory", "ansible-vault": "vault"}
SHOWN = {"ansible": "hanoi-till-2", "ansible-inventory": "@store_lotus__hanoi", "ansible-vault": "!vault"}
VAULT = VaultOptions(password_files=(str(EXAMPLE / ".vault-password-of-the-example"),))


def _load(limit: str | None = None) -> Inventory:
    return load([str(EXAMPLE)], limit=limit, vault=VAULT)


def test_every_box_can_be_worked_on() -> None:
    inventory = _load()

    assert len(inventory.targets) == inventory.size == len(inventory.serials) == 12
    assert inventory.invalid == ()
    assert inventory.warnings == ()
    for box in inventory.targets:
        assert box.desired.token
        assert box.desired.db_uuid
        assert box.desired.enterprise_code
        assert box.ssh is not None
        assert box.ssh.host_key_alias == box.name
        assert box.ssh.user == "pi"


@pytest.mark.parametrize(
    ("limit", "names"),
    [
        ("store_lotus__hanoi:&image_ro", ["hanoi-till-2", "hanoi-kitchen"]),
        ("customer_atlas:!store_atlas__ghent", ["liege-till-1", "liege-workshop"]),
        ("branch_18_0:&customer_lotus", ["hue-till-1", "ghent-cafe"]),
        ("ghent-workshop", ["ghent-workshop"]),
    ],
)
def test_groups_select(limit: str, names: list[str]) -> None:
    assert [each.name for each in _load(limit).targets] == names


def test_store_beats_its_customer() -> None:
    inventory = _load("store_lotus__danang,store_lotus__hue")

    assert target(inventory, "danang-till-1").desired.server_url == "https://lotus-danang.example.com"
    assert target(inventory, "danang-till-1").desired.own_servers == ("https://lotus-bakery.example.com",)
    assert ssh_of(inventory, "hue-till-1").proxy_jump == "support@gateway.hue.example.com:2222"


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_its_readme_work(command: str) -> None:
    name, *words = shlex.split(command)
    done = subprocess.run(
        [sys.executable, "-m", f"ansible.cli.{MODULES[name]}", *words],
        cwd=EXAMPLE.parents[1],
        env={**os.environ, "ANSIBLE_VAULT_PASSWORD_FILE": VAULT.password_files[0]},
        input="1234567890",
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert SHOWN[name] in done.stdout


def test_its_readme_has_commands() -> None:
    assert {command.split()[0] for command in COMMANDS} == set(MODULES)
