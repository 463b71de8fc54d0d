"""Every kind of source that Ansible reads is read, and one that cannot be read is never left out silently."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.inventory import Inventory, InventoryError, load

from .conftest import Read, Write, target


def _names(inventory: Inventory) -> list[str]:
    return [each.name for each in inventory.targets]


def test_host_list_is_read() -> None:
    assert _names(load(["till-1,till-2"])) == ["till-1", "till-2"]
    assert _names(load(["till-1,"])) == ["till-1"]


def test_ini_file_is_read(write: Write) -> None:
    folder = write(
        {"hosts": "[hanoi]\ntill-1 ansible_host=192.0.2.1 ansible_port=2222\n[hanoi:vars]\nansible_user=pi\n"}
    )

    ssh = load([str(folder / "hosts")]).targets[0].ssh

    assert ssh is not None
    assert (ssh.host, ssh.port, ssh.user) == ("192.0.2.1", 2222, "pi")


def test_several_sources_add_up_and_the_last_one_wins(write: Write) -> None:
    folder = write(
        {
            "one/hosts.yml": "all: {hosts: {a: {iot_https_store: x}, b: {iot_https_store: x}}}",
            "two/hosts.yml": "all: {hosts: {c: , b: {iot_https_store: y}}}",
            "two/group_vars/all.yml": "iot_https_customer: lotus",
        }
    )

    inventory = load([str(folder / "one"), str(folder / "two")])

    assert _names(inventory) == ["a", "b", "c"]
    assert [each.desired.store for each in inventory.targets] == ["x", "y", None]
    assert {each.desired.customer for each in inventory.targets} == {"lotus"}


def test_directory_is_read_with_its_constructed_groups(read: Read) -> None:
    files = {
        "1.yml": "all: {hosts: {a: {image: ro}, b: {image: rw}}}",
        "2.yml": "plugin: constructed\nkeyed_groups: [{prefix: image, key: image}]\n",
        "group_vars/image_ro.yml": "iot_https_store: readonly",
        "README.md": "not an inventory",
        ".hidden.yml": "a: b: c",
    }

    assert _names(read(files)) == ["a", "b"]
    assert target(read(files, limit="image_ro"), "a").desired.store == "readonly"
    assert _names(read(files, limit="image_ro")) == ["a"]


def test_executable_in_a_directory_is_run(write: Write) -> None:
    folder = write({"boxes": '#!/bin/sh\necho \'{"hanoi": {"hosts": ["till-1"]}, "_meta": {"hostvars": {}}}\'\n'})
    (folder / "boxes").chmod(0o755)

    assert _names(load([str(folder)])) == ["till-1"]


def test_variables_of_the_folder_one_stands_in_are_none_of_the_inventorys(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({"hosts.yml": "all: {hosts: {a: }}"})
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars" / "all.yml").write_text("iot_https_typo: 1")
    monkeypatch.chdir(tmp_path)

    assert _names(load([str(folder)])) == ["a"]


def test_relative_source_and_place_of_a_problem(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write({"hosts.yml": "all:\n  hosts:\n    a: {iot_https_store: 5}\n"})
    monkeypatch.chdir(folder.parent)

    (said,) = load([folder.name]).invalid[0].problems

    assert said.endswith(f"({folder.name}/hosts.yml:3)")


def test_files_that_changed_are_read_again(write: Write) -> None:
    folder = str(write({"hosts.yml": "all: {hosts: {a: }}"}))
    assert load([folder]).targets[0].desired.store is None

    write({"host_vars/a.yml": "iot_https_store: hanoi"})

    assert load([folder]).targets[0].desired.store == "hanoi"


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"hosts.yml": "all:\n  hosts: {a: \n"}, "hosts.yml cannot be read as an inventory (*hosts.yml:3*"),
        ({"hosts.yml": "- a\n"}, "hosts.yml cannot be read as an inventory*: correct it or move it away"),
        ({"hosts.yml": "all:\n  hosts:\n\ta:\n"}, "hosts.yml has a tab at the start of line 3, where"),
        ({"hosts.ini": "[hanoi]\na b c\n"}, "hosts.ini cannot be read as an inventory: correct it"),
        ({"1.yml": "all: {hosts: {a: }}", "2.yml": "plugin: no_such\n"}, "2.yml cannot be read as an inventory"),
        (
            {"1.yml": "all: {hosts: {a: }}", "2.yml": "plugin: constructed\nstrict: true\nkeyed_groups: [{key: no}]\n"},
            "2.yml",
        ),
        ({"README.md": "x"}, "inventory holds no inventory: put one in it, or correct -i"),
        ({"hosts.yml": "all: {hosts: {}}"}, "no host in *inventory: add boxes, or correct -i"),
    ],
)
def test_source_that_cannot_be_read_is_an_error(read: Read, files: dict[str, str], problem: str) -> None:
    with pytest.raises(InventoryError) as told:
        read(files)

    (said,) = told.value.problems
    for part in problem.split("*"):
        assert part in said


def test_project_is_not_taken_for_its_inventory(read: Read) -> None:
    files = {"ansible.cfg": "", "playbooks/check.yml": "- hosts: all\n", "inventory/hosts.yml": "all: {hosts: {a: }}"}

    with pytest.raises(InventoryError) as told:
        read(files)

    (said,) = told.value.problems
    assert " is a project, not an inventory: use -i " in said
    assert said.endswith("/inventory")


def test_all_sources_that_cannot_be_read_are_told_at_once(read: Read) -> None:
    with pytest.raises(InventoryError) as told:
        read({"1.yml": "a: b: c", "2.yml": "all: {hosts: {a: }}", "3.yml": "a: b: c"})

    assert [problem.split(" ", 1)[0].rpartition("/")[2] for problem in told.value.problems] == ["1.yml", "3.yml"]


def test_script_that_fails_is_an_error(write: Write) -> None:
    folder = write({"boxes": "#!/bin/sh\necho hunter2 >&2\nexit 1\n"})
    (folder / "boxes").chmod(0o755)

    with pytest.raises(InventoryError, match="boxes is executable, and as a script it gives no inventory") as told:
        load([str(folder)])

    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize("source", ["/no/such/inventory", "no-such-inventory"])
def test_source_that_does_not_exist_is_an_error(source: str) -> None:
    with pytest.raises(InventoryError, match=f"{source} does not exist: correct -i"):
        load([source])


def test_one_missing_source_of_two_is_an_error(write: Write) -> None:
    folder = write({"hosts.yml": "all: {hosts: {a: }}"})

    with pytest.raises(InventoryError, match="/no/such does not exist"):
        load([str(folder), "/no/such"])


def test_warning_of_ansible_is_kept_and_not_printed(read: Read, capfd: pytest.CaptureFixture[str]) -> None:
    files = {"hosts.yml": "all: {children: {bad-name: {hostz: {b: }, hosts: {a: }}}}"}

    inventory = read(files, limit="bad-name")

    assert len(inventory.warnings) == 1
    assert "hostz" in inventory.warnings[0]
    assert capfd.readouterr() == ("", "")
