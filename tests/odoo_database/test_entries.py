"""What a customer writes into Odoo becomes a name, an address, a store or a serial number, or is left out and said."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.secret import Secret
from reconciler.odoo_database.entries import HostEntry, OdooEntries, entries
from reconciler.odoo_database.reading import OdooBox, OdooContent
from reconciler.odoo_database.settings import settings_of


def judged(*boxes: OdooBox, **settings: Any) -> OdooEntries:
    given = {"customer": "lotus", "url": "https://lotus.example", "api_key": "k", **settings}
    content = OdooContent(uuid=Secret("u"), contract=Secret("c"), boxes=boxes)
    return entries(settings_of(given), content)


def box(number: int = 1, **more: Any) -> OdooBox:
    return OdooBox(**{"number": number, "name": "till", "address": "192.0.2.7", **more})


def one(*boxes: OdooBox, **settings: Any) -> HostEntry:
    made = judged(*boxes, **settings)
    assert made.left_out == ()
    return made.hosts[0]


def test_a_box_becomes_a_host() -> None:
    host = one(
        box(
            7,
            name="Till 1",
            identifier="10000000abcd0001",
            version="L25.04",
            certificate_end="2027-01-31",
            company="Lotus Hanoi",
        ),
        connection="homepage",
    )

    assert host.name == "lotus_Till-1"
    assert host.store == "Lotus Hanoi"
    assert host.variables == {
        "ansible_host": "192.0.2.7",
        "iot_https_store": "Lotus Hanoi",
        "iot_https_serial": "10000000abcd0001",
        "iot_https_connection": "homepage",
        "odoo_box": {
            "id": 7,
            "name": "Till 1",
            "identifier": "10000000abcd0001",
            "version": "L25.04",
            "certificate_end": "2027-01-31",
            "company": "Lotus Hanoi",
        },
    }


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (None, "it has no name in Odoo: give it one there, or set host_name: identifier"),
        ("  ", "it has no name in Odoo"),
        ("{{ lookup('pipe', 'id') }}", "its name in Odoo cannot name a host"),
        ("../../etc/passwd", "its name in Odoo cannot name a host, the box's name contains /"),
        ("a\nansible_connection: local", "its name in Odoo cannot name a host, the box's name contains a control"),
        ("a\u202eb", "its name in Odoo cannot name a host, the box's name contains a control"),
        ("a,b", "its name in Odoo cannot name a host, the box's name contains ,"),
        ("!all", "its name in Odoo cannot name a host, the box's name contains !"),
        ("till[0:99999]", "its name in Odoo cannot name a host, the box's name contains ["),
        ("x" * 200, "its name in Odoo cannot name a host, the box's name has 206 characters"),
    ],
)
def test_name_that_cannot_be_used_leaves_the_box_out(name: str | None, problem: str) -> None:
    made = judged(box(3, name=name), box(4))

    assert [host.name for host in made.hosts] == ["lotus_till"]
    (row,) = made.left_out
    assert row.name == "lotus_odoo:3"
    assert row.problem.startswith(f"box 3 in Odoo is left out: {problem}")
    assert row.problem.isprintable()


@pytest.mark.parametrize(
    "name",
    ["all", "ALL", "ungrouped", "localhost", "127.0.0.1", "customer_atlas", "store_atlas__hanoi", "-x"],
)
def test_name_is_no_word_of_ansible_where_nothing_stands_before_it(name: str) -> None:
    (row,) = judged(box(name=name), host_prefix="").left_out

    assert "which is a word of Ansible" in row.problem or "begins with -" in row.problem


def test_boxes_of_one_name_are_all_left_out() -> None:
    made = judged(box(1), box(2), box(3, name="other"))

    assert [host.name for host in made.hosts] == ["lotus_other"]
    assert made.left_out[0].problem == (
        "boxes 1, 2 in Odoo are left out, they have one name: give each its own there, or set host_name: identifier"
    )


def test_identifier_can_name_hosts() -> None:
    hosts = judged(
        box(1, identifier="b8:27:eb:00:00:01"), box(2, identifier="10000000abcd0001"), host_name="identifier"
    ).hosts

    assert [host.name for host in hosts] == ["lotus_b8-27-eb-00-00-01", "lotus_10000000abcd0001"]


def test_boxes_of_one_identifier_are_left_out_where_it_names_them() -> None:
    made = judged(box(1, identifier="x"), box(2, identifier="x"), host_name="identifier")

    assert made.hosts == ()
    assert "they have one identifier: give each its own there" in made.left_out[0].problem


@pytest.mark.parametrize("address", [None, "127.0.0.1", "{{ x }}", "no address", "-oProxyCommand=id"])
def test_address_that_is_none_leaves_the_box_out(address: str | None) -> None:
    (row,) = judged(box(9, address=address)).left_out

    assert row.name == "lotus_till"
    assert row.problem.startswith("box 9 in Odoo is left out: its address in Odoo is ")
    assert "oProxy" not in row.problem


def test_networks_of_the_customer_hold() -> None:
    made = judged(box(1), box(2, name="b", address="198.51.100.1"), networks=["192.0.2.0/24"])

    assert [host.name for host in made.hosts] == ["lotus_till"]
    assert "its address in Odoo is in none of networks" in made.left_out[0].problem


@pytest.mark.parametrize(
    ("company", "store"),
    [
        ("Lotus Hanoi", "Lotus Hanoi"),
        ("My Company (San Francisco)", "My Company San Francisco"),
        ("atlas__hanoi", "atlas hanoi"),
        ("{{ x }}", "x"),
        ("../a\nb", "a b"),
        ("Phở 24", "Phở 24"),
        ("!!!", None),
        (None, None),
        ("_", None),
    ],
)
def test_store_is_the_words_of_the_company(company: str | None, store: str | None) -> None:
    assert one(box(company=company)).store == store


def test_store_can_be_named() -> None:
    assert one(box(company="Lotus (HN)"), stores={"Lotus (HN)": "hanoi"}).store == "hanoi"


@pytest.mark.parametrize(
    ("identifier", "connection", "serial"),
    [
        ("10000000abcd0001", None, "10000000abcd0001"),
        ("10000000abcd0001", "ssh", "10000000abcd0001"),
        ("b8:27:eb:00:00:01", None, None),
        ("B8-27-EB-00-00-01", "ssh", None),
        ("b827eb000001", None, None),
        ("b8:27:eb:00:00:01", "homepage", "b8:27:eb:00:00:01"),
        ("4c4c4544-0000-2010-8020-80c04f202020", "homepage", "4c4c4544-0000-2010-8020-80c04f202020"),
        (None, None, None),
        ("a b", None, None),
    ],
)
def test_serial_number_is_what_the_box_will_show(
    identifier: str | None, connection: str | None, serial: str | None
) -> None:
    variables = one(box(identifier=identifier), connection=connection).variables

    assert variables.get("iot_https_serial") == serial


def test_nothing_of_ansible_but_the_address_is_set() -> None:
    host = one(box(name="ansible_connection", company="ansible_connection", identifier="ansible_user", version="a\nb"))

    assert [name for name in host.variables if name.startswith("ansible_")] == ["ansible_host"]
    assert host.variables["odoo_box"]["version"] == "a b"  # type: ignore[index]


def test_what_is_not_known_is_told_once() -> None:
    content = OdooContent(
        uuid=None,
        contract=None,
        boxes=(box(1, company="A-B"), box(2, company="A B"), box(3, company="!")),
        missing=("version",),
    )
    given = {"customer": "lotus", "url": "https://lotus.example", "api_key": "k"}

    assert entries(settings_of(given), content).notes == (
        "Odoo has no field for version of a box: name one with fields",
        "the UUID of the database is not known, and is not compared",
        "the contract of the database is not known, and is not compared",
        "2 companies come to one store, A B: tell them apart with stores",
        "a company has a name that no store can have: name its store with stores",
    )
