"""Servers and serial numbers of the whole inventory are known, whatever the limit, without decrypting more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from reconciler.inventory.fleet import Inventory
from reconciler.inventory.guards import guards
from reconciler.inventory.identity import DeclaredIdentity
from reconciler.model.digests import serial_digest

from .conftest import Read, encrypted, hosts, invalid, target

FILES = {
    "hosts.yml": """\
        all:
          children:
            lotus:
              vars: {iot_https_customer: lotus, iot_https_server_url: "https://{{ domain }}", domain: Lotus.example}
              hosts:
                a: {iot_https_serial: s-a}
                b: {iot_https_serial: s-b, domain: second.example}
                c: {iot_https_serial: s-c}
            atlas:
              vars: {iot_https_customer: atlas, iot_https_server_url: https://atlas.example}
              hosts: {d: {iot_https_serial: s-d}}
          hosts:
            e: {iot_https_server_url: https://nobody.example}
        """
}


@pytest.mark.parametrize("limit", [None, "a", "d", "e"])
def test_tables_hold_the_whole_inventory(read: Read, limit: str | None) -> None:
    inventory = read(FILES, limit=limit)

    assert inventory.all_server_urls == {
        "https://nobody.example": None,
        "https://lotus.example": "lotus",
        "https://second.example": "lotus",
        "https://atlas.example": "atlas",
    }
    assert inventory.serials == {"s-a": "a", "s-b": "b", "s-c": "c", "s-d": "d"}
    assert inventory.guards.owners_of_serial()[serial_digest("s-d")] == "d (atlas)"
    assert inventory.servers_of("lotus") == ("https://lotus.example", "https://second.example")
    assert inventory.servers_of("unknown") == inventory.servers_of(None) == ()


@pytest.mark.parametrize(
    ("name", "own"),
    [("a", ("https://second.example",)), ("b", ("https://lotus.example",)), ("d", ()), ("e", ())],
)
def test_box_knows_the_other_servers_of_its_customer(read: Read, name: str, own: tuple[str, ...]) -> None:
    assert target(read(FILES, limit=name), name).desired.own_servers == own


def test_box_without_a_serial_number_is_judged_by_those_of_others(read: Read) -> None:
    serials = {each.name: each.others.serials for each in read(FILES).targets}
    assert serials["e"] == {serial_digest(f"s-{name}") for name in "abcd"}
    assert serials["a"] == frozenset()


def test_box_without_a_server_knows_all_of_its_customer(read: Read) -> None:
    files = {**FILES, "host_vars/a.yml": "iot_https_server_url: null\n"}

    own = target(read(files), "a").desired.own_servers

    assert set(own) == {"https://lotus.example", "https://second.example"}


def test_entry_that_is_refused_still_guards(read: Read) -> None:
    inventory = read({**FILES, "host_vars/d.yml": "iot_https_typo: 1\n"})

    assert inventory.all_server_urls["https://atlas.example"] == "atlas"
    assert inventory.serials["s-d"] == "d"


def test_serial_of_two_boxes_is_refused_even_when_one_is_outside_the_limit(read: Read) -> None:
    inventory = read({**FILES, "host_vars/d.yml": "iot_https_serial: s-a\n"}, limit="lotus")

    assert invalid(inventory, "a").problems == (
        "iot_https_serial is also that of d: one box has one entry, correct or remove the other",
    )
    assert [each.name for each in inventory.targets] == ["b", "c"]


def test_serial_of_many_boxes_names_three(read: Read) -> None:
    files = {**hosts("a", "b", "c", "d", "e"), "group_vars/all.yml": "iot_https_serial: same\n"}

    (said,) = invalid(read(files), "a").problems

    assert "also that of b, c, d and others:" in said


def test_server_is_a_customers_when_another_entry_names_none() -> None:
    tables = guards(
        [
            DeclaredIdentity(name="a", server_url="https://x"),
            DeclaredIdentity(name="b", server_url="https://x", customer="c"),
        ]
    )

    assert Inventory(targets=(), size=2, guards=tables).all_server_urls == {"https://x": "c"}


@pytest.mark.parametrize(
    "variables",
    ["iot_https_serial: '{{ nowhere }}'\n", "iot_https_server_url: ftp://x\n", "a: b: c\n"],
)
def test_entry_outside_the_limit_that_cannot_be_read_is_a_warning(read: Read, variables: str) -> None:
    inventory = read({**FILES, "host_vars/d.yml": variables}, limit="lotus")

    assert inventory.warnings == (
        "outside the limit, entries cannot be read in full, so their boxes may not be recognised: d",
    )
    assert len(inventory.targets) == 3


def _secrets(number: int) -> Mapping[str, str]:
    return {
        **hosts(*(f"box-{each}" for each in range(number))),
        **{
            f"host_vars/box-{each}.yml": f'iot_https_serial: "{each}"\niot_https_db_uuid: {encrypted("u")}\n'
            f"ansible_become_password: {encrypted('p')}\niot_https_server_url: https://{each}.example\n"
            for each in range(number)
        },
    }


@pytest.fixture
def decrypted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect what is decrypted."""
    from ansible.parsing.vault import VaultLib

    collected: list[str] = []
    real = VaultLib.decrypt

    def collecting(self: Any, text: str) -> Any:
        collected.append(text)
        return real(self, text)

    monkeypatch.setattr(VaultLib, "decrypt", collecting)
    return collected


def test_of_secrets_outside_the_limit_only_those_that_tell_customers_apart_are_decrypted(
    read: Read, decrypted: list[str]
) -> None:
    files = {**_secrets(60), "host_vars/box-7.yml": f"ansible_password: {encrypted('p')}\n"}

    inventory = read(files, limit="box-7")

    assert len(inventory.targets) == 1
    assert len(inventory.serials) == 59
    assert len(decrypted) == 1 + 59  # a UUID each, and no ansible_become_password


@pytest.mark.parametrize("password", ["the right one", "another"])
def test_each_distinct_text_is_decrypted_once(read: Read, decrypted: list[str], password: str) -> None:
    text = encrypted("11111111-2222-3333-4444-555555555555", password)
    files = {**hosts(*(f"box-{each}" for each in range(50))), "host_vars/box-7.yml": "iot_https_serial: s\n"}
    copies = {f"host_vars/box-{each}.yml": f"iot_https_db_uuid: {text}\n" for each in range(50) if each != 7}

    inventory = read({**files, **copies})

    assert len(inventory.targets) == (50 if password == "the right one" else 1)
    assert len(decrypted) == 1


def test_secret_that_many_boxes_share_is_decrypted_once(read: Read, decrypted: list[str]) -> None:
    boxes = hosts(*(f"box-{each}" for each in range(50)))

    inventory = read({**boxes, "group_vars/all.yml": f"ansible_password: {encrypted('p')}\n"})

    assert len(inventory.targets) == 50
    assert len(decrypted) == 1


def test_a_database_under_two_addresses_is_a_copy_to_each_of_its_boxes(read: Read) -> None:
    uuid = "iot_https_db_uuid: 11111111-2222-3333-4444-555555555555\n"
    inventory = read({**FILES, "host_vars/a.yml": uuid, "host_vars/b.yml": uuid, "host_vars/c.yml": uuid})

    copies = {name: target(inventory, name).desired.copies for name in ("a", "b", "c", "d")}

    first, second = "https://lotus.example", "https://second.example"
    assert copies == {"a": (second,), "b": (first,), "c": (second,), "d": ()}


def test_a_box_whose_groups_are_mixed_has_no_server_told_to_others() -> None:
    """It has another customer's UUID by mistake: its own server is not sent to that customer's boxes."""
    right = DeclaredIdentity(name="a", customer="lotus", server_url="https://lotus.example", database="d")
    mixed = DeclaredIdentity(
        name="b", customer="atlas", server_url="https://atlas.example", database="d", overruled=("two sources",)
    )
    assert guards([right, mixed]).copies(right) == ()


def at(name: str, customer: str, *way: str) -> DeclaredIdentity:
    return DeclaredIdentity(name=name, customer=customer, way=way or ("192.0.2.7", "22"))


@pytest.mark.parametrize(
    ("two", "is_told"),
    [
        (at("b", "atlas"), True),
        (at("b", "lotus"), False),
        (at("b", "atlas", "192.0.2.8", "22"), False),
        (at("b", "atlas", "192.0.2.7", "22", "-J jump"), False),
        (replace(at("b", "atlas"), way=None), False),
    ],
)
def test_one_address_of_two_customers_is_a_warning(two: DeclaredIdentity, *, is_told: bool) -> None:
    told = guards([at("a", "lotus"), two]).warnings
    assert bool(told) is is_told
    if is_told:
        whose = "is that of a (of lotus) and b (of atlas), which is one machine: correct one of them"
        assert told == (f"ansible_host 192.0.2.7 {whose}",)


PAGES = "ansible_host: 192.0.2.7, iot_https_connection: homepage"


@pytest.mark.parametrize(
    ("one", "two", "is_told"),
    [
        (PAGES, PAGES, True),
        (PAGES, "ansible_host: 192.0.2.7", True),
        (PAGES, f"{PAGES}, iot_https_homepage_port: 8069, ansible_port: 2222", True),
        (PAGES, f"{PAGES}, iot_https_homepage_port: 8169", False),
        (f"{PAGES}, iot_https_homepage_port: 8269", f"{PAGES}, iot_https_homepage_port: 8169", False),
        (f"{PAGES}, iot_https_homepage_port: 8169", f"{PAGES}, iot_https_homepage_port: '8169'", True),
    ],
)
def test_without_ssh_the_port_of_the_homepage_is_part_of_the_way(
    read: Read, one: str, two: str, *, is_told: bool
) -> None:
    """Boxes behind one address have ports of their own, whatever is set for SSH."""
    told = read({**FILES, "host_vars/a.yml": f"{{{one}}}\n", "host_vars/d.yml": f"{{{two}}}\n"}).guards.warnings
    assert [each for each in told if "which is one machine" in each] == (
        ["ansible_host 192.0.2.7 is that of a (of lotus) and d (of atlas), which is one machine: correct one of them"]
        if is_told
        else []
    )


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("caf\u00e9", "cafe\u0301"),
        ("lotus", "l\u043etus"),
        ("PACE", "\u0420\u0410\u0421\u0415"),
        ("pho", "ph\u03bf"),
        ("\uff50ho", "pho"),
        ("Lotus", "lotus"),
    ],
)
def test_names_that_look_alike_are_a_warning(one: str, two: str) -> None:
    (told,) = guards([DeclaredIdentity(name="a", customer=one), DeclaredIdentity(name="b", customer=two)]).warnings
    assert told.startswith("iot_https_customer is ")
    assert told.endswith("which count as different: write it the same way")
    assert ascii(one)[1:-1] in told
    assert ascii(two)[1:-1] in told


@pytest.mark.parametrize(("one", "two"), [("lotus", "lotos"), ("caf\u00e9", "cafe"), ("\u043c\u0438\u0440", "mup")])
def test_names_that_do_not_are_none(one: str, two: str) -> None:
    assert guards([DeclaredIdentity(name="a", customer=one), DeclaredIdentity(name="b", customer=two)]).warnings == ()
