"""The demo's fleet, kept up: the commands of the README work on it, and it ends without a trace."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from iotbox_simulator import inventory_files
from iotbox_simulator.scenario import of_the_demo
from iotbox_simulator.serve import FIRST_ADDRESS, STANDARD_PORTS
from reconciler.model.fleet import BoxState

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
COMMANDS = re.findall(r"^\$ (.* -i inventories/demo.*)$", README, re.MULTILINE)
FIRST = IPv4Address("127.78.40.20")
SERVE = f"""
import asyncio, pathlib, sys
from ipaddress import IPv4Address
from iotbox_simulator.scenario import of_the_demo
from iotbox_simulator.serve import serve
sys.exit(asyncio.run(serve(of_the_demo(), pathlib.Path(sys.argv[1]), IPv4Address("{FIRST}"))))
"""
MARK = "IOT_SIMULATOR"


@dataclass(frozen=True)
class Served:
    """A fleet that is up."""

    process: subprocess.Popen[str]
    home: Path
    inventory: Path
    said: str

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the README on this fleet."""
        words = shlex.split(command.replace("inventories/demo", str(self.inventory)))
        modules = {"iot-https": ("reconciler.cli",), "ansible": ("ansible", "adhoc")}
        return subprocess.run(
            [sys.executable, "-m", *modules[words[0]], *words[1:]],
            cwd=ROOT,
            env={**os.environ, "XDG_STATE_HOME": str(self.home), "HOME": str(self.home)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )


def start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", SERVE, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo's fleet on addresses of its own."""
    folder = tmp_path_factory.mktemp("demo")
    with start(folder) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        yield Served(process, tmp_path_factory.mktemp("home"), folder, said)
        process.kill()


def test_the_inventory_in_the_repository_is_what_the_demo_writes() -> None:
    expected = inventory_files.files(of_the_demo(), FIRST_ADDRESS, STANDARD_PORTS.ssh)
    folder = ROOT / "inventories/demo"
    there = [path for path in folder.rglob("*") if path.is_file() and inventory_files.ACCESS not in path.parts]
    assert {str(path.relative_to(folder)): path.read_text() for path in there} == dict(expected)


def test_there_are_commands_to_test() -> None:
    assert {shlex.split(command)[0] for command in COMMANDS} == {"iot-https", "ansible"}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_of_the_readme_work(served: Served, command: str) -> None:
    done = served.run(command)
    # one box does not answer; some differ, or are changed
    expected = {"iot-https": {2, 4, 6}, "ansible": {0, 4}}[shlex.split(command)[0]]
    assert done.returncode in expected, done.stderr
    assert "Traceback" not in done.stderr


def test_afterwards_each_box_is_as_its_scenario_says(served: Served) -> None:
    for verb in ("reconcile --yes --max-changed 12", "check"):
        done = served.run(f"iot-https {verb} -i inventories/demo --no-probe --output json")
    states = {box["name"]: BoxState(box["state"]) for box in json.loads(done.stdout)["boxes"]}
    assert states == {box.name: box.ends for box in of_the_demo().boxes}


def test_nobody_else_gets_the_same_addresses(served: Served, tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVE.replace("sys.exit(", "print("), str(tmp_path)]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert "the boxes cannot be served" in second.stderr
    assert not list(tmp_path.iterdir())


def test_it_ends_when_it_is_told_to(served: Served) -> None:
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(30) == 0
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
