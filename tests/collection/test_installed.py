"""Installed by ansible-galaxy, from the archive and from a repository: role, module and playbook work from there.

By an Ansible that has nothing but what ansible-core requires: neither this checkout nor its wheel is in reach.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from iotbox_simulator.ssh import SshBox
from tests.simulator.ssh.test_clients import a_box, ansible_inventory, needs_python
from tests.support.ssh_fixtures import ssh_lab
from tests.support.ssh_servers import SshLab, go
from tools.collection.build import build

from .core import ROOT, Core, repository

__all__ = ["ssh_lab"]
NAME = "iot_https.fleet.iot_https"
ODOO = "iot_https.fleet.odoo"
WAYS = ("archive", "repository")
PLAY = f"""\
- hosts: all
  gather_facts: false
  roles: [{NAME}]
  tasks:
    - {NAME}:
        name: "{{{{ inventory_hostname }}}}"
        server_url: https://db.example
        resolvers: [1.1.1.1, 8.8.8.8]
      become: true
      check_mode: true
      register: alone
    - ansible.builtin.debug: {{msg: "role {{{{ iot_https_result.state }}}}, module {{{{ alone.state }}}}"}}
"""
DECLARED = {
    "iot_https_server_url": "https://db.example",
    "iot_https_token": "canary-token",
    "iot_https_resolvers": ["1.1.1.1", "8.8.8.8"],
}


@dataclass(frozen=True)
class Installed:
    """A collection where ansible-galaxy put it."""

    core: Core
    collections: Path
    verified: str

    @property
    def folder(self) -> Path:
        """Return its folder."""
        return self.collections / "ansible_collections/iot_https/fleet"


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """The Ansible of somebody else."""
    return Core.made(tmp_path_factory.mktemp("core"))


@pytest.fixture(scope="module", params=WAYS)
def installed(request: pytest.FixtureRequest, core: Core, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The collection, installed in each of the ways."""
    folder = tmp_path_factory.mktemp(request.param)
    is_archive = request.param == "archive"
    source = str(build(ROOT, folder / "dist")) if is_archive else f"git+file://{repository(folder / 'cloned')}"
    more = ["--offline"] if is_archive else []
    said = core.run(folder / "there", "galaxy", "collection", "install", source, "-p", str(folder / "there"), *more)
    assert "was installed successfully" in said
    # before anything is imported there: Ansible takes the bytecode that Python then leaves for a change
    verified = core.run(folder / "there", "galaxy", "collection", "verify", "--offline", "iot_https.fleet")
    return Installed(core, folder / "there", verified)


async def played(installed: Installed, lab: SshLab, box: SshBox, *words: str) -> str:
    """Run a play on a box, and return what it printed."""
    child = await asyncio.create_subprocess_exec(
        *installed.core.command("playbook", "-i", ansible_inventory(lab, box, ansible_become=True, **DECLARED), *words),
        cwd=lab.folder,
        env=installed.core.environment(installed.collections),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    return (await child.communicate())[0].decode()


@needs_python
def test_role_module_and_playbook_reach_a_box(installed: Installed, ssh_lab: SshLab) -> None:
    (ssh_lab.folder / "play.yml").write_text(PLAY)
    results = {"iot_https_results_folder": str(ssh_lab.folder / "results")}
    said: list[str] = []

    async def scenario() -> None:
        async with a_box(ssh_lab) as (_, box):
            said.append(await played(installed, ssh_lab, box, "play.yml", "-vvv", "-e", json.dumps(results)))
            said.append(await played(installed, ssh_lab, box, "iot_https.fleet.check"))

    go(scenario())
    assert "role in_sync, module in_sync" in said[0], said[0]
    assert json.loads((ssh_lab.folder / "results/till-1.json").read_text())["boxes"][0]["state"] == "in_sync"
    for each in said:
        assert "failed=0" in each, each
        assert "[WARNING]" not in each, each
        assert "canary" not in each, each


def test_what_was_installed_is_as_it_was_built(installed: Installed) -> None:
    assert "Successfully verified" in installed.verified
    listed = installed.core.run(installed.collections, "galaxy", "collection", "list", "iot_https.fleet")
    assert "iot_https.fleet" in listed


def test_only_what_a_collection_is_made_of_is_installed(installed: Installed) -> None:
    there = {path.name for path in installed.folder.iterdir()}
    made = {"MANIFEST.json", "FILES.json"}
    either = {"CHANGELOG.md", "LICENSE", "README.md", "meta", "playbooks", "plugins", "roles", *made}
    assert there in (either | {"tests"}, either | {"reconciler"})


def test_the_documentation_of_all_of_it_is_listed(installed: Installed) -> None:
    listed = installed.core.run(installed.collections, "doc", "--json", "--list", "iot_https.fleet")
    assert set(json.loads(listed)) == {NAME, f"{NAME}_box", f"{NAME}_fleet"}
    roles = installed.core.run(installed.collections, "doc", "--json", "--list", "-t", "role", "iot_https.fleet")
    assert set(json.loads(roles)) == {NAME}
    shown = installed.core.run(installed.collections, "doc", "--json", "-t", "inventory", ODOO)
    assert set(json.loads(shown)) == {ODOO}


def test_the_inventory_plugin_says_which_package_it_lacks(installed: Installed, tmp_path: Path) -> None:
    """Ansible alone has no `requests`; nothing else of the file is wrong."""
    file = tmp_path / "a.odoo.yml"
    file.write_text(f"{{plugin: {ODOO}, customer: lotus, url: 'https://127.0.0.1:9', api_key: canary}}\n")
    said = installed.core.run(installed.collections, "inventory", "-i", str(file), "--graph")
    assert "the Python package requests, which is missing: pip install requests" in " ".join(said.split())
    assert "canary" not in said
    assert "Traceback" not in said


def test_the_role_says_which_package_a_box_without_ssh_needs(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "play.yml").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "roles": [NAME]}]))
    (tmp_path / "more.yml").write_text(json.dumps({"iot_https_connection": "homepage", **DECLARED}))
    said = installed.core.run(
        installed.collections,
        *("playbook", "-i", "127.0.0.1,", "-e", f"@{tmp_path}/more.yml", f"{tmp_path}/play.yml"),
        status=2,
    )
    assert said.count("which needs the Python package requests where Ansible runs: install it there") in {1, 2}, said
    assert "Traceback" not in said
    assert "canary" not in said


def test_a_task_in_the_background_is_refused_in_a_line(installed: Installed, ssh_lab: SshLab) -> None:
    task = {NAME: {"name": "box", "server_url": "https://db.example"}, "async": 60, "poll": 1}
    play = {"hosts": "all", "gather_facts": False, "tasks": [{**task, "ignore_errors": True}]}
    (ssh_lab.folder / "play.yml").write_text(json.dumps([play]))
    said = installed.core.run(
        installed.collections, "playbook", "-i", "box,", "-c", "local", str(ssh_lab.folder / "play.yml")
    )
    assert "does not support async" in said, said
    assert "ignored=1" in said
