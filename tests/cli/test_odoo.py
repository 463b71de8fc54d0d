"""From a customer's Odoo to a box: the whole way, by programs, over SSH, with nobody editing a file in between."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.docs.pages import pages
from tests.inventory.conftest import PASSWORD, encrypted
from tests.simulator.ssh.test_clients import needs_python
from tests.support import leaks
from tests.support.command import COMMAND, Fleet, fleet
from tests.support.odoo_stand_in import KEY, OdooContents, OdooStandIn, odoo_box
from tests.support.served_fleet import ROOT, first_address

CONTRACT = "M210101"
UUID = "11111111-2222-3333-4444-555555555555"
SERVER = "https://bakery.example"
PLAY = """\
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.debug: {msg: "{{ odoo_box.version }} and {{ iot_https_store }} of {{ iot_https_customer }}"}
    - ansible.builtin.assert: {that: iot_https_enterprise_code == 'M210101'}
"""


@dataclass
class Place:
    """A folder with a file for the plugin, for a box that is up."""

    folder: Path
    fleet: Fleet

    def __post_init__(self) -> None:
        self.password = self.folder / "password"
        self.password.write_text(f"{PASSWORD}\n")
        self.config = self.folder / "ansible.cfg"
        self.config.touch()

    @property
    def file(self) -> str:
        """The file that asks Odoo."""
        return str(self.folder / "inventory/lotus.odoo.yml")

    @property
    def env(self) -> dict[str, str]:
        """The environment of a program."""
        calm = {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCALHOST_WARNING": "0", "ANSIBLE_CONFIG": str(self.config)}
        return {**self.fleet.env, **calm, "PYTHONPATH": str(ROOT), "ANSIBLE_VAULT_PASSWORD_FILE": str(self.password)}

    def check(self) -> dict[str, list[str]]:
        """Check, and return the codes of each box."""
        said = self.run(*self.fleet.arguments("check", "--output", "json"), inventory=False)
        return {box["name"]: [each["code"] for each in box["findings"]] for box in json.loads(said)["boxes"]}

    def run(self, *words: str, inventory: bool = True, status: int | None = None) -> str:
        """Run a program, and return its standard output."""
        given = [*words, *(("-i", self.file) if inventory else ())]
        given = [self.file if each == str(self.fleet.inventory) else each for each in given]
        done = subprocess.run(
            given, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False, timeout=100
        )
        assert status is None or done.returncode == status, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """A box that has what its database has."""
    with fleet(tmp_path_factory.mktemp("odoo"), first_address(85), boxes=0) as served:
        yield served


@pytest.fixture
def odoo() -> Iterator[OdooStandIn]:
    """The database of the box."""
    boxes = [odoo_box(4, "healthy", identifier="b8:27:eb:00:00:01")]
    parameters = {"database.uuid": UUID, "database.enterprise_code": CONTRACT}
    with OdooStandIn(OdooContents(parameters=parameters, boxes=boxes)) as served:
        yield served


@pytest.fixture
def place(up: Fleet, odoo: OdooStandIn, tmp_path: Path) -> Place:
    """An inventory that names no box: it says where Odoo is, and how boxes are reached."""
    inventory = tmp_path / "inventory"
    settings = {
        "plugin": "iot_https.fleet.odoo",
        "customer": "bakery",
        "url": odoo.url,
        "server_url": SERVER,
        "host_prefix": "",
        "ca_file": odoo.ca_file(tmp_path),
    }
    hosts = yaml.safe_load((up.inventory / "hosts.yml").read_text())
    for name, text in {
        "lotus.odoo.yml": f"{json.dumps(settings)[1:-1]}, api_key: {encrypted(KEY)}",
        "group_vars/all.yml": (up.inventory / "group_vars/all.yml")
        .read_text()
        .replace("{{ inventory_dir }}", str(up.inventory)),
        "host_vars/healthy.yml": json.dumps({"ansible_host": _address(hosts)}),
    }.items():
        path = inventory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{{{text}}}\n" if name == "lotus.odoo.yml" else text)
    return Place(tmp_path, up)


def _address(hosts: object) -> str:
    found = re.search(r"'healthy': \{[^}]*'ansible_host': '([^']+)'", str(hosts))
    assert found is not None
    return found[1]


def test_contract_that_changes_in_odoo_is_a_difference_at_the_next_check(place: Place, odoo: OdooStandIn) -> None:
    assert [code for code in place.check()["healthy"] if "CREDENTIALS" in code or "HOST_KEY" in code] == []

    odoo.contents.parameters["database.enterprise_code"] = "M999999"

    assert "IOT_HTTPS_CREDENTIALS_DIFFER" in place.check()["healthy"]


@pytest.mark.parametrize("command", [each for page in pages() for each in page.commands if "odoo.yml" in each])
def test_a_command_of_the_page_works(place: Place, command: str) -> None:
    program, *words = shlex.split(command)
    known = {"iot-https": list(COMMAND), "ansible-inventory": list(ansible("inventory"))}

    said = place.run(*known[program], *words, inventory=False)

    assert "healthy" in said


def test_box_that_cannot_be_a_host_rings_and_stops_no_other(place: Place, odoo: OdooStandIn) -> None:
    odoo.contents.boxes.append(odoo_box(5, "a/b"))
    said = place.run(*place.fleet.arguments("check", "--output", "json"), inventory=False)

    states = {box["name"]: box["state"] for box in json.loads(said)["boxes"]}
    assert states["odoo:5"] == "invalid"
    assert states["healthy"] != "invalid"
    assert json.loads(said)["exit_status"] & 4


def test_ansible_shows_the_groups(place: Place) -> None:
    shown = place.run(*ansible("inventory"), "--graph", status=0)

    assert shown.splitlines() == [
        "@all:",
        "  |--@ungrouped:",
        "  |--@customer_bakery:",
        "  |  |--@store_bakery__Hanoi:",
        "  |  |  |--healthy",
        "  |  |--healthy",
    ]


def test_play_has_what_odoo_says_as_it_is_written_there(place: Place, odoo: OdooStandIn, tmp_path: Path) -> None:
    odoo.contents.boxes[0]["version"] = "{{ lookup('ansible.builtin.pipe', 'touch " + str(tmp_path) + "/run') }}"
    (tmp_path / "play.yml").write_text(PLAY)

    said = place.run(*ansible("playbook"), "-c", "local", str(tmp_path / "play.yml"), status=0)

    assert "lookup('ansible.builtin.pipe'" in said
    assert "and Hanoi of bakery" in said
    assert not (tmp_path / "run").exists()


@needs_python
def test_role_finds_the_changed_contract_and_shows_none(place: Place, odoo: OdooStandIn) -> None:
    odoo.contents.parameters["database.enterprise_code"] = "M999999"
    asked = len(odoo.asked)

    said = place.run(*ansible("playbook"), "iot_https.fleet.check", "-e", "ansible_become=true", "-vv")

    assert "IOT_HTTPS_CREDENTIALS_DIFFER" in said
    assert [each for each in ("M999999", KEY, UUID) if each in said] == []
    assert len(odoo.asked) - asked == 4, "the version, system parameters, fields and boxes, once"


def test_no_secret_is_shown_by_ansible(place: Place, tmp_path: Path) -> None:
    """`--graph --vars` does show them, as it shows every value of a vault."""
    secrets = {"key": KEY, "contract": CONTRACT, "uuid": UUID}
    cache = tmp_path / "cache"
    settings = Path(place.file)
    more = f'"cache": true, "cache_plugin": "jsonfile", "cache_connection": "{cache}", '
    settings.write_text(settings.read_text().replace("{", f"{{{more}", 1))

    seen = leaks.run([*ansible("inventory"), "--list", "-vvvv", "-i", place.file], secrets, [cache], place.env)

    assert seen.status == 0, seen.output
    assert "healthy" in seen.output
    assert any(cache.iterdir())
    assert seen.leaks == set()


def test_no_secret_is_shown_by_the_command(place: Place, odoo: OdooStandIn, tmp_path: Path) -> None:
    secrets = {"key": KEY, "contract": "M777777", "uuid": UUID}
    odoo.contents.parameters["database.enterprise_code"] = "M777777"
    arguments = [place.file if each == str(place.fleet.inventory) else each for each in place.fleet.arguments("check")]

    seen = leaks.run([*arguments, "--debug"], secrets, [tmp_path / "home"], {**place.env, "PYTHONPATH": str(ROOT)})

    assert "healthy" in seen.output
    assert seen.leaks == set()


def ansible(program: str) -> tuple[str, ...]:
    """Return the beginning of a command line of Ansible."""
    return (str(Path(sys.executable).with_name(f"ansible-{program}")),)
