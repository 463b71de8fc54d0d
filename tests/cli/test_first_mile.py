"""The commands of docs/first-mile.md, typed in a network of its own by somebody who has a key and nothing else.

How long it takes is in the transcript and in the tally at the end of a session, and is judged nowhere.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from tests.docs.pages import ROOT, Page
from tests.support import first_mile_network as shop
from tests.support.lan import COMMAND, Lan, lan, needs_namespaces
from tests.support.patience import PATIENCE
from tests.support.tally import count
from tests.support.terminal import Shown, at_terminal

pytestmark = [needs_namespaces, pytest.mark.timeout(600)]
PAGE = Page(ROOT / "docs/first-mile.md")
DISCOVER, ENROLL, ADOPT, CHECK, AGAIN = PAGE.commands[-5:]
ANSWERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    ENROLL: (("Do this to 6 boxes? [y/N]", "y"),),
    ADOPT: (("[bakery]:", ""), ("[cafe]:", ""), ("Write this? [y/N]", "y")),
}
"""All that is typed beside the commands; every other command must not ask."""
SECRETS = [word for each in (shop.BAKERY, shop.CAFE) for word in (each.db_uuid, each.enterprise_code)]


@dataclass
class Engineer:
    """Somebody at a terminal in the shop's network.

    Args:
        shown: what each command showed.
        transcript: all of it, with the seconds that each command took.
    """

    shop: Lan
    folder: Path
    environment: dict[str, str]
    shown: dict[str, Shown] = field(default_factory=dict)
    transcript: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def type(self, command: str) -> None:
        """Type a command, and answer what it asks."""
        if command.startswith("cd "):
            self.folder /= command.removeprefix("cd ")
        elif command.startswith("export "):
            name, _, value = command.removeprefix("export ").partition("=")
            self.environment[name] = value.replace("$PWD", str(self.folder))
        else:
            began = time.monotonic()
            words = self.shop.entering("sh", "-c", f"cd {self.folder} && {command}")
            answers = ANSWERS.get(command, ())
            self.shown[command] = shown = at_terminal(words, answers, cwd=self.folder, env=self.environment)
            took = time.monotonic() - began
            self.seconds += took
            self.transcript.append(f"$ {command}   # {took:.1f} s, exit status {shown.status}\n{shown.text}")

    def inventory(self) -> dict[str, dict[str, str]]:
        """Return the hosts of the inventory as they stand in its file."""
        hosts = yaml.safe_load((self.folder / "inventory/hosts.yml").read_text())["discovered"]["hosts"]
        return {name: dict(variables) for name, variables in hosts.items()}


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engineer]:
    """Walk the whole way once."""
    with lan(tmp_path_factory.mktemp("network"), "tests.support.first_mile_network") as up:
        home = Path(up.environment["HOME"])
        (home / ".ssh").mkdir(mode=0o700)
        key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ops@msp", "-f", str(home / ".ssh/id_ed25519")]
        subprocess.run(key, check=True, timeout=PATIENCE)
        programs = tmp_path_factory.mktemp("programs")
        (programs / "iot-https").write_text(f'#!/bin/sh\nexec {COMMAND[0]} -m reconciler.cli "$@"\n')
        (programs / "iot-https").chmod(0o755)
        ours = {name: value for name, value in up.environment.items() if name not in ("SSH_AUTH_SOCK", "ANSIBLE_HOME")}
        path = f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        engineer = Engineer(up, tmp_path_factory.mktemp("work"), {**ours, "PATH": path, "COLUMNS": "120"})
        for command in PAGE.commands:
            engineer.type(command)
        count("seconds of the first mile, eight boxes", round(engineer.seconds))
        sys.stdout.write("\n".join(engineer.transcript))
        yield engineer


def test_every_command_does_what_it_is_for(walked: Engineer) -> None:
    assert {command: shown.status for command, shown in walked.shown.items() if shown.status not in (0, 2, 4)} == {}
    assert [walked.shown[command].status for command in (DISCOVER, ENROLL, AGAIN)] == [0, 0, 0]
    assert not [text for text in walked.transcript if "Traceback" in text]


def test_eight_boxes_of_two_customers_are_in_the_inventory(walked: Engineer) -> None:
    hosts = walked.inventory()
    assert len(hosts) == 8
    customers = [each["iot_https_customer"] for each in hosts.values()]
    assert (customers.count("bakery"), customers.count("cafe")) == (4, 4)
    assert all(each["iot_https_serial"] for each in hosts.values())
    by_homepage = {name for name, each in hosts.items() if each.get("iot_https_connection") == "homepage"}
    assert by_homepage == {"box-192-168-1-26", "box-192-168-1-27"}


def test_no_uuid_was_typed_and_no_secret_is_shown_or_in_clear_in_a_file(walked: Engineer) -> None:
    typed = " ".join((*PAGE.commands, *(word for answers in ANSWERS.values() for _, word in answers)))
    assert not re.search("[0-9a-f]{8}-[0-9a-f]{4}-", typed)
    everything = [each for each in walked.folder.rglob("*") if each.is_file()]
    texts = [*walked.transcript, *(each.read_text(errors="replace") for each in everything)]
    assert [secret for secret in SECRETS if any(secret in text for text in texts)] == []
    for customer in ("bakery", "cafe"):
        declared = (walked.folder / f"inventory/group_vars/customer_{customer}.yml").read_text()
        assert declared.count("!vault") == 2
        assert f"https://{customer}.example" in declared


def test_the_boxes_are_checked_over_both_connections(walked: Engineer) -> None:
    shown = walked.shown[CHECK].text
    states = dict(re.findall(r"(box-192-168-1-\d+) +((?:\x1b\[\d+m)?[a-z ]+?)(?:\x1b|  )", shown))
    over_ssh = [re.sub("\x1b.*?m", "", states[f"box-192-168-1-2{number}"]) for number in range(6)]
    assert over_ssh == ["in sync"] * 6
    assert "in sync as seen" in states["box-192-168-1-26"]
    assert "Inventory entries that cannot be used" not in shown


def test_afterwards_the_inventory_has_every_box_of_the_network(walked: Engineer) -> None:
    shown = " ".join(walked.shown[AGAIN].text.split())
    assert shown.count("in the inventory as box-192-168-1-2") == 8
    assert "not in the inventory" not in shown
