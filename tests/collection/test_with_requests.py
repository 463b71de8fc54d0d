"""Installed from the archive beside `requests`: ansible-core goes to boxes without SSH, and asks an Odoo database."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.odoo_stand_in import CONTRACT, KEY, OdooContents, OdooStandIn, odoo_box
from tests.support.odoo_stand_in import UUID as ODOO_UUID
from tests.support.shop import CODE, TOKEN, UUID, opened_shop
from tools.collection.build import build

from .core import ROOT, Core

BOX = "box-19-0"


@dataclass(frozen=True)
class Control:
    """A control machine with the collection, and what somebody installed with pip for it."""

    core: Core
    collections: Path

    def run(self, verb: str, *words: str) -> str:
        """Run `ansible-VERB`, whose output shows no secret of ours."""
        said = self.core.run(self.collections, verb, *words)
        assert [each for each in (KEY, CONTRACT, ODOO_UUID, CODE, TOKEN, UUID, "Traceback") if each in said] == []
        return said


@pytest.fixture(scope="module")
def control(tmp_path_factory: pytest.TempPathFactory) -> Control:
    """One that was just made."""
    folder = tmp_path_factory.mktemp("control")
    core = Core.made(folder, "requests")
    archive = str(build(ROOT, folder / "dist"))
    core.run(folder / "there", "galaxy", "collection", "install", archive, "-p", str(folder / "there"), "--offline")
    return Control(core, folder / "there")


def test_a_box_without_ssh_is_checked(control: Control, tmp_path: Path) -> None:
    with opened_shop(tmp_path, ["19.0"]) as shop:
        inventory = shop.inventory(tmp_path)
        inventory.write_text("".join(f"{line}\n" for line in inventory.read_text().splitlines() if "{{" not in line))
        said = control.run("playbook", "-i", str(inventory), "iot_https.fleet.check")
    assert f"{BOX}: differs" in said
    assert "IOT_HTTPS_TEMPORARY_CERTIFICATE" in said


def test_boxes_of_a_database_are_hosts_in_groups(control: Control, tmp_path: Path) -> None:
    with OdooStandIn(OdooContents(boxes=[odoo_box(1), odoo_box(2)])) as odoo:
        settings = {"plugin": "iot_https.fleet.odoo", "customer": "lotus", "url": odoo.url, "api_key": KEY}
        file = tmp_path / "lotus.odoo.yml"
        file.write_text(json.dumps({**settings, "ca_file": odoo.ca_file(tmp_path)}))
        said = control.run("inventory", "-i", str(file), "--graph")
    assert said.splitlines() == [
        "@all:",
        "  |--@ungrouped:",
        "  |--@customer_lotus:",
        "  |  |--@store_lotus__Hanoi:",
        *(f"  |  |  |--lotus_till-{number}" for number in (1, 2)),
        *(f"  |  |--lotus_till-{number}" for number in (1, 2)),
    ]
