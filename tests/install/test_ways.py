"""Each way of docs/install.md, with its very commands: installed, at work, updated over a module that is gone, removed.

The package index is asked for what the tool needs; the tool itself comes from wheels that are built here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from iotbox_simulator.scenario import of_the_demo
from tests.collection.core import repository
from tests.support.served_fleet import first_address, served_fleet
from tools.build_packages import Packages

from .machine import NOBODY, Machine, python_for
from .releases import FIRST, GONE, SECOND, become, commit, release

pytestmark = [pytest.mark.install, pytest.mark.timeout(600)]

PAGE = Path(__file__).parents[2].joinpath("docs/install.md").read_text(encoding="utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in PAGE.split("\n## ")[1:]}
FROM_AN_INDEX = ("With uv", "With pipx", "With pip")
FROM_A_CLONE = "From a copy of the repository"
FOR_SHELLS = {"With pipx": ("man/man1/iot-https.1", "bash-completion/completions/iot-https")}
"""What is linked below `~/.local/share`, where the page says so."""
HOSTS = "till ansible_connection=local\n"


def blocks(section: str) -> list[str]:
    """Return the commands of a section, block by block, as they are typed."""
    found = re.findall(r"^```console\n(.*?)^```", SECTIONS[section], re.MULTILINE | re.DOTALL)
    return ["".join(line.removeprefix("$ ") for line in block.splitlines(keepends=True)) for block in found]


def settings(block: str) -> str:
    """Return what a block sets for the commands after it."""
    return "".join(line for line in block.splitlines(keepends=True) if line.startswith("export "))


def test_each_way_installs_updates_and_removes() -> None:
    assert [section for section in (*FROM_AN_INDEX, FROM_A_CLONE) if len(blocks(section)) != 3] == []


@pytest.mark.parametrize("way", FROM_AN_INDEX)
def test_a_way_works(way: str, machine: Machine, packages: Packages, place: Path) -> None:
    install, update, remove = blocks(way)
    release(packages, FIRST, machine.releases, place)
    machine.run(install)
    works(machine, settings(install))
    linked = machine.home / ".local/share"
    assert [name for name in FOR_SHELLS.get(way, ()) if not (linked / name).is_file()] == []
    release(packages, SECOND, machine.releases, place)
    machine.run(update)
    is_updated(machine, settings(install))
    machine.run(remove)
    assert machine.run(f"{settings(install)}command -v iot-https", ok=False).returncode != 0


def works(machine: Machine, before: str) -> None:
    """See that the installed command and Ansible's work with nothing else."""
    (seen,) = blocks("See what you have")
    (machine.home / "hosts").write_text(HOSTS)
    said = machine.run(f"{before}{seen}").stdout
    assert said.startswith(f"iot-https {FIRST} (commit ")
    assert re.search(rf"^iot_https\.fleet +{re.escape(FIRST)} *$", said, re.MULTILINE)
    assert "MODULE iot_https.fleet.iot_https " in re.sub(r"\x1b\[\d*m", "", said)
    play = f"{before}ansible-vault --version; ansible-playbook -i hosts iot_https.fleet.check --list-tasks"
    assert "iot_https.fleet.iot_https : " in machine.run(play).stdout
    assert len(only_in_the_first(machine)) == len(GONE)


def is_updated(machine: Machine, before: str) -> None:
    """See that the second release is installed, and nothing is left of the first one."""
    assert machine.run(f"{before}iot-https --version").stdout.startswith(f"iot-https {SECOND} (commit ")
    assert only_in_the_first(machine) == []


def only_in_the_first(machine: Machine) -> list[Path]:
    """Return what is installed that only the first release had."""
    return list(machine.home.rglob("gone_later.py"))


def test_a_clone_that_one_can_only_read_is_installed(machine: Machine, place: Path) -> None:
    install, update, remove = blocks(FROM_A_CLONE)
    root = repository(place / "clone")
    reader = machine
    if os.geteuid() == 0:
        if not (python := python_for(NOBODY)):
            pytest.skip("no Python with venv that an ordinary user may run")
        (machine.tools / "python3").write_text(f'#!/bin/sh\nexec {python} "$@"\n')
        os.chown(machine.home, NOBODY, NOBODY)
        reader = replace(machine, uid=NOBODY)
    for version, commands, is_right in ((FIRST, install, works), (SECOND, update, is_updated)):
        become(root, version)
        now = commit(root)
        close(root)
        before = sorted(root.rglob("*"))
        reader.run(commands, root)
        assert sorted(root.rglob("*")) == before
        is_right(reader, settings(install))
        assert f"(commit {now[:12]}, " in reader.run(f"{settings(install)}iot-https --version").stdout
        open_again(root)
    reader.run(remove)


def close(root: Path) -> None:
    """Take everybody's right to write there."""
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)


def open_again(root: Path) -> None:
    """Give its owner the right to write there again."""
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o200)


def test_the_wheel_alone_begins_a_project_and_works_on_boxes(machine: Machine, packages: Packages, place: Path) -> None:
    file = shutil.copy(packages.wheel, machine.releases)
    machine.run(blocks("With uv")[0].replace(" iot-https\n", f" {file}\n"))
    refused = machine.run("iot-https project init shops; cd shops; iot-https check", ok=False)
    assert refused.returncode == 1
    assert "CHANGE_ME" in refused.stderr
    with served_fleet(place / "fleet", first_address(79)):
        seen = machine.run(f"iot-https check -i {place / 'fleet'} --no-probe --output json", ok=False)
        played = machine.run(f"ansible-playbook -i {place / 'fleet'} iot_https.fleet.check --limit store_bakery__hanoi")
    boxes = json.loads(seen.stdout)["boxes"]
    assert {box["name"] for box in boxes} == {box.name for box in of_the_demo().boxes}
    assert {box["state"] for box in boxes} == {"in_sync", "differs", "unreachable"}
    assert "unreachable=0    failed=0" in played.stdout
