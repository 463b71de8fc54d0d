"""The role as Ansible comes: on read-only homes, with logins that come to nothing, without any of our settings."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from iotbox_simulator.ssh import SshBox, SshFault
from reconciler.codes import CodeName
from tests.simulator.ssh.test_clients import a_box, ansible_inventory, needs_python
from tests.support.ssh_fixtures import ssh_lab
from tests.support.ssh_servers import SshLab, go

__all__ = ["ssh_lab"]
pytestmark = needs_python
PLAY = """\
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.import_role: {name: iot_https.fleet.iot_https, tasks_from: check}
"""
DECLARED = {"iot_https_server_url": "https://db.example", "iot_https_resolvers": ["1.1.1.1", "8.8.8.8"]}


@dataclass(frozen=True)
class Played:
    """What came of a play: what it printed, and the box in its file of results."""

    output: str
    box: dict[str, Any]


async def play(lab: SshLab, box: SshBox, play: str = PLAY, **variables: object) -> Played:
    """Run the role from outside its checkout, with a home and nothing else of one's own."""
    (lab.folder / "play.yml").write_text(play)
    results = lab.folder / "results"
    declared = {**DECLARED, "iot_https_results_folder": str(results), **variables}
    inventory = ansible_inventory(lab, box, ansible_become=True, **declared)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(lab.folder),
        "ANSIBLE_NOCOLOR": "1",
        "LC_ALL": "C.UTF-8",
    }
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ansible", "playbook", "-i", inventory, str(lab.folder / "play.yml")),
        cwd=lab.folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output = (await child.communicate())[0].decode()
    written = results / f"{box.name}.json"
    assert written.exists(), output
    (seen,) = json.loads(written.read_text())["boxes"]
    return Played(output, seen)


def played(lab: SshLab, *faults: SshFault, play_text: str = PLAY, **variables: object) -> Played:
    """Do so with one box, which has these faults."""
    found: list[Played] = []

    async def scenario() -> None:
        async with a_box(lab, *faults) as (_, box):
            found.append(await play(lab, box, play_text, **variables))

    go(scenario())
    return found[0]


def test_a_box_with_a_read_only_home_is_looked_at(ssh_lab: SshLab) -> None:
    seen = played(ssh_lab, SshFault.HOME_READ_ONLY)
    assert (seen.box["state"], seen.box["findings"]) == ("in_sync", []), seen.output


def test_a_folder_that_somebody_chose_is_named_where_it_cannot_be_used(ssh_lab: SshLab) -> None:
    seen = played(ssh_lab, SshFault.HOME_READ_ONLY, ansible_remote_tmp="~/.ansible/mine")
    (found,) = seen.box["findings"]
    assert (seen.box["state"], found["code"]) == ("failed", CodeName.NOT_OBSERVED)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (SshFault.SUDO_NEEDS_TERMINAL, CodeName.SUDO_REFUSED),
        (SshFault.PASSWORD_EXPIRED, CodeName.LOGIN_BLOCKED),
        (SshFault.SHELL_ENDS, CodeName.LOGIN_BLOCKED),
        (SshFault.FORCED_COMMAND, CodeName.LOGIN_BLOCKED),
    ],
)
def test_a_login_that_comes_to_nothing_is_named_as_by_the_command(
    ssh_lab: SshLab, fault: SshFault, code: CodeName
) -> None:
    seen = played(ssh_lab, fault)
    assert (seen.box["state"], [each["code"] for each in seen.box["findings"]]) == ("failed", [code]), seen.output


WRONG = {
    "iot_https_homepage_port": "canary",
    "iot_https_resolvers": {"canary": "canary"},
    "iot_https_relink": "canary",
    "iot_https_certificate_source": "canary",
    "iot_https_token": {"canary": "canary"},
}


@pytest.mark.parametrize("entry", ["main", "check"])
def test_values_of_the_wrong_type_are_told_in_a_line_each(ssh_lab: SshLab, entry: str) -> None:
    seen = played(ssh_lab, play_text=PLAY.replace("check", entry), **WRONG)
    assert seen.box["state"] == "invalid"
    assert [sum(name in line for line in seen.box["problems"]) for name in WRONG] == [1] * len(WRONG)
    assert "canary" not in seen.output
    assert "argument_spec" not in seen.output
    assert len(seen.output.splitlines()) < 40, seen.output


def test_a_variable_that_names_an_undefined_one_fails_its_box(ssh_lab: SshLab) -> None:
    names = ("iot_https_enterprise_code", "iot_https_proxy", "iot_https_resolvers")
    seen = played(ssh_lab, **dict.fromkeys(names, "{{ vaulted_missing }}"), iot_https_ca_file="{{ omit }}")
    assert seen.box["state"] == "invalid", seen.output
    assert [line.split(" ", 1)[0] for line in seen.box["problems"]] == sorted(names)
    assert all("vaulted_missing" in line for line in seen.box["problems"])


@pytest.mark.parametrize(("flag", "failed"), [("true", 1), ("no", 0)])
def test_a_flag_may_be_text_as_options_and_surveys_give_it(ssh_lab: SshLab, flag: str, failed: int) -> None:
    seen = played(ssh_lab, iot_https_resolvers=["9.9.9.9"], iot_https_fail_on_drift=flag, iot_https_relink=flag)
    assert seen.box["state"] == "differs", seen.output
    assert f"failed={failed}" in seen.output
    assert "onditional" not in seen.output
