"""Commands of the README and of the pages about the command do what they say, and every option is in one of them."""

from __future__ import annotations

import argparse
import functools
import re
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from reconciler.cli import main
from reconciler.cli.host_keys import KeySeen
from reconciler.cli.parser import make_parser
from reconciler.connections import kinds
from reconciler.connections.ssh_presented import Presented
from reconciler.model.status import DIFFERENCES, STANDING
from reconciler.model.target import ConnectionKind, Target
from reconciler.schedule import install
from reconciler.schedule.show import show
from tests.schedule.machine import FOLDER, Memory

from ..support.third_kind import opener
from .conftest import Machines
from .test_cli import Terminal

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/command.md", "docs/inventory.md", "docs/local.md", "docs/schedule.md")
DOCS = "\n".join((ROOT / page).read_text() for page in PAGES)
COMMANDS = re.findall(r"^\$ (.+)$", DOCS, re.MULTILINE)
VERBS = r"iot-https (check|reconcile|diagnose) "
IOT_HTTPS = [each for each in COMMANDS if re.match(VERBS, each) and "/demo" not in each]
HOST_KEYS = [command for command in COMMANDS if command.startswith("iot-https host-keys ")]
SUDO = 'sudo "$(command -v iot-https)" '
SCHEDULE = [command for command in COMMANDS if command.startswith(("iot-https schedule ", f"{SUDO}schedule "))]
INSTALL = [command for command in COMMANDS if command.startswith("pipx ")]
ELSEWHERE = (
    "ansible ",
    "cat desired.yml",
    "chmod 600 desired.yml",
    "export ",
    "iot-https completion ",
    "iot-https demo --serve",
    "iot-https explain ",
    "iot-https inventory ",
    "make ",
)
"""Commands that other tests run, and those that only prepare the ones after them."""
ON_A_BOX = "python3 -m pip install --target /tmp/iot-https --no-deps . pyyaml"


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("make ")])
def test_make_targets_of_the_docs_exist(command: str) -> None:
    target = command.split()[1]
    assert re.search(rf"^([\w-]+ )*{target}( [\w-]+)*:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.fixture
def reader(machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machines:
    """Somebody who follows the README with boxes that answer in memory, and says yes."""
    example = re.search(r"^\$ cat desired\.yml\n(.*?)^\$", DOCS, re.MULTILINE | re.DOTALL)
    assert example
    (tmp_path / "desired.yml").write_text(example[1].replace("mycompany.odoo.com", "db.example"))
    (tmp_path / "inventories").symlink_to(ROOT / "inventories")
    (tmp_path / "failed-boxes.txt").write_text("hanoi-till-1\n")
    (exported,) = [line for line in COMMANDS if line.startswith("export ANSIBLE_VAULT_PASSWORD_FILE=")]
    # Ansible reads its environment once, when it is imported, which some other test may have done
    monkeypatch.setattr("ansible.constants.DEFAULT_VAULT_PASSWORD_FILE", exported.partition("=")[2])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))

    monkeypatch.setitem(kinds._ENTRIES, ConnectionKind.SSH, opener(machines.run))
    return machines


@pytest.mark.parametrize("command", IOT_HTTPS)
def test_commands_of_the_docs_do_what_they_say(command: str, reader: Machines) -> None:
    # the serial number of some is pinned, and is not that of the box in memory
    assert main(shlex.split(command)[1:]) & ~STANDING == DIFFERENCES
    assert reader.boxes


@pytest.mark.usefixtures("reader")
def test_host_keys_of_the_readme_are_added(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"

    async def shown(targets: Sequence[Target], _: int) -> list[KeySeen]:
        keys = (Presented(each.name, "192.0.2.1", "", "", f"key {each.name}", str(file)) for each in targets)
        return [KeySeen(each.name, each) for each in keys]

    monkeypatch.setattr("reconciler.cli.host_keys._look", shown)
    for command in HOST_KEYS:
        assert main(shlex.split(command)[1:]) == 0
    assert "hanoi-till-1 key hanoi-till-1" in file.read_text().splitlines()


def test_schedules_of_the_readme_come_and_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Memory()
    monkeypatch.chdir(FOLDER)
    monkeypatch.setattr("reconciler.cli.schedule.own_program", lambda: ("/usr/bin/iot-https",))
    for name in ("install", "remove"):
        action = functools.partial(getattr(install, name), directory=tmp_path, run=machine.run)
        monkeypatch.setattr(f"reconciler.cli.schedule.schedule.{name}", action)
    monkeypatch.setattr("reconciler.cli.schedule.show", functools.partial(show, directory=tmp_path, run=machine.run))
    left = []
    for command in SCHEDULE:
        assert main(shlex.split(command.removeprefix("sudo "))[1:]) == 0
        left.append(len(list(tmp_path.iterdir())))
    assert left == [2, 2, 0]


def test_every_option_is_in_the_docs() -> None:
    options = set(_options(make_parser()))
    pages = "\n".join(page.read_text() for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
    missing = {flag for flag in options if flag.startswith("--") and f"`{flag}" not in pages} - {"--help", "--version"}
    assert len(options) > 30
    assert not missing


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        yield from action.option_strings
        for verb in action.choices.values() if isinstance(action.choices, dict) else ():
            yield from _options(verb)


def test_there_are_commands_to_test() -> None:
    assert len(IOT_HTTPS) >= 8
    assert len(SCHEDULE) == 3
    assert len(INSTALL) == len(HOST_KEYS) == 1


def test_there_is_no_command_that_no_test_knows() -> None:
    known = {*IOT_HTTPS, *HOST_KEYS, *SCHEDULE, *INSTALL, ON_A_BOX}
    demo = [command for command in COMMANDS if "inventories/demo" in command]
    left = [each for each in COMMANDS if each not in known and each not in demo and not each.startswith(ELSEWHERE)]
    assert left == []


PROGRAMS = {
    "pipx": """[ "$1" = install ] && mkdir -p ~/.local/bin && cp "$0" ~/.local/bin/iot-https""",
    "sudo": """PATH=/usr/sbin:/usr/bin; [ -x "$1" ] && printf '%s\\n' "$1" """,
}
"""What the commands of an installation stand on: `sudo` starts with a PATH of its own."""


def test_what_is_installed_is_found_behind_sudo_too(tmp_path: Path) -> None:
    for name, body in PROGRAMS.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    script = "\n".join(["set -eu", *INSTALL, *(each for each in SCHEDULE if each.startswith("sudo"))])
    environment = {"HOME": str(tmp_path), "PATH": f"{tmp_path}:{tmp_path}/.local/bin:/usr/bin:/bin"}
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [str(tmp_path / ".local/bin/iot-https")] * 2
