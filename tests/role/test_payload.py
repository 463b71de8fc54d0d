"""What Ansible sends to a box is the package of this repository, from wherever the role is used."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from iotbox_simulator.ssh import ansiballz
from reconciler.codes import CodeName
from reconciler.connections import carrier, reply
from reconciler.model import wire
from reconciler.model.desired import WIRE_VERSION, Desired, Mode, Request
from reconciler.role import printed
from tests.support.loaded import load

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 2, tzinfo=UTC)
NOT_NEEDED = {
    "codes/phrases/walked.py",
    "results/restate.py",
    "diagnosis/chain.py",
    "diagnosis/evidence.py",
    "diagnosis/product_page.py",
    "diagnosis/steps.py",
    "diagnosis/ticket.py",
    "model/bounded_json.py",
    "model/connection_token.py",
    "results/diagnosis.py",
    "results/events.py",
    "model/fields.py",
    "results/fleet.py",
    "model/names.py",
    "model/near.py",
    "model/plain.py",
    "model/status.py",
    "model/support.py",
    "net/dial.py",
    "model/target.py",
    "model/validate.py",
    "model/variables.py",
}
"""Ansible leaves out what nothing imports."""
PLAYBOOK = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.import_role: {name: iot_https.fleet.iot_https, tasks_from: check}
"""
QUIET = {"ANSIBLE_NO_TARGET_SYSLOG": "1"}
KEEP = """#!/bin/sh
cat > "$KEPT"
"""


def played(folder: Path, variables: dict[str, str]) -> str:
    """Use the collection, copied as an installed one is, from a folder without this repository; return what is printed.

    What would be run is a program that keeps it, for the module must not run on this machine.
    """
    beside = folder / "collections/ansible_collections/iot_https/fleet"
    for part in ("meta", "plugins", "roles"):
        shutil.copytree(ROOT / part, beside / part, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "play.yml").write_text(PLAYBOOK)
    keep = folder / "python"
    keep.write_text(KEEP)
    keep.chmod(0o755)
    words = ["-i", "box,", "-c", "local", "-e", f"ansible_python_interpreter={keep}", "-e", "ansible_become=false"]
    words += ["-e", json.dumps(variables)]
    done = subprocess.run(
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
        text=True,
        check=False,
        timeout=100,
    )
    return done.stdout


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What the role sends."""
    folder = tmp_path_factory.mktemp("installed")
    played(folder, {"iot_https_token": "canary-token", "iot_https_server_url": "https://db.example"})
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


def test_it_is_what_the_command_sends_and_nothing_more(payload: ansiballz.Payload) -> None:
    assert sorted(set(sent_by_the_command()) - set(payload.package)) == sorted(NOT_NEEDED)
    assert set(payload.package) <= set(sent_by_the_command())


def test_every_file_is_that_of_the_package(payload: ansiballz.Payload) -> None:
    package = ROOT / "reconciler"
    assert {name: (package / name).read_bytes() for name in payload.package} == dict(payload.package)


def test_the_module_gets_one_request(payload: ansiballz.Payload) -> None:
    assert payload.name == "iot_https.fleet.iot_https_box"
    assert {name for name in payload.arguments if not name.startswith("_ansible_")} == {"request"}
    request = wire.decode(Request, json.loads(payload.arguments["request"]))
    assert (request.desired.name, request.mode, request.desired.server_url) == ("box", Mode.CHECK, "https://db.example")
    assert request.sent_at is not None


def test_the_true_module_answers_with_a_reply_and_shows_no_secret(program: bytes) -> None:
    """The request is made one of another version, so that it does not look at this machine."""
    present = re.compile(rb'(version[\\"]+: )%d\b' % WIRE_VERSION)
    other, replaced = present.subn(rb"\g<1>91", program)
    assert replaced == 1
    done = subprocess.run([sys.executable], input=other, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    said = printed.said(done.stdout.decode(), done.stderr.decode())
    result = reply.read(said.output, Request(desired=Desired(name="box")), NOW)
    assert "the request is not of version" in result.after[0].evidence
    assert b"canary" not in done.stdout


def test_a_box_whose_entry_cannot_be_used_is_not_connected_to(tmp_path: Path) -> None:
    shown = played(tmp_path, {"iot_https_db_uuid": "canary-uuid"})
    assert "iot_https_db_uuid is not a UUID" in shown
    assert "canary" not in shown
    assert not (tmp_path / "kept").exists()


def test_a_python_that_is_too_old_says_so_as_to_the_command() -> None:
    said = load(ROOT / "plugins/modules/iot_https_box.py").python_is_too_old()
    result = reply.read(said.encode(), Request(desired=Desired(name="box")), NOW)
    assert [each.code for each in result.after] == [CodeName.UNSUPPORTED_PYTHON]
