"""The commands of docs/first-steps.md, typed one after the other in an empty folder, on a box that is up."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from tests.support.served_fleet import ROOT, first_address, served_fleet
from tests.support.terminal import Shown, at_terminal

FIRST = first_address(79)
UUID = "22222222-3333-4444-5555-666666666666"
SCENARIO = f"""
customers: {{lotus: {{server_url: https://lotus.example, db_uuid: {UUID}, enterprise_code: M1}}}}
resolvers: [1.1.1.1]
boxes: {{hanoi-till-1: {{customer: lotus, store: hanoi, kind: rw_ini, faults: [expired]}}}}
"""
PAGE = (ROOT / "docs/first-steps.md").read_text()
COMMANDS = [
    command
    for command in re.findall(r"^\$ (.+)$", PAGE, re.MULTILINE)
    if "demo" not in command and not command.startswith("ansible-galaxy ")
]
ANSWERS = {
    "ansible-vault encrypt_string --prompt": (
        ("Variable name (enter for no name):", "iot_https_db_uuid"),
        ("String to encrypt (hidden):", UUID),
    ),
    "iot-https host-keys": (("known_hosts? [y/N]", "y"),),
    "iot-https reconcile hanoi-till-1": (("Do this? [y/N]", "y"),),
}
"""What is typed, by the command that asks; all others must not ask."""
PLAYS = [each for each in COMMANDS if each.startswith("ansible-playbook ") and "-i inventory" not in each]
OWN = [each for each in COMMANDS if each.startswith("ansible-playbook -i inventory ")]
USAGE, DIFFERS, FAILED = 1, 2, 2
pytestmark = pytest.mark.timeout(600)
PROBED = 8 | 16
"""What the look from outside may add: the names of simulated boxes are in no DNS."""


@dataclass
class Beginner:
    """Somebody who types commands, in the folder and environment to which the earlier ones led."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def type(self, command: str) -> Shown:
        """Type a command, and answer what it asks."""
        if command.startswith("cd "):
            self.folder /= command.removeprefix("cd ")
            return Shown(0, "")
        if command.startswith("export "):
            name, _, value = command.removeprefix("export ").partition("=")
            self.env[name] = value.replace("$PWD", str(self.folder))
            return Shown(0, "")
        words = ["/bin/sh", "-c", command]
        if command in ANSWERS:
            return at_terminal(words, ANSWERS[command], cwd=self.folder, env=self.env)
        done = subprocess.run(
            words,
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=100,
        )
        return Shown(done.returncode, done.stdout)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep one box up, and return the folder with what is needed to log in."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "scenario.yml").write_text(SCENARIO)
    with served_fleet(folder / "demo", FIRST, folder / "scenario.yml"):
        yield folder / "demo"


def _access(served: Path) -> tuple[dict[str, object], str]:
    """Return how to log in to the box that is up, and its address."""
    port = yaml.safe_load((served / "group_vars/all.yml").read_text())["ansible_port"]
    (address,) = re.findall(r"ansible_host: (\S+)", (served / "hosts.yml").read_text())
    return {"ansible_port": port, "ansible_ssh_private_key_file": f"{served}/.access/id_ed25519"}, address


def fill_in(project: Path, served: Path) -> None:
    """Enter the box that is up, as the page says; port and key are those of a simulated box."""
    access, address = _access(served)
    for path, value in (("hosts.yml", address), ("group_vars/customer_lotus.yml", "https://lotus.example")):
        file = project / "inventory" / path
        file.write_text(file.read_text().replace("CHANGE_ME", value))
    with (project / "inventory/group_vars/all.yml").open("a") as everybody:
        everybody.writelines(f"{name}: {value}\n" for name, value in access.items())


def paste(project: Path, shown: str) -> None:
    """Paste what ansible-vault printed into the file of the customer."""
    lines = shown.replace("\r", "").splitlines()
    begins = next(number for number, line in enumerate(lines) if line.endswith("!vault |"))
    value = itertools.takewhile(lambda line: line.startswith(" "), lines[begins + 1 :])
    with (project / "inventory/group_vars/customer_lotus.yml").open("a") as customer:
        customer.write("".join(f"{line}\n" for line in (lines[begins], *value)))


@dataclass(frozen=True)
class Walked:
    """How far the page leads in a shell: to a box that was repaired."""

    beginner: Beginner
    shown: dict[str, list[Shown]]


@pytest.fixture(scope="module")
def walked(served: Path, tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """Type every command up to the first play, with the command installed, in an empty folder and a new home."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    programs = f"{Path(sys.executable).parent}:{ours['PATH']}"
    home = str(tmp_path_factory.mktemp("home"))
    env = {**ours, "PATH": programs, "HOME": home, "XDG_STATE_HOME": home, "COLUMNS": "200", "ANSIBLE_NOCOLOR": "1"}
    walked = Walked(Beginner(tmp_path_factory.mktemp("work"), env), {})
    for command in COMMANDS[: COMMANDS.index(PLAYS[0])]:
        shown = walked.beginner.type(command)
        walked.shown.setdefault(command, []).append(shown)
        if "CHANGE_ME" in shown.text:
            fill_in(walked.beginner.folder, served)
        if command.startswith("ansible-vault "):
            paste(walked.beginner.folder, shown.text)
    return walked


def test_an_example_is_named_and_then_the_box_is_checked(walked: Walked) -> None:
    untouched, filled_in = walked.shown["iot-https check"]
    assert untouched.status == USAGE
    assert untouched.text.strip() in PAGE
    assert filled_in.status & ~PROBED == DIFFERS
    assert "IOT_HTTPS_EXPIRED" in filled_in.text
    assert "\n          + certificate" in walked.shown["iot-https check hanoi-till-1 --diff"][0].text


def test_the_project_keeps_the_host_keys(walked: Walked) -> None:
    assert walked.shown["iot-https host-keys"][0].status == 0
    assert (walked.beginner.folder / "known_hosts").read_text().startswith("hanoi-till-1 ssh-")
    assert not (Path(walked.beginner.env["HOME"]) / ".ssh").exists()


def test_the_box_is_repaired(walked: Walked) -> None:
    assert walked.shown["iot-https reconcile hanoi-till-1"][0].status & ~PROBED == DIFFERS
    (checked,) = [walked.beginner.type("iot-https check --no-probe")]
    assert checked.status == 0, checked.text


@pytest.mark.parametrize("command", PLAYS)
def test_plays_find_nothing_left_to_do(command: str, walked: Walked) -> None:
    played = walked.beginner.type(command)
    assert played.status == 0, played.text
    assert re.search(r"hanoi-till-1 +: ok=\d+ +changed=0 ", played.text)


def test_awx_reads_the_inventory_without_the_password_that_its_job_has(walked: Walked, tmp_path: Path) -> None:
    """A source of an inventory has no password, and what it exports is printed by a script to the job."""
    there = walked.beginner
    source = Beginner(there.folder, {name: value for name, value in there.env.items() if "VAULT" not in name})
    exported = source.type("ansible-inventory --inventory inventory --list --export")
    assert exported.status == 0
    script = tmp_path / "hosts"
    script.write_text(f"#!/usr/bin/env python3\nprint({exported.text!r})\n")
    script.chmod(0o755)
    job = f"ansible-playbook -i {script} -u root --vault-password-file .vault-password playbooks/check.yml"
    played = source.type(job)
    assert played.status == 0, played.text
    locked = source.type(job.replace("--vault-password-file .vault-password", ""))
    assert locked.status != 0
    assert UUID not in exported.text + played.text + locked.text


def test_host_keys_are_checked_where_the_environment_says_otherwise(walked: Walked, tmp_path: Path) -> None:
    there = walked.beginner
    # a home of its own: a connection that is still open from an earlier play would be used again
    env = {**there.env, "ANSIBLE_HOST_KEY_CHECKING": "False", "HOME": str(tmp_path)}
    careless = Beginner(there.folder, env)
    unknown = f"-e 'ansible_ssh_extra_args=\"-o UserKnownHostsFile={tmp_path}/none\"'"
    played = careless.type(f"ansible-playbook playbooks/check.yml {unknown}")
    assert "Host key verification failed" in played.text
    assert not (tmp_path / "none").exists()


def test_plays_name_what_is_to_be_filled_in_and_connect_to_nothing(walked: Walked, tmp_path: Path) -> None:
    newcomer = Beginner(tmp_path, walked.beginner.env)
    newcomer.type("iot-https project init new")
    newcomer.type("cd new")
    for playbook in ("playbooks/check.yml", "playbooks/rollout.yml"):
        played = newcomer.type(f"ansible-playbook {playbook}")
        assert played.status == FAILED
        (said,) = [line for line in played.text.splitlines() if "[ERROR]" in line]
        assert said.endswith(walked.shown["iot-https check"][0].text.strip().removeprefix("iot-https: "))
        assert re.search(r"hanoi-till-1 .* unreachable=0 ", played.text)


@pytest.mark.parametrize("command", OWN)
def test_an_inventory_of_ones_own_is_enough(command: str, walked: Walked, served: Path, tmp_path: Path) -> None:
    (shown,) = re.findall(r"^```yaml\n# (inventory/\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    own = yaml.safe_load(shown[1])
    access, address = _access(served)
    own["customer_lotus"]["hosts"]["hanoi-till-1"] |= {"ansible_host": address, **access}
    own["customer_lotus"]["vars"]["iot_https_server_url"] = "https://lotus.example"
    (tmp_path / shown[0]).parent.mkdir()
    (tmp_path / shown[0]).write_text(yaml.safe_dump(own))
    env = {name: value for name, value in walked.beginner.env.items() if "VAULT" not in name}
    known = f"-o UserKnownHostsFile={served}/.access/known_hosts"
    played = Beginner(tmp_path, {**env, "ANSIBLE_SSH_EXTRA_ARGS": known}).type(command)
    assert played.status == 0, played.text


def test_what_the_projects_own_page_says_is_typed_here(walked: Walked) -> None:
    own = re.findall(r"^\$ (.+)$", (walked.beginner.folder / "README.md").read_text(), re.MULTILINE)
    assert "iot-https host-keys" in own
    assert set(own) <= set(COMMANDS)
