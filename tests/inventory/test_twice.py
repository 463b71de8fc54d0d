"""A key that stands in a mapping twice is an error with file, line and key; a file of one box stops no other box."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.inventory import InventoryError, VaultOptions, load

from .conftest import Read, Write, invalid, target, vault_text

CONSTRUCTED = {
    "hosts.yml": "all: {hosts: {a: , b: }}",
    "z.yml": "plugin: constructed\nuse_vars_plugins: true\nkeyed_groups: [{prefix: image, key: box_image}]\n",
    "host_vars/b.yml": "box_image: ro\n",
}
STRICT = "plugin: constructed\nstrict: true\n"


pytestmark = pytest.mark.usefixtures("here")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"hosts.yml": "all:\n  children:\n    hue:\n      hosts: {a: }\n    hue:\n      hosts: {b: }\n"},
            "hosts.yml has hue twice, of which Ansible drops the first: keep one of them (hosts.yml:5)",
        ),
        ({"hosts.yml": "all:\n  hosts:\n    a-1:\n    b:\n    a-1:\n"}, "has a-1 twice*(hosts.yml:5)"),
        ({"hosts.yml": "all:\n  hosts: {a: }\n  hosts: {b: }\n"}, "has hosts twice*(hosts.yml:3)"),
        (
            {"hosts.yml": "all:\n  hosts: {a: {}}\n  vars:\n    x: [{y: 1,\n       y: 2}]\n"},
            "has y twice*(hosts.yml:5)",
        ),
        ({"hosts.json": '{"all": {"hosts": {"a": {},\n "a": {}}}}'}, "has a twice*(hosts.json:2)"),
        ({"hosts": '{"all": {"hosts": {"a": {},\n "a": {}}}}'}, "has a twice*(hosts:2)"),
        ({"1.yml": "all: {hosts: {a: }}", "2.yml": f"{STRICT}strict: false\n"}, "has strict twice*(2.yml:3)"),
        ({"hosts.yml": "all:\n  hosts:\n    two words: \n    two words: \n"}, "has a key twice*(hosts.yml:4)"),
    ],
)
def test_in_a_source_it_stops_the_run(read: Read, files: Mapping[str, str], said: str) -> None:
    with pytest.raises(InventoryError) as told:
        read(files)
    (problem,) = told.value.problems
    for part in said.split("*"):
        assert part in problem


def test_every_source_is_told_at_once(read: Read) -> None:
    twice = "all:\n  hosts:\n    a:\n    a:\n"
    with pytest.raises(InventoryError) as told:
        read({"1.yml": twice, "2.yml": "all: {hosts: {b: }}", "3.yml": twice})
    assert [problem.split(" ", 1)[0].rpartition("/")[2] for problem in told.value.problems] == ["1.yml", "3.yml"]


@pytest.mark.parametrize("more", [{}, CONSTRUCTED], ids=["plain", "constructed"])
@pytest.mark.parametrize(
    ("name", "others"),
    [("host_vars/a.yml", ["b"]), ("host_vars/a/more.json", ["b"]), ("group_vars/image_rw.yml", ["b"])],
)
def test_in_a_file_of_variables_it_stops_its_boxes(
    name: str, others: list[str], more: Mapping[str, str], read: Read
) -> None:
    group = {"0.yml": "all: {children: {image_rw: {hosts: {a: }}}, hosts: {b: }}"}
    inventory = read({**group, **more, name: '{"iot_https_store": "x",\n "iot_https_store": "y"}'})
    (said,) = invalid(inventory, "a").problems
    found = "a file has iot_https_store twice, of which Ansible drops the first: keep one of them"
    assert said == f"variables cannot be read: {found} ({name}:2)"
    assert [each.name for each in inventory.targets] == others
    assert inventory.warnings == ()


def test_in_a_file_of_all_it_is_told_once(read: Read) -> None:
    with pytest.raises(InventoryError, match=r"a file has x twice.*\(group_vars/all.yml:2\)"):
        read({**CONSTRUCTED, "group_vars/all.yml": "x: 1\nx: 2\n"})


def test_in_an_encrypted_file_it_is_found_too(read: Read) -> None:
    inventory = read({**CONSTRUCTED, "host_vars/a.yml": vault_text("iot_https_store: x\niot_https_store: y\n")})
    assert "has iot_https_store twice" in invalid(inventory, "a").problems[0]


@pytest.mark.parametrize(
    "variables",
    [
        "base: &base {x: 1, y: 2}\niot: {<<: *base, x: 3}\n",
        "one: &one {x: 1}\ntwo: &two {x: 2}\niot: {<<: [*one, *two], y: 3}\n",
        "one: &one {x: 1}\ntwo: &two {y: 2}\niot: {<<: *one, <<: *two}\n",
        "x: {1: a, '1': b}\n",
        "x: [{y: 1}, {y: 1}]\n",
    ],
)
def test_what_is_merged_may_be_overridden(variables: str, read: Read) -> None:
    inventory = read({**CONSTRUCTED, "host_vars/a.yml": f"{variables}iot_https_store: hue\n"})
    assert target(inventory, "a").desired.store == "hue"
    assert inventory.warnings == ()


@pytest.mark.parametrize("broken", ["a: b: c", "- x", "{{ x }}", "x: 1\n\ty: 2", "$ANSIBLE_VAULT;1.1;AES256\n00\n"])
def test_a_file_that_cannot_be_read_stops_its_box_alone(broken: str, read: Read) -> None:
    inventory = read({**CONSTRUCTED, "host_vars/a.yml": broken})
    assert "host_vars/a.yml" in invalid(inventory, "a").problems[0]
    assert [each.name for each in inventory.targets] == ["b"]
    assert [each.name for each in read(CONSTRUCTED, limit="image_ro").targets] == ["b"]


def test_a_file_that_only_another_password_opens_stops_its_box_alone(read: Read, password_file: Path) -> None:
    files = {**CONSTRUCTED, "host_vars/a.yml": vault_text("iot_https_store: x", "another")}
    inventory = read(files, vault=VaultOptions(password_files=(str(password_file),)))
    assert "cannot be decrypted" in invalid(inventory, "a").problems[0]
    assert [each.name for each in inventory.targets] == ["b"]


def test_where_variables_are_read_with_the_sources_only_nothing_is_passed_over(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ansible.constants.RUN_VARS_PLUGINS", "start")
    folder = write({**CONSTRUCTED, "host_vars/a.yml": "a: b: c"})
    with pytest.raises(InventoryError):
        load([str(folder)])


@pytest.mark.parametrize(
    ("plugin", "hosts"),
    [
        ("keyed_groups: [{prefix: i, key: box_image}]", "{a: {box_image: ro}, b: }"),
        ("keyed_groups: [{prefix: i, key: box_image}]", "{a: {box_image: ro}, b: {box_image: }}"),
        ("compose: {y: x + 1}", "{a: {x: 5}, b: }"),
        ("groups: {y: x > 1}", "{a: {x: 5}, b: }"),
    ],
)
def test_a_strict_plugin_is_said_to_stop_all_boxes_for_one(plugin: str, hosts: str, read: Read) -> None:
    with pytest.raises(InventoryError) as told:
        read({"1.yml": f"all: {{hosts: {hosts}}}", "2.yml": f"{STRICT}{plugin}\n"})
    (said,) = told.value.problems
    assert said.endswith(
        "2.yml is strict, and stops every box for b: set strict: false, or correct what it says of this host"
    )
