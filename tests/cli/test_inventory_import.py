"""`iot-https inventory import` shows what a list would add, adds it only if told to, and changes no box of before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.cli import main
from reconciler.inventory import lint, load

LIST = "customer,store,name,address,serial,port\nlotus,hue,hue-2,192.0.2.2,0002,\natlas,ghent,ghent-1,192.0.2.3,,2222\n"
KEYED = """\
plugin: ansible.builtin.constructed
strict: false
keyed_groups:
  - {prefix: customer, key: iot_https_customer}
  - {prefix: store, key: iot_https_customer ~ '__' ~ iot_https_store, parent_group: 'customer_{{ iot_https_customer }}'}
"""
BOX = "{ansible_host: 192.0.2.1, iot_https_customer: lotus, iot_https_store: hue, iot_https_serial: '0001'}"
KINDS: Mapping[str, Mapping[str, str]] = {
    "made by init": {"hosts.yml": f"---\nall:\n  hosts:\n    hue-1: {BOX}\n", "keyed_groups.yml": KEYED},
    "with groups of its own": {
        "hosts.yml": f"---\nall:\n  children:\n    customer_lotus:\n      children:\n        store_lotus__hue:\n"
        f"          hosts:\n            hue-1: {BOX}  # the first\n"
    },
    "in INI": {
        "hosts": "[store_lotus__hue]\nhue-1 ansible_host=192.0.2.1 iot_https_customer=lotus iot_https_store=hue\n"
        "[customer_lotus:children]\nstore_lotus__hue\n"
    },
}
SERVER = "iot_https_server_url: https://{}.example\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def write(files: Mapping[str, str], text: str = LIST) -> None:
    """Write an inventory into the folder `boxes`, and a list."""
    for name, content in {**files, "group_vars/customer_lotus.yml": SERVER.format("lotus")}.items():
        path = Path("boxes", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    Path("list.csv").write_text(text)


def texts() -> dict[str, str]:
    """Return every file of the inventory."""
    return {str(path): path.read_text() for path in sorted(Path("boxes").rglob("*")) if path.is_file()}


def run(*options: str) -> int:
    """Import the list."""
    return main(["inventory", "import", "list.csv", "-i", "boxes", *options])


@pytest.mark.parametrize("kind", KINDS)
def test_a_diff_comes_first_and_write_writes_it(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(KINDS[kind])
    before = texts()
    assert run() == 0
    shown = capsys.readouterr()
    assert texts() == before
    assert "hue-2" in shown.out
    assert "2 boxes to add, nothing was written: pass --write" in shown.err
    assert run("--write") == 0
    assert capsys.readouterr().out == shown.out
    assert all(line in "".join(texts().values()).splitlines() for text in before.values() for line in text.splitlines())
    Path("boxes/group_vars/customer_atlas.yml").write_text(SERVER.format("atlas"))
    inventory = load(["boxes"])
    boxes = {each.name: each.desired for each in inventory.targets}
    hosts = {each.name: each.ssh.host for each in inventory.targets if each.ssh is not None}
    there = {name: (each.customer, each.store, hosts[name]) for name, each in boxes.items()}
    assert there == {
        "hue-1": ("lotus", "hue", "192.0.2.1"),
        "hue-2": ("lotus", "hue", "192.0.2.2"),
        "ghent-1": ("atlas", "ghent", "192.0.2.3"),
    }
    assert boxes["hue-2"].server_url == "https://lotus.example"
    assert [flaw for flaw in lint(["boxes"]).flaws if flaw.level == "error"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_time_nothing_changes(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(KINDS[kind])
    assert run("--write") == 0
    before = texts()
    capsys.readouterr()
    assert run("--write") == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "2 boxes in the inventory already, as the list has them" in shown.err
    assert texts() == before


THERE = {
    "a box that is there": (
        "lotus,hue,hue-1,192.0.2.99",
        "hue-1 is in the inventory already, with another ansible_host: rename it here, or change the inventory by hand",
    ),
    "a serial number that is there": (
        "lotus,hue,hue-9,192.0.2.99,0001",
        "serial is that of hue-1 in the inventory: correct one of them",
    ),
    "an address that is there": (
        "lotus,hue,hue-9,192.0.2.1",
        "address is that of hue-1 in the inventory: correct one of them",
    ),
}


@pytest.mark.parametrize(("row", "said"), THERE.values(), ids=THERE)
def test_what_contradicts_the_inventory_is_told_and_nothing_is_written(
    row: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(KINDS["made by init"], f"{LIST}{row}\n")
    before = texts()
    assert run("--write") == 1
    shown = capsys.readouterr()
    assert shown.err == f"iot-https: list.csv:4: {said}\n"
    assert shown.out == ""
    assert texts() == before


def test_a_customer_that_looks_like_one_that_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    write(KINDS["made by init"], "customer,name,address\nLotus,hue-9,192.0.2.99\n")
    assert run("--write") == 1
    assert capsys.readouterr().err == (
        "iot-https: list.csv:2: customer Lotus and lotus of the inventory look alike or come to one group: "
        "write them the same way, or rename one\n"
    )


def test_all_of_it_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    write(KINDS["with groups of its own"], LIST + "".join(f"{row}\n" for row, _ in THERE.values()))
    assert run("--write") == 1
    said = capsys.readouterr().err.splitlines()
    assert said == ["iot-https: list.csv:5: address 192.0.2.99 is that of line 4, too: correct one", *said[1:]]
    assert len(said) > 1


def test_columns_of_no_use_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    write(KINDS["made by init"], "customer,name,address,Phone\nlotus,hue-2,192.0.2.2,1\n")
    assert run() == 0
    assert "warning: list.csv: of no use here: Phone\n" in capsys.readouterr().err


def test_a_file_of_hosts_in_ini_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    write(KINDS["in INI"])
    before = texts()["boxes/hosts"]
    assert main(["inventory", "import", "list.csv", "-i", "boxes/hosts", "--write"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert texts()["boxes/hosts"] == before
