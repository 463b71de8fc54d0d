"""A play knows as much of whose each server, database and serial number is as the command does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from reconciler.inventory import load
from reconciler.model.desired import Desired, Mode
from reconciler.role.arguments import ARGUMENT_SPEC, request

ROOT = Path(__file__).resolve().parents[2]
UUID = "11111111-2222-3333-4444-5555555555"
INVENTORY = {
    "a": {"customer": "lotus", "server_url": "https://shared.example", "db_uuid": f"{UUID}01", "serial": "s1"},
    "b": {"customer": "atlas", "server_url": "https://Shared.example:443/", "db_uuid": f"{UUID}02"},
    "c": {"customer": "lotus", "server_url": "https://lotus.example", "db_uuid": f"{UUID}03"},
    "d": {"server_url": "https://nobody.example", "db_uuid": f"{UUID}04"},
    "e": {"customer": "cedar", "server_url": "https://shared.example", "db_uuid": f"{UUID}02"},
    "f": {"customer": "lotus", "server_url": "https://lotus.example", "db_uuid": f"{UUID}03"},
    "g": {"server_url": "https://shared.example", "db_uuid": f"{UUID}05"},
}
PLAYBOOK = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.include_role: {name: iot_https, tasks_from: fleet, public: true, rolespec_validate: false}
    - ansible.builtin.debug:
        msg:
          own_servers: "{{ __iot_https_own_servers }}"
          foreign_databases: "{{ __iot_https_foreign_databases }}"
          same_serial: "{{ __iot_https_same_serial }}"
"""
SAID = re.compile(r"^ok: \[(\w)\] => (\{.*?^\})", re.MULTILINE | re.DOTALL)


def by_play(folder: Path) -> dict[str, dict[str, object]]:
    """Return what the role makes of the inventory for each host."""
    (folder / "play.yml").write_text(PLAYBOOK)
    settings = {"CALLBACK_RESULT_FORMAT": "json", "NOCOLOR": "1", "ROLES_PATH": str(ROOT / "roles")}
    done = subprocess.run(
        [sys.executable, "-m", "ansible", "playbook", "-i", "hosts.json", "play.yml"],
        cwd=folder,
        env={**os.environ, "HOME": str(folder), **{f"ANSIBLE_{key}": value for key, value in settings.items()}},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout
    return {name: json.loads(said)["msg"] for name, said in SAID.findall(done.stdout)}


def desired(name: str, guards: dict[str, object]) -> Desired:
    """Return what the module makes of it on the box."""
    params: dict[str, object] = {key: option.get("default") for key, option in ARGUMENT_SPEC.items()}
    made, problems = request({**params, "name": name, **INVENTORY[name], **guards}, Mode.CHECK)
    assert made is not None, problems
    return made.desired


def test_the_guards_are_those_of_the_command(tmp_path: Path) -> None:
    hosts = {name: {f"iot_https_{key}": text for key, text in row.items()} for name, row in INVENTORY.items()}
    (tmp_path / "hosts.json").write_text(json.dumps({"all": {"hosts": hosts}}))
    read = load([str(tmp_path / "hosts.json")])
    targets = {target.name: target.desired for target in read.targets}
    assert {name: desired(name, guards) for name, guards in by_play(tmp_path).items()} == targets
    assert targets["a"].foreign_databases
    assert targets["a"].own_servers
