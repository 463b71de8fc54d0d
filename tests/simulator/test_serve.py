"""The demo's fleet, kept up: the commands of the README work on it, and it ends without a trace."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from iotbox_simulator import inventory_files
from iotbox_simulator.__main__ import main
from iotbox_simulator.inventory_files import STANDARD_PORTS
from iotbox_simulator.scenario import of_the_demo
from iotbox_simulator.serve import FIRST_ADDRESS
from reconciler.cli import main as iot_https
from reconciler.results.fleet import BoxState
from tests.support.patience import PATIENCE
from tests.support.served_fleet import ROOT, command, first_address, served_fleet

PAGES = "\n".join((ROOT / page).read_text() for page in ("README.md", "docs/first-steps.md"))
COMMANDS = list(dict.fromkeys(re.findall(r"^\$ (.* -i inventories/demo.*)$", PAGES, re.MULTILINE)))
MODULES = {
    "iot-https": ("reconciler.cli",),
    "ansible": ("ansible", "adhoc"),
    "ansible-playbook": ("ansible", "playbook"),
}
FIRST = first_address(78)
MARK = "IOT_SIMULATOR"
MINE = """
customers: {baker: {server_url: https://baker.example, db_uuid: u-1, enterprise_code: M1}}
boxes: {paris-till: {customer: baker, store: paris, kind: ro_ini}}
"""


@dataclass(frozen=True)
class Served:
    """A fleet that is up."""

    process: subprocess.Popen[str]
    home: Path
    inventory: Path
    said: str

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the README on this fleet."""
        here = command.replace("inventories/demo", shlex.quote(str(self.inventory))).replace(
            "/tmp/results", str(self.home / "results")
        )
        words = shlex.split(here)
        return subprocess.run(
            [sys.executable, "-m", *MODULES[words[0]], *words[1:]],
            cwd=ROOT,
            env={**os.environ, "XDG_STATE_HOME": str(self.home), "HOME": str(self.home)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo's fleet on addresses of its own."""
    folder = tmp_path_factory.mktemp("demo of a shop")  # a path with a blank is quoted for SSH and for Ansible
    with served_fleet(folder, FIRST) as fleet:
        yield Served(fleet.process, tmp_path_factory.mktemp("home"), folder, fleet.said)


def test_the_inventory_in_the_repository_is_what_the_demo_writes() -> None:
    expected = inventory_files.files(of_the_demo(), FIRST_ADDRESS, STANDARD_PORTS)
    folder = ROOT / "inventories/demo"
    there = [path for path in folder.rglob("*") if path.is_file() and inventory_files.ACCESS not in path.parts]
    assert {str(path.relative_to(folder)): path.read_text() for path in there} == dict(expected)


def test_there_are_commands_to_test() -> None:
    assert {shlex.split(command)[0] for command in COMMANDS} == set(MODULES)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_of_the_readme_work(served: Served, command: str) -> None:
    done = served.run(command)
    # one box does not answer, two are for a person: their hosts fail a play; the others differ or are changed
    expected = {"iot-https": {2, 26}, "ansible": {0}, "ansible-playbook": {0, 2}}[shlex.split(command)[0]]
    assert done.returncode in expected, done.stderr
    assert "Traceback" not in done.stderr


def test_a_support_bundle_is_collected_over_ssh_and_has_no_secret(served: Served, tmp_path: Path) -> None:
    archive = tmp_path / "bundle.tar.gz"
    done = served.run(f"iot-https support-bundle -i inventories/demo hanoi-till-1 --file {archive}")

    assert (done.returncode, done.stdout) == (0, f"{archive}\n"), done.stderr
    with tarfile.open(archive) as bundle:
        texts = {each.name.rpartition("/")[2]: (bundle.extractfile(each) or io.BytesIO()).read() for each in bundle}
    assert "odoo.log" in texts
    assert b"********" in texts["configuration.txt"]
    for box in of_the_demo().boxes:
        secrets = (box.customer.db_uuid.encode(), box.customer.enterprise_code.encode())
        assert not [name for name, text in texts.items() for each in secrets if each in text]


def test_a_support_bundle_of_a_box_that_is_off_says_so(served: Served, tmp_path: Path) -> None:
    (box,) = [each.name for each in of_the_demo().boxes if each.ends is BoxState.UNREACHABLE]
    done = served.run(f"iot-https support-bundle -i inventories/demo {box} --file {tmp_path}/bundle.tar.gz")

    assert (done.returncode, done.stdout) == (16, f"{tmp_path}/bundle.tar.gz\n"), done.stderr
    assert "The box was not reached" in done.stderr


def test_afterwards_each_box_is_as_its_scenario_says(served: Served) -> None:
    for verb in ("reconcile --yes --max-changed 12", "check"):
        done = served.run(f"iot-https {verb} -i inventories/demo --no-probe --output json")
    states = {box["name"]: BoxState(box["state"]) for box in json.loads(done.stdout)["boxes"]}
    assert states == {box.name: box.ends for box in of_the_demo().boxes}


def test_two_processes_of_tests_have_no_address_in_common() -> None:
    script = "from tests.support.served_fleet import first_address; print(first_address(78), flush=True); input()"
    words = [sys.executable, "-c", script]
    streams: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(words, cwd=ROOT, **streams) as one, subprocess.Popen(words, cwd=ROOT, **streams) as other:
        assert one.stdout is not None
        assert other.stdout is not None
        addresses = {one.stdout.readline().decode().strip(), other.stdout.readline().decode().strip(), str(FIRST)}
        assert len(addresses) == 3
        for each in (one, other):
            each.communicate(b"\n", timeout=PATIENCE)


def test_nobody_else_gets_the_same_addresses(served: Served, tmp_path: Path) -> None:
    second = subprocess.run(
        command(tmp_path, FIRST), cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert "the boxes cannot be served" in second.stderr
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [tmp_path / ".access/in-use"]


@pytest.mark.parametrize(
    "name",
    ["hosts.yml", "group_vars/all.yml", "group_vars/customer_bakery.yml", ".access/known_hosts", ".access/id_ed25519"],
)
def test_a_file_of_somebody_else_is_left_alone(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("all: {hosts: {mine: {}}}\n")
    assert main(["--serve", str(tmp_path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{path} ")
    assert "is left alone: give another FOLDER" in line
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]
    assert path.read_text() == "all: {hosts: {mine: {}}}\n"


def test_what_it_wrote_itself_is_written_anew(served: Served) -> None:
    texts = inventory_files.files(of_the_demo(), FIRST, STANDARD_PORTS)
    (served.inventory / "hosts.yml").write_text(texts["hosts.yml"] + "# mine\n")
    inventory_files.claim(served.inventory, texts)
    inventory_files.write(served.inventory, texts)
    assert (served.inventory / "hosts.yml").read_text() == texts["hosts.yml"]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["--serve", str(tmp_path / "file" / "folder")]) == 1
    assert "Not a directory; the inventory cannot be written\n" in capsys.readouterr().err


def test_a_scenario_of_ones_own_needs_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    story = tmp_path / "mine.yml"
    story.write_text(MINE)
    monkeypatch.chdir(tmp_path)
    assert main([str(story), "--serve"]) == 1
    assert "--serve needs a FOLDER" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["mine.yml"]


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        (["--serve"], ["--serve"]),
        (["--serve", "there"], ["--serve", "there"]),
        (["mine.yml", "--serve"], ["mine.yml", "--serve"]),
        (["mine.yml", "--serve", "there"], ["mine.yml", "--serve", "there"]),
        ([], []),
    ],
)
def test_the_verb_passes_on_what_was_given(
    given: list[str], passed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr("os.execv", lambda _, arguments: called.append(arguments))
    iot_https(["demo", *given])
    assert [each[3:] for each in called] == [passed]


def test_it_ends_when_it_is_told_to(served: Served) -> None:
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(PATIENCE) == 0
    assert "try:" in served.said
    key = served.inventory / inventory_files.ACCESS / inventory_files.KEY
    assert key.stat().st_mode & 0o777 == 0o600
    left = [each for each in Path("/proc").glob("[0-9]*/environ") if f"{MARK}_SUDO".encode() in _bytes(each)]
    assert left == []


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
