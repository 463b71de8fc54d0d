"""What Ansible sends to a box is the package of this repository, from wherever the role is used."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from iotbox_simulator.ssh import ansiballz
from reconciler.connections import carrier

ROOT = Path(__file__).resolve().parents[2]
ROLE = ROOT / "roles/iot_https"
OF_THE_MODULE = {
    "role": {"__init__.py", "answer.py", "arguments.py", "run.py", "text.py"},
    "report": {
        "__init__.py",
        "remedies.py",
        "standing.py",
        "diagnosis_json.py",
        "facts.py",
        "json_report.py",
        "status.py",
        "stores.py",
        "words.py",
        "work_order.py",
    },
    "engine": {"__init__.py", "states.py"},
}
NOT_NEEDED = {
    "box/__main__.py",
    "diagnosis/chain.py",
    "diagnosis/evidence.py",
    "diagnosis/ticket.py",
    "model/events.py",
    "model/target.py",
}
"""Ansible leaves out what nothing imports."""
PLAYBOOK = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.import_role: {name: iot_https, tasks_from: check}
"""
QUIET = {"ANSIBLE_NO_TARGET_SYSLOG": "1"}
KEEP = """#!/bin/sh
cat > "$KEPT"
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The role, copied as an installed one is and used from a folder without this repository, sends its module.

    What would be run is a program that keeps it, for the module must not run on this machine.
    """
    folder = tmp_path_factory.mktemp("installed")
    shutil.copytree(ROLE, folder / "roles/iot_https", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "play.yml").write_text(PLAYBOOK)
    keep = folder / "python"
    keep.write_text(KEEP)
    keep.chmod(0o755)
    words = ["-i", "box,", "-c", "local", "-e", f"ansible_python_interpreter={keep}", "-e", "ansible_become=false"]
    words += ["-e", "iot_https_db_uuid=canary-uuid"]
    subprocess.run(
        [sys.executable, "-m", "ansible", "playbook", *words, "play.yml"],
        cwd=folder,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "KEPT": str(folder / "kept"),
            "ANSIBLE_PIPELINING": "1",
            **QUIET,
        },
        capture_output=True,
        check=False,
        timeout=100,
    )
    return (folder / "kept").read_bytes()


@pytest.fixture(scope="module")
def payload(program: bytes) -> ansiballz.Payload:
    """What of it is ours."""
    found = ansiballz.read(program)
    assert found is not None
    return found


def sent_by_the_command() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(carrier.program_zip())) as archive:
        return {name.removeprefix("reconciler/"): archive.read(name) for name in archive.namelist()}


def test_it_is_what_the_command_sends_and_what_makes_a_result_of_it(payload: ansiballz.Payload) -> None:
    more = {f"{folder}/{name}" for folder, names in OF_THE_MODULE.items() for name in names}
    assert set(payload.package) == set(sent_by_the_command()) - NOT_NEEDED | more


def test_every_file_is_that_of_the_package(payload: ansiballz.Payload) -> None:
    package = ROOT / "reconciler"
    assert {name: (package / name).read_bytes() for name in payload.package} == dict(payload.package)


def test_the_module_gets_what_it_documents(payload: ansiballz.Payload) -> None:
    assert payload.name == "iot_https"
    assert payload.arguments["name"] == "box"
    assert payload.arguments["_ansible_check_mode"] is True
    assert payload.arguments["sent_at"].endswith("+00:00")
    assert "token" not in payload.arguments


def test_the_true_module_refuses_in_the_words_of_the_command(program: bytes) -> None:
    done = subprocess.run([sys.executable], input=program, capture_output=True, check=False, timeout=60)
    result = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert (result["failed"], result["changed"], result["state"]) == (True, False, "invalid")
    assert "iot_https_db_uuid is not a UUID" in result["msg"]
    assert b"canary" not in done.stdout
