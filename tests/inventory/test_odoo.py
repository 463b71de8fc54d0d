"""Inventories that the plugin `iot_https.fleet.odoo` makes of databases, read as the command reads every inventory."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from reconciler.inventory import Inventory, InventoryError, VaultOptions, load
from reconciler.model.secret import Secret
from reconciler.odoo_database import reading
from tests.support.odoo_stand_in import CONTRACT, KEY, UUID, OdooFault, OdooStandIn, odoo_box
from tests.support.servers import unused_port

from .conftest import Write, encrypted, invalid, target

Odoo = Callable[..., Inventory]
SECRETS = {"key": KEY, "uuid": UUID, "contract": CONTRACT}


@pytest.fixture(scope="module")
def served() -> Iterator[OdooStandIn]:
    """One server for the tests of this file."""
    with OdooStandIn() as odoo:
        yield odoo


@pytest.fixture
def odoo(served: OdooStandIn) -> OdooStandIn:
    """A database of two boxes, as new."""
    served.renew()
    return served


@pytest.fixture
def right(password_file: Path) -> VaultOptions:
    """The vault password with which the key is encrypted."""
    return VaultOptions(password_files=(str(password_file),))


@pytest.fixture
def read_odoo(odoo: OdooStandIn, write: Write, tmp_path: Path, right: VaultOptions) -> Odoo:
    """Return a function that writes a file for the plugin, other files beside it, and reads them."""

    def read(*more: str, files: Mapping[str, str] | None = None, vault: VaultOptions = right, **how: Any) -> Inventory:
        return load([str(write({"a.odoo.yml": said(odoo, tmp_path, *more), **(files or {})}))], vault=vault, **how)

    return read


def said(odoo: OdooStandIn, folder: Path, *more: str, customer: str = "lotus", key: str | None = None) -> str:
    """Return a file for the plugin."""
    lines = (
        "plugin: iot_https.fleet.odoo",
        f"customer: {customer}",
        f"url: {odoo.url}",
        f"api_key: {key or encrypted(KEY)}",
        f"ca_file: {odoo.ca_file(folder)}",
        *more,
    )
    return "".join(f"{line}\n" for line in lines)


def test_boxes_are_those_of_the_database(read_odoo: Odoo) -> None:
    inventory = read_odoo("server_url: https://lotus.example")

    desired = target(inventory, "lotus_till-1").desired
    assert inventory.names == ("lotus_till-1", "lotus_till-2")
    assert (desired.customer, desired.store, desired.serial) == ("lotus", "Hanoi", "10000000abcd0001")
    assert desired.server_url == "https://lotus.example"
    assert (desired.db_uuid, desired.enterprise_code) == (Secret(UUID), Secret(CONTRACT))
    assert inventory.warnings == ()


def test_what_is_read_is_printed_nowhere(read_odoo: Odoo, capfd: pytest.CaptureFixture[str]) -> None:
    read_odoo()

    assert capfd.readouterr() == ("", "")


def test_changed_contract_is_what_the_box_should_have_at_once(odoo: OdooStandIn, read_odoo: Odoo) -> None:
    assert target(read_odoo(), "lotus_till-1").desired.enterprise_code == Secret(CONTRACT)
    odoo.contents.parameters["database.enterprise_code"] = "M99999999999"

    assert target(read_odoo(), "lotus_till-1").desired.enterprise_code == Secret("M99999999999")


def test_key_is_not_read_without_the_password_of_its_vault(odoo: OdooStandIn, read_odoo: Odoo) -> None:
    with pytest.raises(InventoryError) as told:
        read_odoo(vault=VaultOptions())

    (line,) = told.value.problems
    assert "is encrypted, and no vault password was given" in line
    assert odoo.asked == []


def test_key_may_come_from_the_environment(
    odoo: OdooStandIn, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY_OF_LOTUS", KEY)
    text = said(odoo, tmp_path, key="\"{{ lookup('ansible.builtin.env', 'KEY_OF_LOTUS') }}\"")

    inventory = load([str(write({"a.odoo.yml": text}))])

    assert target(inventory, "lotus_till-1").desired.db_uuid == Secret(UUID)


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (OdooFault.NO_RIGHT, "does not let this API key read system parameters"),
        (OdooFault.LOGIN_PAGE, "XML-RPC needs database and login"),
        (OdooFault.ERROR, "HTTP 500"),
        (OdooFault.HUGE, "more than 4 MiB"),
    ],
)
def test_database_that_cannot_be_read_is_one_line(
    odoo: OdooStandIn, read_odoo: Odoo, fault: OdooFault, text: str
) -> None:
    odoo.fault = fault

    with pytest.raises(InventoryError) as told:
        read_odoo()

    (line,) = told.value.problems
    assert text in line
    assert "a.odoo.yml: Odoo of lotus: https://127.0.0.1:" in line
    assert "\n" not in line
    assert KEY not in line


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ("databse: x", "databse is no setting: did you mean database?"),
        ("protocol: xmlrpc", "database is missing: XML-RPC needs it"),
        ("databases: [{customer: atlas, url: x}]", "databases, 1: url is not the address of a server"),
    ],
)
def test_mistake_in_the_file_is_one_line(read_odoo: Odoo, more: str, text: str) -> None:
    with pytest.raises(InventoryError) as told:
        read_odoo(more)

    assert text in told.value.problems[0]
    assert KEY not in str(told.value)


def two(odoo: OdooStandIn, port: int) -> str:
    """Return settings for a database that is up, and for one that is not."""
    databases = [{"customer": "atlas", "url": f"https://127.0.0.1:{port}"}, {"customer": "lotus", "url": odoo.url}]
    return f"databases: {json.dumps(databases)}"


def test_others_go_on_where_one_database_cannot_be_read(odoo: OdooStandIn, read_odoo: Odoo) -> None:
    with unused_port() as port:
        inventory = read_odoo(two(odoo, port))

    row = invalid(inventory, "odoo:atlas")
    assert [each.name for each in inventory.targets] == ["lotus_till-1", "lotus_till-2"]
    assert (row.customer, len(row.problems)) == ("atlas", 1)
    assert "is not reached (Connection refused)" in row.problems[0]


def test_database_that_cannot_be_read_is_no_matter_of_another_customers_boxes(
    odoo: OdooStandIn, read_odoo: Odoo
) -> None:
    with unused_port() as port:
        assert read_odoo(two(odoo, port), limit="customer_lotus").invalid == ()


def test_box_that_cannot_be_a_host_is_an_entry_that_cannot_be_used(odoo: OdooStandIn, read_odoo: Odoo) -> None:
    odoo.contents.boxes = [odoo_box(1), odoo_box(2, "a/b"), odoo_box(3, "Till 3"), odoo_box(4, "Till 3")]

    inventory = read_odoo()

    assert [each.name for each in inventory.targets] == ["lotus_till-1"]
    assert [each.name for each in inventory.invalid] == ["lotus_odoo:2", "lotus_Till-3"]
    assert all(each.customer == "lotus" for each in inventory.invalid)


def test_database_of_which_no_box_can_be_a_host_is_told(odoo: OdooStandIn, read_odoo: Odoo) -> None:
    odoo.contents.boxes = [odoo_box(2, "a/b")]

    with pytest.raises(InventoryError) as told:
        read_odoo()

    assert told.value.problems[0].startswith("lotus_odoo:2: box 2 in Odoo is left out")
    assert told.value.problems[1].startswith("no host in ")


def test_nothing_of_a_customer_is_a_template(odoo: OdooStandIn, read_odoo: Odoo, tmp_path: Path) -> None:
    mine = f"{{{{ lookup('ansible.builtin.pipe', 'touch {tmp_path}/run') }}}}"
    odoo.contents.boxes = [
        odoo_box(1, identifier=mine, version=mine, ssl_certificate_end_date=mine, company_id=[1, mine]),
        odoo_box(2, mine),
        odoo_box(3, ip=mine),
    ]
    constructed = (
        "plugin: ansible.builtin.constructed\nstrict: false\nkeyed_groups: [{prefix: v, key: odoo_box.version}]\n"
        "compose: {made: odoo_box.version ~ iot_https_store}\n"
    )
    # a variable of our own that refers to what Odoo says is filled in once, and what comes out is not looked at again
    inventory = read_odoo(
        files={
            "z.yml": constructed,
            "group_vars/customer_lotus.yml": 'iot_https_serial: "{{ odoo_box.identifier | length }}"\n',
        }
    )

    assert not (tmp_path / "run").exists()
    assert "lotus_till-1" in inventory.names
    assert len(inventory.invalid) >= 2


def test_other_source_and_database_have_one_name(odoo: OdooStandIn, read_odoo: Odoo) -> None:
    files = {"0.yml": "all: {hosts: {lotus_till-1: {ansible_host: 198.51.100.1, iot_https_customer: atlas}}}"}

    inventory = read_odoo(files=files)

    assert inventory.names == ("lotus_till-1",)
    ssh = target(inventory, "lotus_till-1").ssh
    assert ssh is not None
    assert ssh.host == "198.51.100.1"
    assert "called lotus_till-1" in invalid(inventory, "odoo:lotus").problems[0]


def test_source_that_is_read_later_has_the_name_of_a_customer(read_odoo: Odoo) -> None:
    """Then both are there for Ansible, and nobody is contacted: the box is in groups of two customers."""
    files = {"z.yml": "all: {hosts: {lotus_till-1: {ansible_host: 198.51.100.1, iot_https_customer: atlas}}}"}

    inventory = read_odoo(files=files)

    assert "iot_https_customer is atlas, but the box is in" in invalid(inventory, "lotus_till-1").problems[0]


def test_boxes_of_one_serial_number_in_two_databases_are_not_touched(odoo: OdooStandIn, read_odoo: Odoo) -> None:
    databases = [
        {"customer": name, "url": odoo.url, "server_url": f"https://{name}.example"} for name in ("lotus", "atlas")
    ]

    inventory = read_odoo(f"databases: {json.dumps(databases)}")

    assert inventory.targets == ()
    assert all("serial" in " ".join(each.problems) for each in inventory.invalid)
    assert len(inventory.invalid) == 4


def test_variables_beside_the_file_count(read_odoo: Odoo) -> None:
    files = {
        "host_vars/lotus_till-1.yml": "ansible_host: 198.51.100.7\n",
        "group_vars/customer_lotus.yml": "iot_https_server_url: https://public.example\n",
        "group_vars/store_lotus__Hanoi.yml": "iot_https_resolvers: [192.0.2.1, 1.1.1.1]\n",
    }

    inventory = read_odoo(files=files)

    box = target(inventory, "lotus_till-1")
    assert box.ssh is not None
    assert box.ssh.host == "198.51.100.7"
    assert box.desired.server_url == "https://public.example"
    assert box.desired.resolvers == ("192.0.2.1", "1.1.1.1")
    assert inventory.warnings == ()


def test_boxes_on_many_pages_are_all_there(odoo: OdooStandIn, read_odoo: Odoo, monkeypatch: pytest.MonkeyPatch) -> None:
    odoo.contents.boxes = [odoo_box(number) for number in range(1, reading.PAGE + 2)]

    assert len(read_odoo().names) == reading.PAGE + 1


CACHE = ("cache: true", "cache_plugin: ansible.builtin.jsonfile")


def test_cache_answers_without_odoo_and_holds_no_secret(odoo: OdooStandIn, read_odoo: Odoo, tmp_path: Path) -> None:
    cache = (*CACHE, f"cache_connection: {tmp_path}/cache")
    before = read_odoo(*cache)
    asked = len(odoo.asked)

    after = read_odoo(*cache)

    assert len(odoo.asked) == asked
    assert after.targets == before.targets
    texts = [path.read_text() for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert any("till-1" in text for text in texts)
    assert [name for name, secret in SECRETS.items() if any(secret in text for text in texts)] == []


def test_cache_stands_in_with_its_age_where_odoo_does_not_answer(
    odoo: OdooStandIn, read_odoo: Odoo, tmp_path: Path
) -> None:
    cache = (*CACHE, f"cache_connection: {tmp_path}/cache", "cache_first: false")
    before = read_odoo(*cache)
    odoo.fault = OdooFault.ERROR

    after = read_odoo(*cache)

    assert after.targets == before.targets
    (line,) = after.warnings
    assert line.startswith("Odoo of lotus: boxes are those of less than a minute ago, since https://127.0.0.1:")


def test_cache_does_not_stand_in_for_a_key_that_is_refused(odoo: OdooStandIn, read_odoo: Odoo, tmp_path: Path) -> None:
    cache = (*CACHE, f"cache_connection: {tmp_path}/cache", "cache_first: false")
    read_odoo(*cache)
    odoo.key = "another"

    with pytest.raises(InventoryError, match="does not accept the API key"):
        read_odoo(*cache)


def test_cache_older_than_its_timeout_is_asked_anew_and_still_stands_in(
    odoo: OdooStandIn, read_odoo: Odoo, tmp_path: Path
) -> None:
    cache = (*CACHE, f"cache_connection: {tmp_path}/cache", "cache_timeout: 60")
    read_odoo(*cache)
    (file,) = (path for path in (tmp_path / "cache").rglob("*") if path.is_file())
    text = file.read_text()
    aged = re.sub(r"(read\W+)20\d\d-[^\"\\]*", r"\g<1>2026-03-01T12:00:00+00:00", text)
    assert aged != text
    file.write_text(aged)
    odoo.fault = OdooFault.ERROR

    inventory = read_odoo(*cache)

    assert inventory.names == ("lotus_till-1", "lotus_till-2")
    assert " days ago, since " in inventory.warnings[0]


def test_cache_without_a_vault_password_keeps_no_secret(
    odoo: OdooStandIn, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IOT_HTTPS_ODOO_API_KEY", KEY)
    lines = (*CACHE, f"cache_connection: {tmp_path}/cache", "cache_first: false")
    text = said(odoo, tmp_path, *lines, key="null").replace("api_key: null\n", "")
    folder = str(write({"a.odoo.yml": text}))
    load([folder])
    odoo.fault = OdooFault.ERROR

    inventory = load([folder])

    assert target(inventory, "lotus_till-1").desired.db_uuid is None
    assert any("the UUID of the database is not known, and is not compared" in line for line in inventory.warnings)
    texts = [path.read_text() for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert [name for name, secret in SECRETS.items() if any(secret in text for text in texts)] == []


def test_two_files_never_share_a_cache(odoo: OdooStandIn, write: Write, tmp_path: Path, right: VaultOptions) -> None:
    cache = (*CACHE, f"cache_connection: {tmp_path}/cache")
    load([str(write({"a.odoo.yml": said(odoo, tmp_path, *cache)}))], vault=right)
    odoo.contents.boxes = [odoo_box(7)]

    files = {"a.odoo.yml": "all: {}", "b.odoo.yml": said(odoo, tmp_path, *cache, customer="atlas")}
    inventory = load([str(write(files))], vault=right)

    assert inventory.names == ("atlas_till-7",)


def test_second_database_of_a_customer_is_an_entry_that_cannot_be_used(
    odoo: OdooStandIn, read_odoo: Odoo, tmp_path: Path
) -> None:
    inventory = read_odoo(files={"b.odoo.yml": said(odoo, tmp_path)})

    assert [each.name for each in inventory.targets] == ["lotus_till-1", "lotus_till-2"]
    assert "has another database here" in invalid(inventory, "odoo:lotus:second").problems[0]


def test_play_that_reads_files_again_asks_no_database_again(odoo: OdooStandIn, write: Write, tmp_path: Path) -> None:
    """The role looks into the files of an inventory for what they say differently."""
    from ansible.parsing.dataloader import DataLoader

    from reconciler.inventory.overruled import read_again

    folder = write({"a.odoo.yml": said(odoo, tmp_path), "b.yml": "all: {hosts: {c: {iot_https_serial: x}}}"})

    inline = read_again([str(folder)], DataLoader())

    assert odoo.asked == []
    assert inline.of(("host_vars", "c"))
