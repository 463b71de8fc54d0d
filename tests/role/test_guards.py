"""A play knows as much of whose each server, database and serial number is as the command does, in the same words."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.inventory import Inventory, VaultOptions, load
from reconciler.model.desired import Desired, Mode
from reconciler.model.marks import Others
from reconciler.role.arguments import ARGUMENT_SPEC, request
from reconciler.role.visit import InventoryFacts
from tests.inventory.conftest import encrypted

ROOT = Path(__file__).resolve().parents[2]
UUID = "11111111-2222-3333-4444-5555555555"
INVENTORY = {
    "a": {"customer": "lotus", "server_url": "https://shared.example", "db_uuid": f"{UUID}01", "serial": "s1"},
    "b": {"customer": "atlas", "server_url": "https://Shared.example:443/", "db_uuid": f"{UUID}02"},
    "c": {"customer": "lotus", "server_url": "https://lotus.example", "db_uuid": f"{UUID}03"},
    "d": {"server_url": "https://nobody.example", "db_uuid": f"{UUID}04"},
    "e": {"customer": "cedar", "server_url": "https://shared.example", "db_name": "cedar"},
    "f": {"customer": "lotus", "server_url": "https://lotus.example", "db_uuid": f"{UUID}03"},
    "g": {"server_url": "https://shared.example", "db_uuid": f"{UUID}05"},
    "h": {"customer": "pho", "server_url": "https://pho.example", "db_uuid": f"{UUID}03"},
    "i": {"customer": "pho", "server_url": "https://pho.example", "db_uuid": f"{UUID}06", "serial": "s1"},
    "j": {"customer": "far", "server_url": "https://far.example", "db_uuid": f"{UUID}07"},
    "k": {"customer": "far", "store": "a-b"},
    "l": {"customer": "far", "store": "a_b"},
    "m": {"customer": "far", "server_url": "https://far2.example", "db_uuid": f"{UUID}07"},
}
GROUPS = {
    "far": {"vars": {"iot_https_customer": "far", "iot_https_enterprise_code": "M1"}, "children": {"store_hue": {}}},
    "customer_pho": {"children": {"store_hue": {"hosts": {"i": {}}}}},
}
PLAYBOOK = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        {name: iot_https.fleet.iot_https, tasks_from: fleet, public: true, rolespec_validate: false}
    - ansible.builtin.debug: {msg: "{{ __iot_https_box }}"}
"""
NOBODY: dict[str, dict[str, str]] = {"serials": {}, "servers": {}, "databases": {}}
SAID = re.compile(r"^ok: \[(\w+)\] => (\{.*?^\})", re.MULTILINE | re.DOTALL)
GUARDS = ("own_servers", "copies")


def played(folder: Path, *words: str, playbook: str = PLAYBOOK, status: int = 0) -> str:
    """Run a play over hosts.yml, and return what it printed."""
    (folder / "play.yml").write_text(playbook)
    settings = {"CALLBACK_RESULT_FORMAT": "json", "NOCOLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "ansible", "playbook", "-i", "hosts.yml", "play.yml", *words],
        cwd=folder,
        env={**os.environ, "HOME": str(folder), **{f"ANSIBLE_{key}": value for key, value in settings.items()}},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == status, done.stdout
    return done.stdout


def rows(printed: str) -> dict[str, dict[str, Any]]:
    """Return what the role makes of the inventory for each host."""
    return {name: json.loads(said)["msg"] for name, said in SAID.findall(printed)}


def desired(name: str, row: dict[str, Any]) -> tuple[Desired, Others]:
    """Return what is made of it for the box, and what it is judged by."""
    params: dict[str, object] = {key: option.get("default") for key, option in ARGUMENT_SPEC.items()}
    guards = {key: row[key] for key in GUARDS}
    made, problems = request({**params, "name": name, **INVENTORY[name], **guards}, Mode.CHECK)
    assert made is not None, problems
    others = InventoryFacts.of({"boxes": {name: row}, "directory": NOBODY}, name).others
    return replace(made.desired, compared=others.compared), others


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    hosts = {name: {f"iot_https_{key}": text for key, text in row.items()} for name, row in INVENTORY.items()}
    (tmp_path / "hosts.yml").write_text(json.dumps({"all": {"hosts": hosts, "children": GROUPS}}))
    return tmp_path


def judged(read: Inventory) -> dict[str, Any]:
    return {
        **{each.name: (each.desired, each.others) for each in read.targets},
        **{each.name: list(each.problems) for each in read.invalid},
    }


@pytest.mark.parametrize("limit", ["all", "a,i", "e,k,c"])
def test_the_guards_are_those_of_the_command_whatever_the_limit(folder: Path, limit: str) -> None:
    by_command = judged(load([str(folder / "hosts.yml")], limit=limit))
    by_play = {
        name: row["problems"] or desired(name, row) for name, row in rows(played(folder, "--limit", limit)).items()
    }
    assert by_play == by_command
    if limit == "all":
        assert {name for name, came in by_command.items() if isinstance(came, list)} == set("acfhikl")
        assert by_command["b"][1].databases
        assert by_command["m"][0].copies
        assert by_command["m"][0].own_servers


@pytest.mark.parametrize("where", ["play", "task", "facts"])
def test_what_a_play_sets_counts_for_its_hosts(folder: Path, where: str) -> None:
    """What is sent to a box is judged, not what the inventory alone says."""
    given = {"iot_https_db_uuid": f"{UUID}07"}
    fleet = {"name": "iot_https.fleet.iot_https", "tasks_from": "fleet", "public": True, "rolespec_validate": False}
    include = {"ansible.builtin.include_role": fleet, **({"vars": given} if where == "task" else {})}
    tasks = [include, {"ansible.builtin.debug": {"msg": "{{ __iot_https_box }}"}}]
    facts = [{"ansible.builtin.set_fact": given}] if where == "facts" else []
    play = {
        "hosts": "b",
        "gather_facts": False,
        "tasks": [*facts, *tasks],
        **({"vars": given} if where == "play" else {}),
    }
    (problem,) = rows(played(folder, playbook=json.dumps([play])))["b"]["problems"]
    assert problem.startswith("iot_https_db_uuid is also that of far (j and m): one database has one customer")


def test_a_box_that_is_impossible_fails_and_nothing_is_sent_to_it(folder: Path) -> None:
    playbook = """
- hosts: h
  gather_facts: false
  tasks:
    - ansible.builtin.import_role: {name: iot_https.fleet.iot_https, tasks_from: check, rolespec_validate: false}
"""
    nowhere = {"ansible_host": "127.0.0.1", "ansible_port": 1}  # a connection would make it unreachable, status 4
    extra = json.dumps({"iot_https_results_folder": str(folder / "results"), **nowhere})
    printed = played(folder, "-e", extra, playbook=playbook, status=2)
    (expected,) = judged(load([str(folder / "hosts.yml")], limit="h"))["h"]
    assert f"h: invalid\\n  {expected}" in printed
    report = json.loads((folder / "results/h.json").read_text())
    assert (report["boxes"][0]["state"], report["boxes"][0]["problems"]) == ("invalid", [expected])


def test_what_cannot_be_decrypted_is_named_once_and_fails_no_other_box(tmp_path: Path) -> None:
    text = encrypted(f"{UUID}01", "another", "atlas")
    (tmp_path / "hosts.yml").write_text(
        f"all: {{hosts: {{a: {{iot_https_customer: lotus, iot_https_db_uuid: {UUID}01}}, b: {{}}, c: {{}}}},"
        f" children: {{customer_atlas: {{hosts: {{b: {{}}, c: {{}}}}}}}}}}\n"
    )
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars/customer_atlas.yml").write_text(f"iot_https_customer: atlas\niot_https_db_uuid: {text}\n")
    (tmp_path / "password").write_text("the right one")
    vault = VaultOptions(password_files=(str(tmp_path / "password"),))
    (warning,) = load([str(tmp_path / "hosts.yml")], limit="a", vault=vault).warnings
    assert re.fullmatch(
        r"not compared between customers, for 2 boxes: iot_https_db_uuid \(\S*group_vars/customer_atlas\.yml:2\) "
        r"cannot be decrypted with the vault passwords given: give the right one for its vault id atlas",
        warning,
    )
    printed = played(tmp_path, "--limit", "a", "--vault-password-file", "password")
    assert rows(printed)["a"]["problems"] == []
    assert "".join(printed.split()).count("notcomparedbetweencustomers") == 1
    refused = played(tmp_path, "--limit", "b,c", "--vault-password-file", "password", status=2)
    assert "no box can be judged: iot_https_db_uuid (" in refused
    assert refused.count("fatal: ") == 1, "told once, not for each box"
    assert "not compared" not in refused


def test_a_box_whose_connection_is_impossible_keeps_no_other_from_being_judged(folder: Path) -> None:
    (folder / "host_vars").mkdir()
    (folder / "host_vars/a.yml").write_text("ansible_connection: no_such_plugin\n")
    assert set(rows(played(folder, "--limit", "a,b", status=2))) == {"b"}


EVIL = """
from ansible.module_utils.basic import AnsibleModule
module = AnsibleModule({})
module.exit_json(ansible_facts={"iot_https_serial": "s-j", "__iot_https_fleet": {"boxes": {}}, "__iot_https_box": {}})
"""


def test_a_box_that_says_itself_what_it_should_be_harms_no_other(folder: Path) -> None:
    """A hostile box answers facts: neither does the judgement come from there, nor is another box refused for them."""
    (folder / "library").mkdir()
    (folder / "library/evil.py").write_text(EVIL)
    (folder / "host_vars").mkdir()
    (folder / "host_vars/j.yml").write_text("iot_https_serial: s-j\n")
    evil = {"evil": {}, "when": "inventory_hostname == 'd'"}
    fleet = {"name": "iot_https.fleet.iot_https", "tasks_from": "fleet", "public": True, "rolespec_validate": False}
    tasks = [evil, {"ansible.builtin.include_role": fleet}, {"ansible.builtin.debug": {"msg": "{{ __iot_https_box }}"}}]
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    play = {"hosts": "d:j", "gather_facts": False, "vars": local, "tasks": tasks}
    said = rows(played(folder, playbook=json.dumps([play])))
    assert said["j"]["problems"] == []
    assert said["j"]["own_servers"] == ["https://far2.example"]
    (problem,) = said["d"]["problems"]
    assert problem.startswith("iot_https_serial set by a fact of the box: facts do not say what a box should be")


def test_a_play_is_told_what_inventories_say_inline_and_warned_as_the_command_is(tmp_path: Path) -> None:
    """Two sources contradict each other in a host's own line; names and addresses look alike."""
    (tmp_path / "lotus.ini").write_text(
        "till iot_https_customer=lotus iot_https_server_url=https://lotus.example\n"
        "one iot_https_customer=lotus iot_https_server_url=https://lotus.example ansible_host=192.0.2.7\n"
    )
    (tmp_path / "atlas").mkdir()
    (tmp_path / "atlas/hosts.ini.orig").write_text("till iot_https_customer=nobody\n")
    (tmp_path / "atlas/hosts.ini").write_text(
        "till iot_https_customer=atlas iot_https_server_url=https://atlas.example\n"
        "two iot_https_customer=l\u043etus iot_https_server_url=https://atlas.example ansible_host=192.0.2.7\n"
    )
    script = tmp_path / "more"
    script.write_text(f"#!/bin/sh\necho x >> {tmp_path}/times\necho '{{}}'\n")
    script.chmod(0o755)
    sources = [str(tmp_path / name) for name in ("lotus.ini", "atlas", "more")]
    loaded = load(sources)
    (invalid,) = loaded.invalid
    (tmp_path / "times").unlink()
    (tmp_path / "hosts.yml").write_text("all: {}\n")
    words = [word for source in sources for word in ("-i", source)]
    printed = played(tmp_path, *words)
    # Ansible writes places relative to the folder in which the play was started
    told = [problem.replace(f"{tmp_path}/", "") for problem in invalid.problems]
    assert rows(printed)["till"]["problems"] == told
    assert "iot_https_server_url of till: lotus.ini:1 and atlas/hosts.ini:1 say different things" in told[0]
    assert len(loaded.warnings) == 2
    flat = "".join(printed.split())
    assert [warning for warning in loaded.warnings if "".join(warning.split()) not in flat] == []
    assert (tmp_path / "times").read_text().count("x") == 1
