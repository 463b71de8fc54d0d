"""An entry that nobody has filled in is named with its file, and no box is visited for it."""

from __future__ import annotations

import pytest

from reconciler.inventory import InventoryError
from reconciler.inventory.unfilled import WORD

from .conftest import Read, invalid, target

BOXES = {"boxes.yml": "all: {hosts: {a: {ansible_host: CHANGE_ME}, b: {ansible_host: 192.0.2.1}}}\n"}
ALL = {"group_vars/all.yml": "\niot_https_server_url: CHANGE_ME\n"}
FINE = {"group_vars/all.yml": "iot_https_server_url: https://lotus.example\n"}


@pytest.mark.usefixtures("here")
def test_one_line_says_what_and_where(read: Read) -> None:
    inventory = read({**BOXES, **FINE})
    assert invalid(inventory, "a").problems == (f"replace {WORD} in ansible_host (boxes.yml:1)",)
    assert target(inventory, "b").desired.server_url == "https://lotus.example"


@pytest.mark.usefixtures("here")
def test_where_no_entry_is_filled_in_there_is_no_report(read: Read) -> None:
    with pytest.raises(InventoryError) as refused:
        read({**BOXES, **ALL})
    assert refused.value.problems == (
        f"a: replace {WORD} in ansible_host (boxes.yml:1) and iot_https_server_url (group_vars/all.yml:2)",
        f"b: replace {WORD} in iot_https_server_url (group_vars/all.yml:2)",
    )


def test_many_are_not_all_told(read: Read) -> None:
    hosts = ", ".join(f"box-{number}: {{}}" for number in range(9))
    with pytest.raises(InventoryError) as refused:
        read({"boxes.yml": f"all: {{hosts: {{{hosts}}}}}\n", **ALL})
    assert len(refused.value.problems) == 3


def test_a_word_within_a_value_is_no_gap(read: Read) -> None:
    inventory = read(
        {**BOXES, "group_vars/all.yml": "iot_https_store: CHANGE_ME Street\niot_https_resolvers: [1.1.1.1]\n"}
    )
    assert target(inventory, "b").desired.store == "CHANGE_ME Street"
