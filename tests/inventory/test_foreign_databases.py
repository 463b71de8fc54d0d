"""The control machine knows which databases and servers are another customer's, whatever the limit; no box does."""

from __future__ import annotations

import pytest

from reconciler.connections.carrier import request_text
from reconciler.inventory import Inventory
from reconciler.model.desired import Request
from reconciler.model.digests import database_digest, named_database_digest, server_digest
from reconciler.model.marks import Mark
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


def digests(*uuids: str) -> frozenset[str]:
    return frozenset(database_digest(Secret(uuid)) for uuid in uuids)


def foreign(inventory: Inventory, name: str) -> frozenset[str]:
    return target(inventory, name).others.databases


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
    assert named_database_digest(f"{SHARED}:443/", "atlas") in target(inventory, "a").others.names
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
    box = target(read(alone), "b")
    assert box.others.servers == {server_digest(SHARED), server_digest("https://own.example")}
    assert Mark.SERVER in box.desired.compared
    assert target(read(alone), "a").others.servers == frozenset()


def test_a_database_outside_the_limit_that_cannot_be_decrypted_is_named_once(read: Read) -> None:
    locked = {
        **files(),
        "host_vars/b.yml": f"iot_https_customer: atlas\niot_https_db_uuid: {encrypted(B, 'another')}\n",
    }
    inventory = read(locked, limit="a,c")
    # every other UUID on the same server may be the one that cannot be read
    assert foreign(inventory, "a") == digests(D)
    assert target(inventory, "a").others.uncompared == {server_digest(SHARED)}
    (warning,) = inventory.warnings
    assert warning.startswith("not compared between customers, for 1 box: iot_https_db_uuid (")
    assert "host_vars/b.yml:2) cannot be decrypted with the vault passwords given" in warning


def test_a_database_outside_the_limit_that_cannot_be_read_is_a_warning(read: Read) -> None:
    strange = {**files(), "host_vars/b.yml": "iot_https_customer: atlas\niot_https_db_uuid: '{{ nowhere }}'\n"}
    inventory = read(strange, limit="a")
    assert target(inventory, "a").others.uncompared == {server_digest(SHARED)}
    assert UNREADABLE in inventory.warnings


OF_OTHERS = {
    "iot_https_server_url": "https://{}.example",
    "iot_https_db_name": "{}-production",
    "iot_https_serial": "100000000000000{}",
    "iot_https_customer": "customer-{}",
}


def sent_to(read: Read, letter: str) -> str:
    """Return what is sent to a box that nothing is pinned for, where the other customer is called like this."""
    values = {name: text.format(letter) for name, text in OF_OTHERS.items()}
    uuid = f"{letter * 8}-0000-4000-8000-000000000000"
    other = "".join(f"{name}: '{text}'\n" for name, text in values.items()) + f"iot_https_db_uuid: {uuid}\n"
    own = f"iot_https_customer: lotus\niot_https_server_url: https://lotus.example\niot_https_db_uuid: {A}\n"
    inventory = read(
        {
            "hosts.yml": "all: {hosts: {a: {}, b: {}, c: {}}}\n",
            "host_vars/a.yml": own,
            "host_vars/b.yml": other,
            "host_vars/c.yml": "iot_https_customer: pho\niot_https_resolvers: [1.1.1.1]\n",
        }
    )
    return "\n".join(request_text(Request(desired=target(inventory, name).desired)) for name in "ac")


def test_what_is_sent_to_a_box_is_the_same_whoever_else_is_in_the_inventory(read: Read) -> None:
    """Nothing of other customers is in it, not as a digest either: root of a box could try names against that."""
    assert sent_to(read, "b") == sent_to(read, "c") == sent_to(read, "d")
