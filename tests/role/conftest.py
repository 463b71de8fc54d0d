"""The demo's fleet on addresses of its own, and Ansible as an MSP runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.report.json_report import schema
from tests.support.served_fleet import ROOT, first_address, served_fleet

SCHEMA = Draft202012Validator(schema())


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
    with served_fleet(folder, first_address(79)):
        yield Control(tmp_path_factory.mktemp("home"), folder)
