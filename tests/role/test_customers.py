"""Two customers with a store of the same name, on boxes that are up: none is moved to the other's database.

Each inventory here mixes them in a way that once sent a customer's secrets, or key, to boxes of the other.
"""

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

from iotbox_simulator.fleet import address, serial
from tests.role.conftest import Control
from tests.support.served_fleet import ROOT, first_address, served_fleet

FIRST = first_address(77)
CUSTOMERS = {
    "atlas": ("https://atlas.example", "11111111-2222-3333-4444-555555555555", "M110101"),
    "lotus": ("https://lotus.example", "22222222-3333-4444-5555-666666666666", "M220202"),
}
BOXES = ("atlas-healthy", "atlas-fresh", "lotus-healthy")
INVALID, FAILED = 4, 2


def scenario() -> dict[str, Any]:
    def box(name: str) -> dict[str, object]:
        customer, _, state = name.partition("-")
        faults = {"faults": ["fresh"]} if state == "fresh" else {}
        return {"customer": customer, "store": "paris", "kind": "rw_ini", **faults}

    keys = ("server_url", "db_uuid", "enterprise_code")
    return {
        "customers": {name: dict(zip(keys, values, strict=True)) for name, values in CUSTOMERS.items()},
        "resolvers": ["1.1.1.1", "8.8.8.8"],
        "boxes": {name: box(name) for name in BOXES},
    }


@dataclass(frozen=True)
class Fleet:
    """The boxes, up, and a place for inventories."""

    served: Path
    home: Path

    def inventory(self, name: str, files: Mapping[str, object]) -> Path:
        """Write an inventory of these boxes; what is said of every box is how to log in."""
        folder = self.home / name
        access = {"access": str(self.served / ".access"), "ansible_host": "{{ addresses[inventory_hostname] }}"}
        addresses = {box: address(number, FIRST) for number, box in enumerate(BOXES)}
        text = (self.served / "group_vars/all.yml").read_text()
        login = "\n".join(line for line in text.splitlines() if not line.startswith("access:"))
        more = "".join(f"{key}: {json.dumps(each)}\n" for key, each in {**access, "addresses": addresses}.items())
        for path, content in {"group_vars/all/login.yml": f"{login}\n{more}", **files}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content if isinstance(content, str) else json.dumps(content))
        return folder

    def command(self, verb: str, inventory: Path, *words: str) -> tuple[int, dict[str, Any]]:
        """Run the command; return its status and the boxes of its report."""
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "reconciler.cli",
                verb,
                "-i",
                str(inventory),
                "--no-probe",
                "--output",
                "json",
                *words,
            ],
            cwd=ROOT,
            env={**os.environ, "HOME": str(self.home), "XDG_STATE_HOME": str(self.home)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=100,
        )
        return done.returncode, {box["name"]: box for box in json.loads(done.stdout)["boxes"]}

    def play(self, inventory: Path, *words: str) -> tuple[int, dict[str, Any], str]:
        """Run the playbook that changes boxes; return its status, the boxes of its reports, and what it printed."""
        control = Control(self.home, inventory)
        played = control.play("iot_https.fleet.reconcile", *control.recorded, *words)
        reports = {
            name: played.report(name)["boxes"][0] for name in BOXES if (played.results / f"{name}.json").exists()
        }
        return played.status, reports, played.output


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder, home = tmp_path_factory.mktemp("served"), tmp_path_factory.mktemp("home")
    (home / "scenario.yml").write_text(json.dumps(scenario()))
    with served_fleet(folder, FIRST, home / "scenario.yml"):
        fleet = Fleet(folder, home)
        yield fleet
        untouched(fleet)


def customer(name: str, **changes: object) -> dict[str, object]:
    url, uuid, code = CUSTOMERS[name]
    secrets = {
        "iot_https_token": f"token-of-{name}",
        "iot_https_db_uuid": uuid,
        "iot_https_enterprise_code": code,
    }
    return {"iot_https_customer": name, "iot_https_server_url": url, **secrets, **changes}


def groups(atlas_paris: str, lotus_paris: str) -> dict[str, object]:
    def store(name: str, owner: str) -> dict[str, object]:
        hosts: dict[str, object] = {box: {} for box in BOXES if box.startswith(owner)}
        return {"children": {name: {"hosts": hosts, "vars": {"iot_https_store": "paris"}}}}

    children = {"customer_atlas": store(atlas_paris, "atlas"), "customer_lotus": store(lotus_paris, "lotus")}
    return {"all": {"children": children}}


RIGHT: dict[str, object] = {
    "hosts.yml": groups("store_atlas__paris", "store_lotus__paris"),
    "group_vars/customer_atlas.yml": customer("atlas"),
    "group_vars/customer_lotus.yml": customer("lotus"),
}
MIXED: dict[str, dict[str, object]] = {
    "one-group-below-two-customers": {"hosts.yml": groups("store_paris", "store_paris")},
    "uuid-pasted-into-a-store": {"group_vars/store_atlas__paris.yml": {"iot_https_db_uuid": CUSTOMERS["lotus"][1]}},
    "database-of-both": {"group_vars/customer_atlas.yml": customer("lotus", iot_https_customer="atlas")},
}


def untouched(fleet: Fleet) -> None:
    """Prove by the right inventory, when all of this module has been tried on them, that the boxes are as they were."""
    _, boxes = fleet.command("check", fleet.inventory("right", RIGHT))
    states = {name: box["state"] for name, box in boxes.items()}
    assert states == {"atlas-healthy": "in_sync", "atlas-fresh": "differs", "lotus-healthy": "in_sync"}
    assert boxes["atlas-fresh"]["certificate"]["temporary"]


@pytest.mark.parametrize("name", MIXED)
def test_boxes_of_a_mixed_inventory_are_not_touched_and_both_say_why(fleet: Fleet, name: str) -> None:
    mixed = fleet.inventory(name, {**RIGHT, **MIXED[name]})
    status, boxes = fleet.command("reconcile", mixed, "--yes")
    assert status == INVALID
    assert {box["state"] for box in boxes.values()} == {"invalid"}
    said = {box: each["problems"] for box, each in boxes.items()}
    assert all(problems for problems in said.values())
    status, played, printed = fleet.play(mixed)
    assert status == FAILED, printed
    assert {box: each["problems"] for box, each in played.items()} == said
    assert {each["state"] for each in played.values()} == {"invalid"}


STRANGERS = {
    "a-server-each": ({}, "IOT_HTTPS_LINKED_ELSEWHERE", "it belongs to lotus"),
    "one-server-for-both": (
        {"iot_https_server_url": "https://lotus.example"},
        "IOT_HTTPS_LINKED_ELSEWHERE",
        "it belongs to lotus",
    ),
    "pinned-for-the-other": ({}, "IOT_HTTPS_WRONG_BOX", "that is lotus-healthy (lotus, paris)"),
    "pinned": ({"iot_https_serial": serial(0)}, "IOT_HTTPS_WRONG_BOX", "that is lotus-healthy (lotus, paris)"),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_a_box_of_another_customer_is_not_touched_and_named(fleet: Fleet, name: str) -> None:
    """An address that was handed on: a box of lotus answers where one of atlas should be."""
    changes, code, words = STRANGERS[name]
    number = BOXES.index("lotus-healthy")
    keys = "-o UserKnownHostsFile={{ access }}/known_hosts -o HostKeyAlias=lotus-healthy"
    swapped = {"ansible_host": address(number, FIRST), "ansible_ssh_common_args": keys, **changes}
    pinned = {"iot_https_serial": serial(number)} if code == "IOT_HTTPS_WRONG_BOX" else {}
    others = {"host_vars/lotus-healthy.yml": pinned}
    inventory = fleet.inventory(name, {**RIGHT, **others, "host_vars/atlas-healthy.yml": swapped})
    _, boxes = fleet.command("reconcile", inventory, "--yes", "--limit", "atlas-healthy")
    _, played, _ = fleet.play(inventory, "--limit", "atlas-healthy")
    said = [
        [(each["evidence"], each["whose"]) for each in box["findings"] if each["code"] == code]
        for box in (boxes["atlas-healthy"], played["atlas-healthy"])
    ]
    assert len(said[0]) == 1
    assert said[0] == said[1]
    assert said[0][0][1] == words
    assert boxes["atlas-healthy"]["outcomes"] == played["atlas-healthy"]["outcomes"] == []
