"""`--limit` is Ansible's own, except that a limit which names nothing is never every box."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reconciler.inventory import InventoryError

from .conftest import Read

FILES = {
    "hosts.yml": """\
        all:
          children:
            hanoi: {hosts: {hanoi-1: , hanoi-2: , hanoi-3: }}
            hue: {hosts: {hue-1: , hue-2: }}
            new: {hosts: {hanoi-2: , hue-2: }}
        """
}


@pytest.mark.parametrize(
    ("limit", "names"),
    [
        (None, ["hanoi-1", "hanoi-2", "hanoi-3", "hue-1", "hue-2"]),
        ("all", ["hanoi-1", "hanoi-2", "hanoi-3", "hue-1", "hue-2"]),
        ("hanoi", ["hanoi-1", "hanoi-2", "hanoi-3"]),
        ("hue-1", ["hue-1"]),
        ("hue-1,hanoi-1", ["hanoi-1", "hue-1"]),
        ("hue:hanoi-1", ["hanoi-1", "hue-1", "hue-2"]),
        ("hanoi:&new", ["hanoi-2"]),
        ("hanoi:!new", ["hanoi-1", "hanoi-3"]),
        ("!hanoi", ["hue-1", "hue-2"]),
        ("*-1", ["hanoi-1", "hue-1"]),
        ("~h.*-[23]", ["hanoi-2", "hanoi-3", "hue-2"]),
        ("hanoi[0]", ["hanoi-1"]),
        ("hanoi[1:2]", ["hanoi-2", "hanoi-3"]),
    ],
)
def test_pattern_selects_in_the_order_of_the_inventory(read: Read, limit: str | None, names: list[str]) -> None:
    inventory = read(FILES, limit=limit)

    assert [each.name for each in inventory.targets] == names
    assert inventory.size == 5
    assert inventory.warnings == ()


@pytest.mark.parametrize(
    ("patterns", "limit", "names"),
    [
        (["hue-1", "hanoi-1"], None, ["hanoi-1", "hue-1"]),
        (["hanoi:!new", "hanoi-2"], None, ["hanoi-1", "hanoi-2", "hanoi-3"]),
        (["hanoi:&new", "hue"], None, ["hanoi-2", "hue-1", "hue-2"]),
        (["hanoi", "hanoi-1"], None, ["hanoi-1", "hanoi-2", "hanoi-3"]),
        (["hanoi", "hue"], "new", ["hanoi-2", "hue-2"]),
        (["!hanoi"], None, ["hue-1", "hue-2"]),
    ],
)
def test_patterns_select_the_boxes_of_each_of_them(
    read: Read, patterns: list[str], limit: str | None, names: list[str]
) -> None:
    assert [each.name for each in read(FILES, patterns=patterns, limit=limit).targets] == names


@pytest.mark.parametrize(
    ("patterns", "problem"),
    [
        (["hanoi-1", "nowhere"], "pattern nowhere matches none of the 5 hosts: ansible-inventory -i "),
        (["hanoi-1", "haoni"], "pattern haoni matches none of the 5 hosts: did you mean hanoi?"),
        (["hanoi-9"], "pattern hanoi-9 matches none of the 5 hosts: did you mean hanoi-1, hanoi-2 or hanoi-3?"),
        (["hanoi", "!new"], "pattern !new belongs to another one: write 'hanoi:!new' as one word"),
        (["&new", "hanoi"], "pattern &new belongs to another one: write 'hanoi:&new' as one word"),
        (["hanoi-1", ""], "pattern '' names nothing"),
    ],
)
def test_a_pattern_of_several_that_cannot_be_meant_is_refused(read: Read, patterns: list[str], problem: str) -> None:
    with pytest.raises(InventoryError, match=re.escape(problem)):
        read(FILES, patterns=patterns)


@pytest.mark.parametrize("pattern", ["lotus", "lotos"])
def test_a_customer_is_asked_about_by_its_group(read: Read, pattern: str) -> None:
    """Whoever looks after customers types their names."""
    files = {"boxes.yml": "customer_lotus: {hosts: {a: {iot_https_customer: lotus}, b: {iot_https_customer: lotus}}}\n"}
    with pytest.raises(InventoryError, match=f"pattern {pattern} matches none .*: did you mean customer_lotus\\?"):
        read(files, patterns=[pattern])


def test_patterns_without_a_host_of_the_limit_are_refused(read: Read) -> None:
    with pytest.raises(InventoryError, match="--limit hue and pattern hanoi-1 hanoi-2 match no host in common"):
        read(FILES, patterns=["hanoi-1", "hanoi-2"], limit="hue")


def test_file_of_hosts_selects(read: Read, tmp_path: Path) -> None:
    (tmp_path / "failed").write_text("hue-1\n\nhanoi-3\n")

    assert [each.name for each in read(FILES, limit=f"@{tmp_path}/failed").targets] == ["hanoi-3", "hue-1"]


@pytest.mark.parametrize("limit", ["", " ", ",", ", ,"])
def test_limit_that_names_nothing_is_refused(read: Read, limit: str) -> None:
    with pytest.raises(InventoryError, match="names nothing: name hosts or groups, or leave it out for all"):
        read(FILES, limit=limit)


@pytest.mark.parametrize("content", ["", "\n", " \n\n"])
def test_file_that_names_nothing_is_refused(read: Read, tmp_path: Path, content: str) -> None:
    (tmp_path / "failed").write_text(content)

    with pytest.raises(InventoryError, match="failed names nothing"):
        read(FILES, limit=f"@{tmp_path}/failed")


@pytest.mark.parametrize("limit", ["nowhere", "hanoi:&hue", "!all"])
def test_limit_that_matches_no_host_is_refused(read: Read, limit: str) -> None:
    said = f"--limit {limit} matches none of the 5 hosts: ansible-inventory -i .* --graph"
    with pytest.raises(InventoryError, match=said):
        read(FILES, limit=limit)


@pytest.mark.parametrize("name", ["hue-7", "nowhere"])
def test_one_box_is_no_plural_and_is_told_once(read: Read, name: str) -> None:
    with pytest.raises(InventoryError) as told:
        read({"hosts.yml": "all: {hosts: {hue-1: }}"}, limit=name)

    (said,) = told.value.problems
    assert said.startswith(f"--limit {name} does not match the only host: ")


def test_part_that_matches_nothing_is_a_warning(read: Read) -> None:
    inventory = read(FILES, limit="hue-1,hue-7")

    assert [each.name for each in inventory.targets] == ["hue-1"]
    assert inventory.warnings == ("no host and no group matches hue-7",)


@pytest.mark.parametrize(
    ("limit", "problem"),
    [
        ("@/no/file", "--limit @/no/file: the file cannot be read"),
        ("@/", "--limit @/: the file cannot be read"),
        ("~(", "--limit ~\\(: Invalid host list pattern: ~\\("),
        ("hanoi[7]", "--limit hanoi\\[7\\]: No hosts matched the subscripted pattern"),
    ],
)
def test_limit_that_cannot_be_read_is_refused(read: Read, limit: str, problem: str) -> None:
    with pytest.raises(InventoryError, match=problem):
        read(FILES, limit=limit)


def test_entry_outside_the_limit_is_not_judged(read: Read) -> None:
    files = {**FILES, "host_vars/hue-1.yml": "iot_https_typo: 1\nansible_port: x\n"}

    inventory = read(files, limit="hanoi")

    assert inventory.invalid == ()
    assert inventory.warnings == ()
