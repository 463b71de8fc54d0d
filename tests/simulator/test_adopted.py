"""The demo's fleet, of which nobody has declared anything: adopted over SSH, as boxes in shops are."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reconciler.inventory import VaultOptions, load
from reconciler.model.secret import Secret
from tests.support.served_fleet import ROOT, first_address, served_fleet

UUIDS = {"bakery": "11111111-2222-3333-4444-555555555555", "butcher": "22222222-3333-4444-5555-666666666666"}
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the inventory of a fleet that is up."""
    folder = tmp_path_factory.mktemp("fleet")
    with served_fleet(folder, first_address(85)):
        yield folder


@pytest.fixture
def shop(fleet: Path, tmp_path: Path) -> Path:
    """An inventory of names and addresses alone."""
    folder = tmp_path / "shop"
    (folder / "group_vars").mkdir(parents=True)
    shutil.copytree(fleet / ".access", folder / ".access")
    every = (fleet / "group_vars" / "all.yml").read_text()
    (folder / "group_vars" / "all.yml").write_text(every.partition("iot_https_resolvers")[0])
    boxes = re.findall(r"^ +(\S+-\d):\n +ansible_host: (\S+)$", (fleet / "hosts.yml").read_text(), re.MULTILINE)
    lines = "".join(f"    {name}: {{ansible_host: {address}}}  # {name} of the shop\n" for name, address in boxes)
    (folder / "hosts.yml").write_text(f"all:\n  hosts:\n{lines}")
    (tmp_path / "password").write_text("of the vault\n")
    return folder


@pytest.fixture
def iot_https(shop: Path, tmp_path: Path) -> Run:
    """Run a verb over the inventory."""

    def run(verb: str, *options: str) -> subprocess.CompletedProcess[str]:
        access = ("-i", str(shop), "--vault-password-file", str(tmp_path / "password"))
        return subprocess.run(
            [sys.executable, "-m", "reconciler.cli", verb, *access, *options],
            cwd=ROOT,
            env={**os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), "TMPDIR": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )

    return run


def test_a_fleet_is_adopted_over_ssh(shop: Path, iot_https: Run, tmp_path: Path) -> None:
    named = ("--new-customer", "bakery=hue-till-1", "--new-customer", "butcher=butcher.example")
    shown = iot_https("adopt", *named, "--debug")
    before = (shop / "hosts.yml").read_text()
    done = iot_https("adopt", *named, "--write", "--yes", "--debug")
    again = iot_https("adopt", "--debug")

    everything = "".join(each.stdout + each.stderr for each in (shown, done, again))
    files = "".join(path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file())
    assert not [each for each in (*UUIDS.values(), "M210101", "M220202", "token-of") if each in everything + files]
    inventory = load([str(shop)], vault=VaultOptions(password_files=(str(tmp_path / "password"),)))
    adopted = {each.name: each.desired for each in inventory.targets if each.desired.customer is not None}
    assert not inventory.invalid
    assert len(adopted) >= 8, done.stderr
    assert all(each.db_uuid == Secret(UUIDS[each.customer or ""]) for each in adopted.values())
    assert all(each.serial is not None for each in adopted.values())
    assert shown.returncode & 2
    assert not done.returncode & 2
    assert again.stdout == ""
    assert [line.partition("}")[0] in (shop / "hosts.yml").read_text() for line in before.splitlines()]
    checked = iot_https("check", *adopted).stdout
    assert "credentials differ" not in checked
