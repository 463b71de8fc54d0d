"""Boxes of a scenario that their homepage alone leads to: Windows ones, and those that let nobody in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
import yaml

from iotbox_simulator import inventory_files
from iotbox_simulator.boxes.windows import WINDOWS_BRANCHES
from iotbox_simulator.fleet import Fleet
from iotbox_simulator.homepage import ports
from iotbox_simulator.inventory_files import Ports
from iotbox_simulator.machine.authority import AuthorityModel
from iotbox_simulator.machine.web import HOMEPAGE_PORT, WebRequest
from iotbox_simulator.scenario import load
from reconciler.homepage.session import Homepage
from tests.support.patience import PATIENCE
from tests.support.served_fleet import first_address, served_fleet

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIRST = first_address(94)
TEXT = """
customers: {bakery: {server_url: https://bakery.example, db_uuid: u-1, enterprise_code: M1}}
boxes:
  till: {customer: bakery, store: paris, kind: ro_ini}
  pc: {customer: bakery, store: paris, kind: windows_19}
  old-pc: {customer: bakery, store: paris, kind: windows_16, faults: [fresh]}
  shut: {customer: bakery, store: paris, kind: rw_ini, faults: [no_ssh]}
  shut-old: {customer: bakery, store: paris, kind: ro_ini, faults: [no_ssh]}
  new: {customer: bakery, store: paris, kind: rw_ini, faults: [new_password]}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "fleet.yml"
    found.write_text(TEXT)
    return found


def hosts(path: Path) -> dict[str, dict[str, Any]]:
    texts = inventory_files.files(load(path), IPv4Address("127.77.0.20"), Ports(2222, 8070, 8444))
    groups: dict[str, Any] = yaml.safe_load(texts["hosts.yml"])
    store = groups["all"]["children"]["customer_bakery"]["children"]["store_bakery__paris"]
    found: dict[str, dict[str, Any]] = store["hosts"]
    return found


def test_an_inventory_says_how_they_are_reached(path: Path) -> None:
    found = hosts(path)
    by_homepage = {
        "iot_https_connection": "homepage",
        "iot_https_certificate_source": "native",
        "iot_https_homepage_port": 8070,
        "iot_https_https_port": 8444,
    }
    reached = {name for name, values in found.items() if by_homepage.items() <= values.items()}
    assert reached == {"pc", "old-pc", "shut", "shut-old"}
    assert "iot_https_connection" not in found["till"]


def test_an_inventory_knows_them_by_what_their_homepage_says(path: Path) -> None:
    fleet, found = Fleet.opened(load(path), NOW), hosts(path)
    assert "iot_https_serial" not in found["new"]
    for name in ("pc", "shut"):
        body = ports.answer(fleet.machine(name), HOMEPAGE_PORT, WebRequest("GET", "/iot_drivers/data")).body
        assert json.loads(body)["identifier"] == found[name]["iot_https_serial"]
    assert found["old-pc"]["iot_https_serial"] == fleet.windows["old-pc"].spec.mac
    assert found["shut-old"]["iot_https_serial"] == fleet.boxes["shut-old"].spec.mac


@pytest.mark.parametrize("kind", WINDOWS_BRANCHES)
def test_a_windows_box_is_in_sync_when_the_story_begins(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "fleet.yml"
    path.write_text(TEXT.replace("windows_19", kind))
    fleet = Fleet.opened(load(path), NOW)
    box = fleet.windows["pc"]
    assert box.odoo.store.get("remote_server") == "https://bakery.example"
    assert box.nginx.served is not None
    assert box.odoo.store.get("subject")
    assert box.clock.true_time() == NOW
    assert fleet.windows["old-pc"].odoo.store.get("remote_server") is None
    authority = box.world.authority
    assert isinstance(authority, AuthorityModel)
    asked = authority.count
    box.clock.advance(3600)
    assert authority.count == asked


def test_a_reboot_takes_them_along(path: Path) -> None:
    fleet = Fleet.opened(load(path), NOW)
    fleet.reboot()
    assert fleet.windows["pc"].booted_at > 0


def test_they_are_served_as_the_inventory_says(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "inventory"
    with served_fleet(folder, FIRST, path) as up:
        assert up.said.startswith(f"6 simulated boxes are up, from {FIRST}")
        known = (folder / ".access/known_hosts").read_text()
        assert "till" in known
        assert not [name for name in ("pc", "new") if f"\n{name} " in known]
        for number in range(6):
            assert Homepage(str(FIRST + number), seconds=PATIENCE).is_alive()
