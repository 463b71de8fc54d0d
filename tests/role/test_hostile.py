"""A play over boxes that were broken into: each is one box of the play, and nothing of them is run or believed."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from reconciler.report.json_report import schema
from tests.support.claims import TYPE_THIS
from tests.support.tally import count

from .hostile import MARK, TERMINAL, outputs, pipe

SCHEMA = Draft202012Validator(schema())
NEIGHBOUR = "neighbour"
"""A box that answers as the others, of another customer, whose entry they would like to change."""
PLAY = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.import_role: {name: iot_https.fleet.iot_https, tasks_from: check}
      ignore_errors: true
    - name: Show all of it
      ansible.builtin.debug: {var: iot_https_result}
    - name: Use texts of it
      ansible.builtin.debug: {msg: "{{ iot_https_result.msg }} {{ iot_https_result.report | default('') }}"}
- hosts: all
  gather_facts: false
  tasks:
    - name: Use what the play before may have left
      ansible.builtin.debug: {msg: "{{ pwn | default('nothing') }} {{ iot_https_serial | default('no serial') }}"}
"""
ASYNC = """
- hosts: all
  gather_facts: false
  tasks:
    - iot_https.fleet.iot_https: {name: "{{ inventory_hostname }}"}
      async: 60
      poll: 1
      become: false
"""


@dataclass(frozen=True)
class Played:
    """What came of the plays."""

    output: str
    folder: Path

    def report(self, name: str) -> dict[str, Any]:
        """Return the file of one box."""
        report: dict[str, Any] = json.loads((self.folder / "results" / f"{name}.json").read_text())
        SCHEMA.validate(report)
        return report


def play(folder: Path, hosts: dict[str, str], text: str, *words: str, results: str | None = "results") -> Played:
    """Run a play whose boxes print what they are told to."""
    (folder / "play.yml").write_text(text)
    entries = {}
    for number, (name, output) in enumerate(hosts.items()):
        (folder / f"output-{number}").write_text(output, encoding="utf-8", errors="surrogatepass")
        python = folder / f"python-{number}"
        python.write_text(f"#!/bin/sh\ncat > /dev/null\nexec cat {folder}/output-{number}\n")
        python.chmod(stat.S_IRWXU)
        entries[name] = {"ansible_python_interpreter": str(python), "iot_https_resolvers": ["192.0.2.53"]}
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": entries}}))
    fixed = ["-c", "local", "-e", "ansible_become=false"]
    fixed += ["-e", f"iot_https_results_folder={folder / results}"] if results else []
    ended = subprocess.run(
        [sys.executable, "-m", "ansible", "playbook", "-i", "hosts.yml", "play.yml", "--diff", *fixed, *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "ANSIBLE_PIPELINING": "1", "ANSIBLE_NOCOLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=100,
    )
    return Played(ended.stdout.decode(errors="surrogateescape"), folder)


NAMES = tuple(outputs(Path("/")))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """All of them in one play."""
    folder = tmp_path_factory.mktemp("hostile")
    hosts = {f"box-{number}": output for number, output in enumerate(outputs(folder).values())}
    return play(folder, hosts, PLAY)


def test_nothing_of_a_box_is_run(played: Played) -> None:
    assert not list(played.folder.rglob(MARK)), played.output
    assert not (played.folder / "host_vars").exists()
    count("hostile boxes that a play met", len(NAMES))


def test_nothing_of_a_box_reaches_the_terminal(played: Played) -> None:
    strange = {character for character in played.output if not character.isprintable() and character != "\n"}
    assert strange == set(), played.output
    assert not any(character in played.output for character in TERMINAL if not character.isprintable())


def test_nobody_is_told_to_type_what_a_box_says(played: Played) -> None:
    assert TYPE_THIS not in played.output


def test_a_box_says_nothing_of_what_it_or_another_should_be(played: Played) -> None:
    assert played.output.count("nothing no serial") == len(NAMES), played.output


@pytest.mark.parametrize("number", range(len(NAMES)), ids=NAMES)
def test_each_is_one_box_with_findings(played: Played, number: int) -> None:
    (box,) = played.report(f"box-{number}")["boxes"]
    assert box["name"] == f"box-{number}"
    assert box["state"] in ("differs", "failed")
    assert box["findings"]
    for finding in box["findings"]:
        assert TYPE_THIS not in json.dumps(finding)
        assert finding["severity"] == "error"
        assert finding["evidence"].isprintable()


BY_ANSIBLE = {"exception", "failed_when_result", "failed_when_suppressed_exception"}
"""What it adds itself to a failure, and to a task that says when it fails."""


def test_the_keys_of_a_result_are_ours(played: Played) -> None:
    shown = re.findall(r'^    "iot_https_result": \{\n((?:.*\n)*?)    \}$', played.output, re.MULTILINE)
    assert len(shown) == len(NAMES)
    keys = {key for text in shown for key in re.findall(r'^        "(\w+)":', text, re.MULTILINE)}
    ours = {"changed", "diff", "failed", "findings", "in_sync", "msg", "repairs", "report", "state"}
    assert keys - BY_ANSIBLE == ours


def test_what_a_box_says_does_not_become_a_variable_of_the_next_play(tmp_path: Path) -> None:
    """The way in that was there: facts choose the folder, the next visit writes the file, and a play renders it."""
    attack = {
        "changed": False,
        "msg": "x",
        "in_sync": True,
        "findings": [],
        "ansible_facts": {"iot_https_results_folder": str(tmp_path / "host_vars")},
        "report": {"iot_https_customer": pipe(tmp_path)},
    }
    visit = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.import_role: {name: iot_https.fleet.iot_https, tasks_from: check}
      ignore_errors: true
"""
    play(tmp_path, {"box-0": json.dumps(attack)}, visit * 2, results=None)
    done = play(tmp_path, {"box-0": json.dumps(attack)}, visit, results=None)
    assert not (tmp_path / MARK).exists(), done.output
    assert not (tmp_path / "host_vars").exists()


@pytest.mark.parametrize("verb", ["ping", "setup"])
def test_facts_of_a_box_that_are_variables_of_the_role_are_refused(tmp_path: Path, verb: str) -> None:
    facts = {"iot_https_results_folder": str(tmp_path / "host_vars"), "iot_https_serial": "another"}
    output = json.dumps({"ping": "pong", "changed": False, "ansible_facts": facts})
    text = PLAY.replace("  tasks:\n", f"  tasks:\n    - ansible.builtin.{verb}:\n", 1)
    done = play(tmp_path, {"box-0": output}, text)
    assert "the facts of this box hold iot_https_results_folder, iot_https_serial" in done.output
    assert not (tmp_path / "host_vars").exists()


def test_in_the_background_it_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    done = play(tmp_path, {"box-0": json.dumps({"ansible_job_id": "1", "started": 1})}, ASYNC)
    assert "does not support async" in done.output


@pytest.mark.parametrize("error", [f"Connection refused by {TERMINAL}", f"Permission denied {TERMINAL * 500}"])
def test_what_a_box_says_before_the_login_reaches_no_terminal(tmp_path: Path, error: str) -> None:
    ssh = tmp_path / "ssh"
    (tmp_path / "banner").write_text(f"{error}\n", encoding="utf-8")
    ssh.write_text(f"#!/bin/sh\ncat {tmp_path}/banner >&2\nexit 255\n")
    ssh.chmod(stat.S_IRWXU)
    words = ("-e", "ansible_connection=ssh", "-e", f"ansible_ssh_executable={ssh}", "-e", "ansible_ssh_retries=0")
    done = play(tmp_path, {"box-0": ""}, PLAY, *words)
    assert "UNREACHABLE" in done.output
    assert {each for each in done.output if not each.isprintable() and each != "\n"} == set(), done.output
    assert len(done.output) < 3000
    (box,) = done.report("box-0")["boxes"]
    assert box["state"] == "unreachable"


def test_a_box_of_any_name_writes_in_its_folder_only(tmp_path: Path) -> None:
    done = play(tmp_path, {"../outside/x": "{}", "/tmp/absolute": "{}", "-x": "{}"}, PLAY)
    written = list((tmp_path / "results").iterdir())
    assert len(written) == 3, done.output
    assert not (tmp_path / "outside").exists()
    assert "the box's name begins with -" in done.output
    for each in written:
        (box,) = json.loads(each.read_text())["boxes"]
        assert box["state"] == "invalid"


@pytest.mark.parametrize("part", ["host_vars", "group_vars/x", "deep/host_vars/x"])
def test_a_folder_that_ansible_reads_is_no_folder_for_results(tmp_path: Path, part: str) -> None:
    done = play(tmp_path, {"box-0": "{}"}, PLAY, "-e", f"iot_https_results_folder={tmp_path}/{part}")
    assert "Ansible reads what is in" in done.output
    assert not (tmp_path / part).exists()
