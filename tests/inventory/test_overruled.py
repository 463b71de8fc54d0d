"""What two sources, or two places of one, say differently of one group or host is told, and no box takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from reconciler.inventory import load

from .conftest import Write


def _customer(name: str) -> str:
    return f"iot_https_customer: {name}\niot_https_server_url: https://{name}.example\niot_https_token: '12345678'\n"


def _ini(name: str, box: str) -> str:
    return f"[tills]\n{box}\n[tills:vars]\niot_https_customer={name}\niot_https_server_url=https://{name}.example\n"


BOTH = "iot_https_customer, iot_https_server_url"
STORES = """\
    customer_lotus:
      vars: {iot_https_customer: lotus, iot_https_server_url: "https://lotus.example"}
      children:
        store_lotus__hanoi: {hosts: {till: {FIRST}}}
        store_lotus__hue: {hosts: {till: {SECOND}, other: {ansible_host: 192.0.2.3}}}
    """


@dataclass(frozen=True)
class Case:
    """Files, the sources among them, and the beginning of what is said of each box."""

    files: Mapping[str, str]
    said: Mapping[str, str]
    sources: tuple[str, ...] = ("lotus", "atlas")


def _stores(first: str, second: str) -> str:
    return STORES.replace("FIRST", first).replace("SECOND", second)


CASES = {
    "an inventory for each customer, whose file for all names it": Case(
        {
            "lotus/hosts.yml": "all: {hosts: {l: }}",
            "lotus/group_vars/all.yml": _customer("lotus"),
            "atlas/hosts.yml": "all: {hosts: {a: }}",
            "atlas/group_vars/all.yml": _customer("atlas"),
        },
        dict.fromkeys("la", f"{BOTH} of the group all: "),
    ),
    "a group of the same name in both": Case(
        {
            "lotus/hosts.yml": "tills: {hosts: {l: }}",
            "lotus/group_vars/tills.yml": _customer("lotus"),
            "atlas/hosts.yml": "{tills: {hosts: {a: }}, others: {hosts: {b: }}}",
            "atlas/group_vars/tills/link.yml": _customer("atlas"),
        },
        dict.fromkeys("la", f"{BOTH} of the group tills: "),
    ),
    "the same within the inventories": Case(
        {"lotus": _ini("lotus", "l"), "atlas": _ini("atlas", "a")}, dict.fromkeys("la", f"{BOTH} of the group tills: ")
    ),
    "in one folder": Case(
        {"lotus/1.ini": _ini("lotus", "l"), "lotus/2.ini": _ini("atlas", "a")},
        dict.fromkeys("la", f"{BOTH} of the group tills: "),
        ("lotus",),
    ),
    "within one inventory, and in a file beside the other": Case(
        {
            "lotus/hosts.ini": _ini("lotus", "l"),
            "atlas/hosts.yml": "tills: {hosts: {a: }}",
            "atlas/group_vars/tills.yml": _customer("atlas"),
        },
        dict.fromkeys("la", f"{BOTH} of the group tills: "),
    ),
    "a box of the same name in both": Case(
        {
            "lotus/hosts.yml": "all: {hosts: {till: , l: }}",
            "lotus/host_vars/till.yml": _customer("lotus"),
            "atlas/hosts.yml": "all: {hosts: {till: , a: }}",
            "atlas/host_vars/till.yml": _customer("atlas"),
        },
        {"till": f"{BOTH} of till: "},
    ),
    "a box of the same name, by its serial number": Case(
        {
            "lotus": "all: {hosts: {till: {iot_https_serial: '1000'}, l: }}",
            "atlas": "all: {hosts: {till: {iot_https_serial: '1001'}, a: }}",
        },
        {"till": "iot_https_serial of till: "},
    ),
    "two boxes of one name in one file": Case(
        {"lotus.yml": _stores("ansible_host: 192.0.2.1", "ansible_host: 192.0.2.2")},
        {"till": "ansible_host of till: "},
        ("lotus.yml",),
    ),
    "two boxes of one name in one file, by their stores": Case(
        {"lotus.yml": _stores("iot_https_store: hanoi", "iot_https_store: hue")},
        {"till": "iot_https_store of till: "},
        ("lotus.yml",),
    ),
    "two boxes of one name in one file, by their ports": Case(
        {"lotus.ini": "[hanoi]\ntill ansible_port=2201\n[hue]\ntill ansible_port=2202\n"},
        {"till": "ansible_port of till: "},
        ("lotus.ini",),
    ),
    "both say the same": Case(
        {
            "lotus/hosts.yml": "all: {hosts: {l: {ansible_host: 192.0.2.1}}}",
            "lotus/group_vars/all.yml": _customer("lotus"),
            "atlas/hosts.yml": "all: {hosts: {l: {ansible_host: 192.0.2.1}}}",
            "atlas/group_vars/all.yml": _customer("lotus"),
        },
        {},
    ),
    "no box takes it": Case(
        {
            "lotus/hosts.yml": "customer_lotus: {hosts: {l: }}",
            "lotus/group_vars/all.yml": "iot_https_token: '1111'\n",
            "lotus/group_vars/customer_lotus.yml": _customer("lotus"),
            "atlas/hosts.yml": "customer_atlas: {hosts: {a: }}",
            "atlas/group_vars/all.yml": "iot_https_token: '2222'\n",
            "atlas/group_vars/customer_atlas.yml": _customer("atlas"),
        },
        {},
    ),
    "a file overrules the inventory beside which it stands": Case(
        {"lotus/hosts.ini": _ini("atlas", "l"), "lotus/group_vars/tills.yml": _customer("lotus")}, {}, ("lotus",)
    ),
    "a further inventory knows another address": Case(
        {
            "lotus": "all: {hosts: {l: {ansible_host: 192.0.2.1, iot_https_store: x}}}",
            "atlas": "all: {hosts: {l: {ansible_host: 198.51.100.1, iot_https_store: y}}}",
        },
        {},
    ),
    "a plugin computes it": Case(
        {
            "lotus/1.yml": "all: {hosts: {l: {iot_https_customer: Lotus}}}",
            "lotus/2.yml": "{plugin: constructed, compose: {iot_https_customer: iot_https_customer | lower}}",
        },
        {},
        ("lotus",),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_two_places_say_differently_is_taken_by_no_box(name: str, write: Write) -> None:
    case = CASES[name]
    folder = write(case.files)

    inventory = load([str(folder / each) for each in case.sources])

    said = {each.name: each.problems for each in inventory.invalid}
    assert said.keys() == case.said.keys()
    for box, line in case.said.items():
        assert len(said[box]) == 1, said
        assert said[box][0].startswith(line)


def test_both_places_are_named_and_no_value(write: Write) -> None:
    files = CASES["an inventory for each customer, whose file for all names it"].files
    folder = write({name: text.replace("12345678", name) for name, text in files.items()})

    inventory = load([str(folder / each) for each in ("lotus", "atlas")], limit="l")

    places = [f"{folder / name / 'group_vars/all.yml'}:1" for name in ("lotus", "atlas")]
    line = (
        f"iot_https_customer, iot_https_server_url, iot_https_token of the group all: {' and '.join(places)} say "
        "different things, and Ansible takes the last for all its boxes: give each customer a group of its own, "
        "customer_<customer>"
    )
    assert [each.problems for each in inventory.invalid] == [(line,)]
    assert inventory.servers_of("atlas") == ()
