"""Every command in the README and docs is one that exists, and every option that exists is in the README."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from iotbox_simulator.machine.box import SimulatedBox
from reconciler.cli import _parser, main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
COMMANDS = re.findall(r"^\$ (.+)$", README, re.MULTILINE)
IOT_HTTPS = [command for command in COMMANDS if command.startswith("iot-https ")]


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("make ")])
def test_make_targets_of_the_readme_exist(command: str) -> None:
    target = command.split()[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("command", IOT_HTTPS)
def test_commands_of_the_readme_do_what_it_says(
    command: str, box: SimulatedBox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = re.search(r"^\$ cat desired\.yml\n(.*?)^\$", README, re.MULTILINE | re.DOTALL)
    assert example
    (tmp_path / "desired.yml").write_text(example[1].replace("mycompany.odoo.com", "db.example"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin.readline", lambda: "y\n", raising=False)
    assert main(shlex.split(command)[1:]) == 2


def test_every_option_is_in_the_readme() -> None:
    verbs = next(action.choices for action in _parser()._actions if action.choices)
    assert isinstance(verbs, dict)
    options = {flag for verb in verbs.values() for action in verb._actions for flag in action.option_strings}
    missing = {flag for flag in options if flag.startswith("--") and f"`{flag}" not in README} - {"--help"}
    assert not missing


def test_there_are_commands_to_test() -> None:
    assert len(IOT_HTTPS) >= 3
