"""What is there to be copied keeps customers apart: the example, the demo, Molecule's inventory, and the docs."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from reconciler.inventory import VaultOptions, load
from reconciler.inventory.quiet import quiet
from reconciler.inventory.source import Source
from reconciler.model.target import Target

ROOT = Path(__file__).resolve().parents[2]
INVENTORIES = {"example": ".vault-password-of-the-example", "demo": None}
PAGES = ("README.md", "docs/*.md", "inventories/*/README.md", "roles/*/README.md", "molecule/**/*.md")
OLD_RECIPE = re.compile(r"\bstore_(?!\*|<customer>__<store>|\w+__\w)[<\w]+>?")
"""A group of a store without its customer."""
WARNS = re.compile(r"the recipe `store_<name>`|mistake to avoid")
"""What stands in the paragraphs that warn of it."""


def _vault(name: str) -> VaultOptions:
    password = INVENTORIES[name]
    files = (str(ROOT / "inventories" / name / password),) if password else ()
    return VaultOptions(password_files=files)


def _boxes(name: str) -> dict[str, Target]:
    return {each.name: each for each in load([str(ROOT / "inventories" / name)], vault=_vault(name)).targets}


@pytest.mark.parametrize("name", INVENTORIES)
def test_two_customers_have_a_store_of_the_same_name(name: str) -> None:
    customers: dict[str | None, set[str | None]] = defaultdict(set)
    for box in _boxes(name).values():
        customers[box.desired.store].add(box.desired.customer)
    assert [store for store, whose in customers.items() if len(whose) > 1]


@pytest.mark.parametrize("name", INVENTORIES)
def test_a_group_is_of_one_customer_and_says_whose(name: str) -> None:
    boxes = _boxes(name)
    whose: dict[str, set[str | None]] = defaultdict(set)
    above: dict[str, set[str]] = defaultdict(set)
    with quiet() as heard:
        source = Source([str(ROOT / "inventories" / name)], _vault(name), heard)
    for host in source.all.hosts:
        desired = boxes[str(host.name)].desired
        groups = set(source.all.groups_of(host))
        assert {f"customer_{desired.customer}", f"store_{desired.customer}__{desired.store}"} <= groups
        for group in groups:
            whose[group].add(desired.customer)
            above[group] |= {each for each in groups if each.startswith("customer_")}
    of_customers = {group: names for group, names in whose.items() if group.startswith(("customer_", "store_"))}
    assert len(of_customers) >= 2 + 4
    assert [group for group, names in of_customers.items() if len(names) > 1 or len(above[group]) > 1] == []


@pytest.mark.parametrize("name", INVENTORIES)
def test_no_box_gets_a_value_of_another_customer(name: str) -> None:
    values: dict[str | None, set[object]] = defaultdict(set)
    for box in _boxes(name).values():
        desired = box.desired
        values[desired.customer] |= {desired.server_url, *desired.own_servers, desired.db_uuid, desired.enterprise_code}
    one, other = values.values()
    assert len(one) >= 3
    assert len(other) >= 3
    assert one.isdisjoint(other)


@pytest.mark.parametrize("page", sorted(path for pattern in PAGES for path in ROOT.glob(pattern)), ids=str)
def test_no_page_shows_the_group_of_a_store_without_its_customer(page: Path) -> None:
    advice = [each for each in page.read_text().split("\n\n") if not WARNS.search(each)]
    assert OLD_RECIPE.findall("\n\n".join(advice)) == []


@pytest.mark.parametrize(
    "line",
    [
        "store_hanoi",
        "'store_hanoi:&image_ro'",
        "store_<store>",
        "`group_vars/store_<name>.yml`",
        "group_vars/store_paris.yml",
    ],
)
def test_the_old_recipe_would_be_found(line: str) -> None:
    assert OLD_RECIPE.search(line)


@pytest.mark.parametrize("line", ["store_lotus__hanoi", "`store_*`", "store_<customer>__<store>"])
def test_the_new_one_is_not(line: str) -> None:
    assert not OLD_RECIPE.search(line)
