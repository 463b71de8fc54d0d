"""Files in group_vars and host_vars that Ansible passes over in silence are warnings that name them and the way out."""

from __future__ import annotations

import pytest

from reconciler.inventory import load

from .conftest import Read, Write

FILES = {
    "1.yml": """\
        all:
          children:
            customer_lotus: {hosts: {hanoi-till-1: {ansible_host: 192.0.2.11}, till.example.com: }}
        """,
    "2.yml": "plugin: constructed\nuse_vars_plugins: true\nkeyed_groups: [{prefix: customer, key: who}]\n",
    "host_vars/till.example.com": "who: lotus-bakery\n",
}
VARIABLES = "iot_https_server_url: https://db.example\n"


pytestmark = pytest.mark.usefixtures("here")


@pytest.mark.parametrize(
    "name",
    [
        "group_vars/all.yml",
        "group_vars/ungrouped.yaml",
        "group_vars/customer_lotus.json",
        "group_vars/customer_lotus",
        "group_vars/customer_lotus/vault",
        "group_vars/customer_lotus/more/vault.yml",
        "group_vars/customer_lotus.yml/vault.yml",
        "group_vars/customer_lotus_bakery.yml",
        "host_vars/hanoi-till-1.yml",
        "host_vars/till.example.com.yaml",
        "host_vars/localhost.yml",
        "group_vars/README.md",
        "group_vars/customer_lotus.yml.bak",
        "group_vars/customer_lotus.yml~",
        "group_vars/.customer_lotus.yml.swp",
        "group_vars/customer_lotus/README.md",
    ],
)
def test_files_that_are_read_or_notes_are_no_warning(name: str, read: Read) -> None:
    files = {each: text for each, text in FILES.items() if not name.startswith(each)}
    assert read({**files, name: "{}"}).warnings == ()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("group_vars/customer_Lotus.yml", "no group is called customer_Lotus: did you mean group customer_lotus?"),
        ("group_vars/customer_lotos.yaml", "no group is called customer_lotos: did you mean group customer_lotus?"),
        (
            "group_vars/customer_lotus-bakery.yml",
            "no group is called customer_lotus-bakery: did you mean group customer_lotus_bakery?",
        ),
        (
            "group_vars/customer_lotus /vars.yml",
            "no group is called customer_lotus : did you mean group customer_lotus?",
        ),
        ("group_vars/All.yml", "no group is called All: did you mean group all?"),
        (
            "group_vars/customer_Lotus/vault.yml",
            "no group is called customer_Lotus: did you mean group customer_lotus?",
        ),
        ("group_vars/customer_bus.yml", "no group is called customer_bus: rename it, or move it away"),
        ("group_vars/atlas.yml", "no group is called atlas: rename it, or move it away"),
        ("group_vars/hanoi-till-1.yml", "no group is called hanoi-till-1: a host is, move it to host_vars"),
        ("host_vars/customer_lotus.yml", "no host is called customer_lotus: a group is, move it to group_vars"),
        ("host_vars/hanoi_till_1.yml", "no host is called hanoi_till_1: did you mean host hanoi-till-1?"),
        ("host_vars/Hanoi-Till-1.json", "no host is called Hanoi-Till-1: did you mean host hanoi-till-1?"),
        ("host_vars/192.0.2.11.yml", "no host is called 192.0.2.11: it is the address of hanoi-till-1, rename it"),
        ("host_vars/till.exmple.com", "no host is called till.exmple.com: did you mean host till.example.com?"),
        ("host_vars/other.yml", "no host is called other: rename it, or move it away"),
        (
            "group_vars/customer_lotus.YML",
            "is not read: Ansible reads .yml, .yaml, .json and names without a suffix, rename it",
        ),
        (
            "group_vars/customer_lotus/vault.YML",
            "is not read: Ansible reads .yml, .yaml, .json and names without a suffix in this folder, rename it",
        ),
        (
            "group_vars/customer_lotus/secrets.d/vault.yml",
            "is not read: Ansible reads .yml, .yaml, .json and names without a suffix in this folder, rename it",
        ),
    ],
)
def test_a_file_that_is_not_read_is_named(name: str, said: str, read: Read) -> None:
    (warning,) = read({**FILES, name: VARIABLES}).warnings
    assert warning.startswith("/".join(name.split("/")[:2]))
    assert warning.endswith(said)


def test_of_two_files_for_one_group_the_second_is_not_read(read: Read) -> None:
    names = ("customer_lotus/a.yml", "customer_lotus.yml", "customer_lotus.json")
    inventory = read({**FILES, **{f"group_vars/{name}": f"iot_https_store: '{name[15:]}'" for name in names}})
    taken = "is not read, since Ansible takes customer_lotus for the group customer_lotus: merge the two"
    assert inventory.warnings == (f"group_vars/customer_lotus.json {taken}", f"group_vars/customer_lotus.yml {taken}")
    assert {each.desired.store for each in inventory.targets} == {"a.yml"}


def test_a_limit_does_not_make_files_of_others_strange(read: Read) -> None:
    assert read({**FILES, "host_vars/hanoi-till-1.yml": "{}"}, limit="till.example.com").warnings == ()


def test_sources_in_one_folder_are_told_once_and_host_lists_have_none(write: Write) -> None:
    folder = write({**FILES, "group_vars/atlas.yml": VARIABLES})
    sources = [str(folder / "1.yml"), str(folder / "2.yml"), ",".join(f"till-{each}" for each in range(200))]
    assert len(load(sources).warnings) == 1


def test_an_empty_file_is_read(read: Read) -> None:
    inventory = read({**FILES, "group_vars/customer_lotus.yml": ""})
    assert inventory.warnings == ()
    assert not any(each.desired.declares_something for each in inventory.targets)


def test_very_many_are_cut_short(read: Read) -> None:
    warnings = read({**FILES, **{f"host_vars/old-{each}.yml": "{}" for each in range(500)}}).warnings
    assert len(warnings) == 21
    assert warnings[-1] == "and further files of variables are not read"


def test_a_folder_that_cannot_be_listed_stops_nothing(write: Write) -> None:
    folder = write(FILES)
    (folder / "group_vars").symlink_to("group_vars")
    assert load([str(folder)]).warnings == ()
