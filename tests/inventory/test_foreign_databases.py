"""A box is told which databases and servers are another customer's, whatever the limit, and not whose they are."""

from __future__ import annotations

import pytest

from reconciler.inventory import Inventory
from reconciler.model.digests import database_digest, named_database_digest, server_digest, unknown_database_digest
from reconciler.model.secret import Secret

from .conftest import Read, encrypted, invalid, target

A, B, C, D = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "abcd")
UNREADABLE = "outside the limit, entries cannot be read in full, so their boxes may not be recognised: b"
SHARED = "https://shared.example"


def files(**of_b: str) -> dict[str, str]:
    """Three customers, two of them on one server; `of_b`: more variables of the box b."""
    more = "".join(f"{name}: {value}\n" for name, value in of_b.items())
    return {
        "hosts.yml": "all: {hosts: {a: {}, a2: {}, b: {}, c: {}, nobody: {}}}\n",
        "group_vars/all.yml": f"iot_https_server_url: {SHARED}\n",
        "host_vars/a.yml": f"iot_https_customer: lotus\niot_https_db_uuid: {A}\n",
        "host_vars/a2.yml": f"iot_https_customer: lotus\niot_https_db_uuid: {encrypted(C)}\n",
        "host_vars/b.yml": f"iot_https_customer: atlas\niot_https_db_uuid: {encrypted(B)}\n{more}",
        "host_vars/c.yml": f"iot_https_customer: pho\niot_https_db_uuid: {D}\n"
        "iot_https_server_url: https://own.example\n",
        "host_vars/nobody.yml": "iot_https_serial: s\n",
    }


def digests(*uuids: str) -> tuple[str, ...]:
    return tuple(sorted(database_digest(Secret(uuid)) for uuid in uuids))


def foreign(inventory: Inventory, name: str) -> tuple[str, ...]:
    return target(inventory, name).desired.foreign_databases


@pytest.mark.parametrize("limit", [None, "a", "a,a2", "a:b"])
def test_databases_of_others_are_foreign_wherever_they_are(read: Read, limit: str | None) -> None:
    inventory = read(files(), limit=limit)
    assert foreign(inventory, "a") == digests(B, D)
    assert inventory.guards.owners_of_database() == {
        **dict.fromkeys(digests(A, C), "lotus"),
        **dict.fromkeys(digests(B), "atlas"),
        **dict.fromkeys(digests(D), "pho"),
    }


@pytest.mark.parametrize("limit", [None, "nobody"])
def test_a_box_without_a_customer_holds_no_database_of_one(read: Read, limit: str | None) -> None:
    assert foreign(read(files(), limit=limit), "nobody") == digests(A, B, C, D)


@pytest.mark.parametrize("limit", [None, "a"])
def test_an_entry_that_is_refused_still_tells_its_database(read: Read, limit: str | None) -> None:
    inventory = read(files(iot_https_typo="1"), limit=limit)
    assert foreign(inventory, "a") == digests(B, D)
    assert limit or invalid(inventory, "b").problems


def test_a_database_that_is_known_by_its_name_is_foreign_too(read: Read) -> None:
    named = {**files(), "host_vars/b.yml": "iot_https_customer: atlas\niot_https_db_name: atlas\n"}
    inventory = read(named)
    assert named_database_digest(f"{SHARED}:443/", "atlas") in foreign(inventory, "a")
    assert foreign(inventory, "b") == digests(A, C, D)


def test_a_shared_database_is_left_for_one_that_is_not_only_by_relink(read: Read) -> None:
    share = {"host_vars/b.yml": f"iot_https_customer: atlas\niot_https_db_uuid: {A}\niot_https_shared_with: [lotus]\n"}
    both = {name: f"{text}iot_https_shared_with: [atlas]\n" for name, text in files().items() if "host_vars/a" in name}
    inventory = read({**files(), **both, **share})
    assert inventory.invalid == ()
    assert foreign(inventory, "a") == digests(D)
    assert foreign(inventory, "a2") == digests(A, D)
    assert foreign(inventory, "b") == digests(C, D)


def test_a_server_of_others_is_foreign_where_no_own_one_is_known(read: Read) -> None:
    unlinked = "iot_https_server_url: null\n"
    alone = {**files(), "host_vars/b.yml": f"iot_https_customer: atlas\niot_https_db_uuid: {B}\n{unlinked}"}
    desired = target(read(alone), "b").desired
    assert set(desired.foreign_servers) == {server_digest(SHARED), server_digest("https://own.example")}
    assert target(read(alone), "a").desired.foreign_servers == ()


def test_a_database_outside_the_limit_that_cannot_be_decrypted_is_named_once(read: Read) -> None:
    locked = {
        **files(),
        "host_vars/b.yml": f"iot_https_customer: atlas\niot_https_db_uuid: {encrypted(B, 'another')}\n",
    }
    inventory = read(locked, limit="a,c")
    # every other UUID on the same server may be the one that cannot be read
    assert set(foreign(inventory, "a")) == {*digests(D), unknown_database_digest(SHARED)}
    (warning,) = inventory.warnings
    assert warning.startswith("not compared between customers, for 1 box: iot_https_db_uuid (")
    assert "host_vars/b.yml:2) cannot be decrypted with the vault passwords given" in warning


def test_a_database_outside_the_limit_that_cannot_be_read_is_a_warning(read: Read) -> None:
    strange = {**files(), "host_vars/b.yml": "iot_https_customer: atlas\niot_https_db_uuid: '{{ nowhere }}'\n"}
    inventory = read(strange, limit="a")
    assert set(foreign(inventory, "a")) == {*digests(D), unknown_database_digest(SHARED)}
    assert UNREADABLE in inventory.warnings
