"""The demo's fleet on addresses of its own, and Ansible as an MSP runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.report.json_report import schema

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = Draft202012Validator(schema())
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
FIRST = IPv4Address("127.79.0.20") + 256 * WORKER
SERVE = """
import asyncio, pathlib, sys
from ipaddress import IPv4Address
from iotbox_simulator.scenario import of_the_demo
from iotbox_simulator.serve import serve
sys.exit(asyncio.run(serve(of_the_demo(), pathlib.Path(sys.argv[1]), IPv4Address(sys.argv[2]))))
"""


@dataclass(frozen=True)
class Played:
    """What came of a play."""

    status: int
    output: str
    results: Path

    def recap(self, name: str) -> dict[str, int]:
        """Return the numbers of one host in the last lines."""
        (line,) = (line for line in self.output.splitlines() if line.split(" ")[0] == name and " : ok=" in line)
        return {key: int(number) for key, number in (word.split("=") for word in line.split(":")[1].split())}

    def report(self, name: str) -> dict[str, Any]:
        """Return the file of one host, which keeps the schema and is ours only."""
        path = self.results / f"{name}.json"
        assert path.stat().st_mode & 0o777 == 0o600
        report: dict[str, Any] = json.loads(path.read_text())
        SCHEMA.validate(report)
        return report


@dataclass(frozen=True)
class Control:
    """A control machine: a home of its own, and the settings of this repository."""

    home: Path
    inventory: Path

    @property
    def recorded(self) -> tuple[str, str]:
        """Words for a play that is to write results."""
        return ("-e", json.dumps({"iot_https_results_folder": str(self.home / "results")}))

    def play(self, playbook: str, *words: str) -> Played:
        """Run a playbook."""
        fixed = {"HOME": str(self.home), "ANSIBLE_NOCOLOR": "1", "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
        command = [sys.executable, "-m", "ansible", "playbook", "-i", str(self.inventory), playbook]
        done = subprocess.run(
            [*command, *words],
            cwd=ROOT,
            env={**_ours(), **fixed},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=100,
        )
        assert "Traceback" not in done.stdout, done.stdout
        return Played(done.returncode, done.stdout, self.home / "results")


def _ours() -> Mapping[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}


@pytest.fixture(scope="module")
def control(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Control]:
    """The demo's fleet, up, and a control machine."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-c", SERVE, str(folder), str(FIRST)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = iter(process.stdout)
        assert any("Ctrl-C" in line for line in said)
        yield Control(tmp_path_factory.mktemp("home"), folder)
        process.terminate()
        assert process.wait(30) == 0
