"""A scenario says which fleet there is; what it does not say well is named by file, place and way out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from iotbox_simulator.machine.authority import Mode
from iotbox_simulator.scenario import FAULT_NAMES, BadScenario, Scenario, load, of_the_demo
from iotbox_simulator.ssh import SshFault
from reconciler.results.fleet import BoxState

CUSTOMERS = "customers: {bakery: {server_url: https://bakery.example, db_uuid: u, enterprise_code: M1}}\n"
BOX = "customer: bakery, store: hanoi, kind: ro_ini"
WINDOWS = "customer: bakery, store: hanoi, kind: windows_17"


def read(tmp_path: Path, text: str) -> Scenario:
    path = tmp_path / "fleet.yml"
    path.write_text(text)
    return load(path)


def test_what_a_scenario_says(tmp_path: Path) -> None:
    text = f"{CUSTOMERS}resolvers: [9.9.9.9]\nauthority: 503\nboxes:\n  one: {{{BOX}}}\n"
    more = f"  two: {{{BOX}, faults: [expired, stalls], ends: unreachable}}\n"
    scenario = read(tmp_path, text + more)
    assert (scenario.resolvers, scenario.authority) == (("9.9.9.9",), 503)
    one, two = scenario.boxes
    assert (one.name, one.store, one.kind, one.faults, one.ends) == ("one", "hanoi", "ro_ini", (), BoxState.IN_SYNC)
    assert one.customer == two.customer
    assert one.customer.server_url == "https://bakery.example"
    assert (two.faults, two.ssh_faults) == (("expired", "stalls"), (SshFault.STALLS,))
    assert two.ends is BoxState.UNREACHABLE


def test_who_is_reached_by_the_homepage(tmp_path: Path) -> None:
    text = f"{CUSTOMERS}boxes:\n  one: {{{BOX}}}\n  two: {{{BOX}, faults: [no_ssh]}}\n  three: {{{WINDOWS}}}\n"
    one, two, three = read(tmp_path, text).boxes
    assert [one.is_by_homepage, two.is_by_homepage, three.is_by_homepage] == [False, True, True]
    assert [one.windows_branch, three.windows_branch] == [None, "17.0"]
    assert two.ssh_faults == ()


def test_the_demo_has_what_the_readme_says() -> None:
    boxes = of_the_demo().boxes
    assert len(boxes) == 12
    assert len({box.customer for box in boxes}) == 2
    assert len({box.store for box in boxes}) == 3
    assert len({(box.customer, box.store) for box in boxes}) == 4
    assert len({fault for box in boxes for fault in box.faults}) >= 10


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a mapping is expected, such as boxes"),
        ("- 1", "a mapping is expected"),
        ("a: [", "line 1, column 5: not YAML"),
        ("\x00", "not YAML"),
        ("[" * 2000, "not YAML that can be read"),
        ("boxes: {}", "customers is missing"),
        (f"{CUSTOMERS}boxes:\n  one: {{{BOX}}}\n  one: {{{BOX}}}", "line 4: one stands there twice"),
        (f"{CUSTOMERS}boxes: &b {{again: *b}}", "again: again is not known here"),
        (CUSTOMERS, "boxes is missing"),
        (f"{CUSTOMERS}boxes: {{}}", "boxes: give at least one box"),
        (f"{CUSTOMERS}boxes: [1]", "boxes: give a mapping"),
        (f"{CUSTOMERS}boxes: {{1: x}}", "boxes: give a mapping"),
        (
            f"{CUSTOMERS}boxen: {{}}\nboxes: {{}}",
            "boxen is not known here: did you mean boxes?",
        ),
        ("customers: {b: {server_url: x}}\nboxes: {}", "is missing"),
        ("customers: {b: {server_url: 1, db_uuid: u, enterprise_code: c}}\nboxes: {}", "server_url: give a text"),
        (f"{CUSTOMERS}boxes: {{one: {{customer: bakery, store: s}}}}", "boxes: one: kind is missing"),
        (f"{CUSTOMERS}boxes: {{one: {{customer: b, store: s, kind: ro_ini}}}}", "customer: give one of bakery"),
        (f"{CUSTOMERS}boxes: {{one: {{customer: bakery, store: s, kind: x}}}}", "kind: give one of ro_flat, ro_ini"),
        (f"{CUSTOMERS}boxes: {{one: {{{BOX}, faults: fresh}}}}", "faults: give a list of texts"),
        (f"{CUSTOMERS}boxes: {{one: {{{BOX}, faults: [rusty]}}}}", "faults: give one of"),
        (f"{CUSTOMERS}boxes: {{one: {{{BOX}, faults: [[]]}}}}", "faults: give a text"),
        (
            f"{CUSTOMERS}boxes: {{one: {{{BOX}, ends: well}}}}",
            "ends: give one of differs, in_sync, in_sync_as_seen, unreachable",
        ),
        (
            f"{CUSTOMERS}boxes: {{one: {{{WINDOWS}, faults: [mixed]}}}}",
            "faults: give a Windows box only what",
        ),
        (f"{CUSTOMERS}boxes: {{one: {{{WINDOWS}, faults: [stalls]}}}}", "faults: give a Windows box only what"),
        (f"{CUSTOMERS}boxes: {{one: {{{WINDOWS}, faults: [no_ssh]}}}}", "faults: give a Windows box only what"),
        (f"{CUSTOMERS}authority: lazy\nboxes: {{one: {{{BOX}}}}}", "authority: give an HTTP status, or one of captive"),
        (f"{CUSTOMERS}authority: 42\nboxes: {{one: {{{BOX}}}}}", "authority: give an HTTP status"),
        (f"{CUSTOMERS}authority: true\nboxes: {{one: {{{BOX}}}}}", "authority: give an HTTP status"),
        (f"{CUSTOMERS}authority: [ok]\nboxes: {{one: {{{BOX}}}}}", "authority: give an HTTP status"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadScenario) as refused:
        read(tmp_path, text)
    message = str(refused.value)
    assert message.startswith(f"{tmp_path}/fleet.yml: ")
    assert said in message
    assert "\n" not in message


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadScenario, match=r"nowhere\.yml: No such file; give another, or one of certificates, demo"):
        load(tmp_path / "nowhere.yml")


def test_every_name_is_in_the_docs(tmp_path: Path) -> None:
    docs = (Path(__file__).parents[2] / "docs/simulator.md").read_text()
    assert [name for name in sorted(FAULT_NAMES) if f"`{name}`" not in docs] == []
    assert [name for name in get_args(Mode) if f"`{name}`" not in docs] == []
    example = re.search(r"```yaml\n(.*?)```", docs, re.DOTALL)
    assert example
    assert [box.name for box in read(tmp_path, example[1]).boxes] == ["paris-till"]
