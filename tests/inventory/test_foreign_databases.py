"""A box is told which databases on its own server are another customer's, whatever the limit."""

from __future__ import annotations

import pytest

from reconciler.model.digests import database_digest
from reconciler.model.secret import Secret

from .conftest import Read, encrypted, invalid, target

A, B, C = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "abc")
UNREADABLE = "outside the limit, entries cannot be read in full, so their boxes may not be recognised: b"


def files(**of_b: str) -> dict[str, str]:
    """Three customers, two of them on one server; `of_b`: more variables of the box b."""
    more = "".join(f"{name}: {value}\n" for name, value in of_b.items())
    return {
        "hosts.yml": "all: {hosts: {a: {}, a2: {}, b: {}, c: {}, nobody: {}}}\n",
        "group_vars/all.yml": "iot_https_server_url: https://shared.example\n",
        "host_vars/a.yml": f"iot_https_customer: lotus\niot_https_db_uuid: {A}\n",
        "host_vars/a2.yml": f"iot_https_customer: lotus\niot_https_db_uuid: {encrypted(C)}\n",
        "host_vars/b.yml": f"iot_https_customer: atlas\niot_https_db_uuid: {encrypted(B)}\n{more}",
        "host_vars/c.yml": f"iot_https_customer: pho\niot_https_db_uuid: {C}\n"
        "iot_https_server_url: https://own.example\n",
        "host_vars/nobody.yml": "iot_https_serial: s\n",
    }


def digest(uuid: str) -> str:
    return database_digest(Secret(uuid))


@pytest.mark.parametrize("limit", [None, "a", "a,a2", "a:b"])
def test_databases_of_others_on_the_same_server_are_foreign(read: Read, limit: str | None) -> None:
    assert target(read(files(), limit=limit), "a").desired.foreign_databases == {digest(B): "atlas"}


@pytest.mark.parametrize("limit", [None, "nobody"])
def test_a_box_without_a_customer_holds_no_database_of_one(read: Read, limit: str | None) -> None:
    foreign = target(read(files(), limit=limit), "nobody").desired.foreign_databases
    assert foreign == {digest(A): "lotus", digest(C): "lotus", digest(B): "atlas"}


def test_a_server_of_one_customer_has_no_foreign_databases(read: Read) -> None:
    assert target(read(files()), "c").desired.foreign_databases == {}


@pytest.mark.parametrize("limit", [None, "a"])
def test_an_entry_that_is_refused_still_tells_its_database(read: Read, limit: str | None) -> None:
    inventory = read(files(iot_https_typo="1"), limit=limit)
    assert target(inventory, "a").desired.foreign_databases == {digest(B): "atlas"}
    assert limit or invalid(inventory, "b").problems


def test_a_database_that_two_customers_are_given_is_foreign_to_neither(read: Read) -> None:
    both = {**files(), "host_vars/b.yml": f"iot_https_customer: atlas\niot_https_db_uuid: {A}\n"}
    inventory = read(both)
    assert target(inventory, "a").desired.foreign_databases == {}
    assert target(inventory, "b").desired.foreign_databases == {digest(C): "lotus"}


@pytest.mark.parametrize("value", [encrypted(B, "another password"), "'{{ nowhere }}'"])
def test_a_database_outside_the_limit_that_cannot_be_read_is_a_warning(read: Read, value: str) -> None:
    inventory = read(
        {**files(), "host_vars/b.yml": f"iot_https_customer: atlas\niot_https_db_uuid: {value}\n"}, limit="a"
    )
    assert target(inventory, "a").desired.foreign_databases == {}
    assert UNREADABLE in inventory.warnings


def test_a_database_on_no_server_of_the_limit_is_not_decrypted(read: Read) -> None:
    unreadable = {**files(), "host_vars/b.yml": f"iot_https_customer: atlas\niot_https_db_uuid: {encrypted(B, 'x')}\n"}
    assert UNREADABLE not in read(unreadable, limit="c").warnings
