"""The commands of docs/local.md: installed beside the box's own Python, with PyYAML and nothing else."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.collection.core import repository

from .machine import Machine

PAGE = (Path(__file__).parents[2] / "docs/local.md").read_text(encoding="utf-8")


@pytest.mark.install
@pytest.mark.timeout(600)
def test_the_command_works_beside_the_box_own_python(machine: Machine, place: Path) -> None:
    folder = machine.home / "iot-https"
    (console,) = re.findall(r"^```console\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    typed = [line.removeprefix("$ ") for line in console.replace("/tmp/iot-https", str(folder)).splitlines()]
    install, export, check = typed[0], typed[1], next(line for line in typed if line.startswith("iot-https check "))
    machine.run(install, repository(place / "clone"))
    said = machine.run(f"{export}; iot-https --version").stdout
    assert "ansible-core not installed" in said
    assert f"in {folder}/reconciler" in said
    wanted = machine.home / "desired.yml"
    wanted.write_text("".join(f"{line}\n" for line in typed if line.startswith("iot_https_")))
    wanted.chmod(0o600)
    if os.geteuid() == 0:  # else it asks for a password of sudo
        reported = machine.run(f"{export}; {check} --output json", ok=False).stdout
        assert [box["state"] for box in json.loads(reported)["boxes"]] == ["unsupported"]
