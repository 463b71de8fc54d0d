"""Hosts of a database get into the groups of its customer, and nothing that somebody else has declared is replaced."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.inventory.data import InventoryData

from reconciler.model.secret import Secret
from reconciler.odoo_database.filling import LEFT_OUT, fill
from reconciler.odoo_database.gathering import Gathered
from reconciler.odoo_database.reading import OdooBox, OdooContent
from reconciler.odoo_database.settings import settings_of


@pytest.fixture
def inventory() -> Any:
    """An inventory without hosts."""
    return InventoryData()


def database(customer: str = "lotus", *boxes: OdooBox, problem: str | None = None, **more: Any) -> Gathered:
    settings = settings_of({"customer": customer, "url": f"https://{customer}.example", "api_key": "k", **more})
    content = OdooContent(uuid=Secret("u"), contract=Secret("c"), boxes=boxes or (box(1),))
    return Gathered(settings=settings, content=None if problem else content, problem=problem)


def box(number: int, name: str = "till", **more: Any) -> OdooBox:
    return OdooBox(number=number, name=name, address="192.0.2.7", company="Hanoi", **more)


def filled(inventory: Any, known: Gathered) -> tuple[str, ...]:
    return fill(inventory, known, lambda _: {"iot_https_db_uuid": "encrypted"})


def rows(inventory: Any, group: str = "customer_lotus") -> list[str]:
    return [row["problem"] for row in inventory.groups[group].vars[LEFT_OUT]["left_out"]]


def test_host_is_in_the_groups_of_its_customer_and_store(inventory: Any) -> None:
    assert filled(inventory, database()) == ()
    inventory.reconcile_inventory()

    host = inventory.hosts["lotus_till"]
    assert {group.name for group in host.get_groups()} == {"all", "customer_lotus", "store_lotus__Hanoi"}
    assert [each.name for each in inventory.groups["store_lotus__Hanoi"].parent_groups] == ["customer_lotus"]
    assert host.vars["ansible_host"] == "192.0.2.7"
    known = inventory.groups["customer_lotus"].vars
    assert known["iot_https_customer"] == "lotus"
    assert known["iot_https_server_url"] == "https://lotus.example"
    assert known["iot_https_db_uuid"] == "encrypted"


def test_what_a_group_declares_already_stays(inventory: Any) -> None:
    inventory.add_group("customer_lotus")
    inventory.set_variable("customer_lotus", "iot_https_server_url", "https://mine.example")

    filled(inventory, database())

    assert inventory.groups["customer_lotus"].vars["iot_https_server_url"] == "https://mine.example"


@pytest.mark.parametrize("taken", ["host", "group"])
def test_name_that_is_taken_stops_this_database_only(inventory: Any, taken: str) -> None:
    (inventory.add_host if taken == "host" else inventory.add_group)("lotus_till")

    told = filled(inventory, database("lotus", box(1), box(2, "other")))
    filled(inventory, database("atlas"))

    (line,) = told
    assert line.startswith("Odoo of lotus: odoo:lotus: no host is taken from Odoo, since the inventory has another")
    assert line.endswith(" called lotus_till: set another host_prefix")
    assert "lotus_other" not in inventory.hosts
    assert "atlas_till" in inventory.hosts
    assert "iot_https_db_uuid" not in inventory.groups["customer_lotus"].vars
    if taken == "host":
        assert "ansible_host" not in inventory.hosts["lotus_till"].vars


def test_second_database_of_one_customer_gives_nothing(inventory: Any) -> None:
    filled(inventory, database())

    (told,) = filled(inventory, database("lotus", box(2, "other"), url="https://second.example"))

    assert told.startswith("Odoo of lotus: odoo:lotus:second: https://second.example is left out, ")
    assert len(rows(inventory)) == 1
    assert "lotus_other" not in inventory.hosts


def test_what_is_left_out_is_told_and_kept_as_data(inventory: Any) -> None:
    told = filled(inventory, database("lotus", box(1), box(2, "../x")))

    assert len(told) == 1
    assert told[0].startswith("Odoo of lotus: lotus_odoo:2: box 2 in Odoo is left out: ")
    assert len(rows(inventory)) == 1


def test_database_that_could_not_be_read_gives_no_variable_and_one_row(inventory: Any) -> None:
    told = filled(inventory, database(problem="https://lotus.example is not reached: check url"))

    assert told == ("Odoo of lotus: odoo:lotus: https://lotus.example is not reached: check url",)
    assert set(inventory.groups["customer_lotus"].vars) == {LEFT_OUT}
    assert rows(inventory) == ["https://lotus.example is not reached: check url"]


def test_no_company_gets_a_box_into_a_store_of_another_customer(inventory: Any) -> None:
    filled(inventory, database("lotus__paris"))
    filled(inventory, database("lotus", OdooBox(number=1, name="x", address="192.0.2.8", company="paris__Hanoi")))

    groups = {group.name for group in inventory.hosts["lotus_x"].get_groups()}
    assert groups == {"customer_lotus", "store_lotus__paris_Hanoi"}
